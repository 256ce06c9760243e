"""Types of IRIS as SQLAlchemy has them. What a column or an expression gives is told by the type code that comes with the
result: where it is the right one the values are passed on as they are; a parameter that is selected comes back as text,
a quotient as DOUBLE, and is then made what the statement says it is."""

from __future__ import annotations

import datetime
import decimal
import re
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import types

_UUID: Any = getattr(types, "Uuid", types.TypeEngine)  # since SQLAlchemy 2.0

# What a driver calls the type of a result's column: irislink a code, pyodbc a class.
_BIT = (-7, bool)
_INTEGERS = (-7, -6, 5, 4, -5, int, bool)
_DECIMAL = (2, 3, decimal.Decimal)
_DOUBLE = (6, 7, 8, float)
_DATE = (91, datetime.date)
_TIME = (92, datetime.time)
_TIMESTAMP = (93, datetime.datetime)
_GUID = (-11, uuid.UUID)


def _unless_null(convert):
    return lambda value: None if value is None else convert(value)


def _six_digits(text):
    """Fractions as the fromisoformat() of every Python takes them."""
    return re.sub(r"\.(\d+)", lambda found: "." + found.group(1).ljust(6, "0")[:6], text, count=1)


def _date_of(value):
    if isinstance(value, str):
        return datetime.date.fromisoformat(value[:10])
    return value.date() if isinstance(value, datetime.datetime) else value


def _time_of(value):
    if isinstance(value, str):
        return datetime.time.fromisoformat(_six_digits(value.rpartition(" ")[2]))
    return value.time() if isinstance(value, datetime.datetime) else value


def _timestamp_of(value):
    if isinstance(value, str):
        return datetime.datetime.fromisoformat(_six_digits(value))
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return datetime.datetime.combine(value, datetime.time())
    return value


def _integer_of(value):
    if isinstance(value, decimal.Decimal) and value != value.to_integral_value():
        return value
    return int(value)


def _decimal_of(value):
    return value if isinstance(value, decimal.Decimal) else decimal.Decimal(str(value))


class _Literal:
    """Values in the text of a statement."""

    _text: Callable[[Any], str]

    def literal_processor(self, dialect):
        return lambda value: f"'{self._text(value)}'"


class Date(_Literal, types.Date):
    _text = staticmethod(lambda value: _date_of(value).isoformat())

    def result_processor(self, dialect, coltype):
        return None if coltype in _DATE else _unless_null(_date_of)


class Time(_Literal, types.Time):
    _text = staticmethod(lambda value: _time_of(value).isoformat())

    def result_processor(self, dialect, coltype):
        return None if coltype in _TIME else _unless_null(_time_of)


class DateTime(_Literal, types.DateTime):
    _text = staticmethod(lambda value: _timestamp_of(value).isoformat(" "))

    def result_processor(self, dialect, coltype):
        return None if coltype in _TIMESTAMP else _unless_null(_timestamp_of)


class Integer(types.Integer):
    def result_processor(self, dialect, coltype):
        return None if coltype in _INTEGERS else _unless_null(_integer_of)


class Boolean(types.Boolean):
    def result_processor(self, dialect, coltype):
        return None if coltype in _BIT else _unless_null(lambda value: bool(int(value)))


class Numeric(types.Numeric):
    def result_processor(self, dialect, coltype):
        if self.asdecimal:
            return None if coltype in _DECIMAL else _unless_null(_decimal_of)
        return None if coltype in _DOUBLE else _unless_null(float)


class Float(types.Float):
    def result_processor(self, dialect, coltype):
        if self.asdecimal:
            return super().result_processor(dialect, coltype)
        return None if coltype in _DOUBLE else _unless_null(float)


class UUID(_UUID):
    """UNIQUEIDENTIFIER, for SQLAlchemy's Uuid (2.0 and newer); ``as_uuid=False`` gives and takes text. The server writes
    and compares it in capitals."""

    __visit_name__ = "UUID"
    cache_ok = True

    def __init__(self, as_uuid=True, **more):
        super().__init__(**({"as_uuid": as_uuid, **more} if _UUID is not types.TypeEngine else more))
        self.as_uuid = as_uuid

    @property
    def _as_text(self):
        return not getattr(self, "native_uuid", True)

    def bind_processor(self, dialect):
        if self._as_text:
            return super().bind_processor(dialect)
        return None if self.as_uuid else _unless_null(lambda value: str(uuid.UUID(value)).upper())

    def literal_processor(self, dialect):
        if self._as_text:
            return super().literal_processor(dialect)
        return lambda value: f"'{str(uuid.UUID(str(value))).upper()}'"

    def result_processor(self, dialect, coltype):
        if self._as_text:
            return super().result_processor(dialect, coltype)
        if self.as_uuid:
            return None if coltype in _GUID else _unless_null(lambda value: value if isinstance(value, uuid.UUID) else uuid.UUID(value))
        return _unless_null(lambda value: str(value).lower())


class TINYINT(types.Integer):
    """Eight bits."""

    __visit_name__ = "TINYINT"


class LONGVARCHAR(types.Text):
    """A stream of characters: of any length, and not to be compared or ordered by."""

    __visit_name__ = "LONGVARCHAR"


class LONGVARBINARY(types.LargeBinary):
    """A stream of bytes."""

    __visit_name__ = "LONGVARBINARY"


class UNIQUEIDENTIFIER(UUID):
    """A UUID, also for SQLAlchemy 1.4."""

    __visit_name__ = "UNIQUEIDENTIFIER"


COLSPECS = {
    types.Date: Date,
    types.Time: Time,
    types.DateTime: DateTime,
    types.Integer: Integer,
    types.Boolean: Boolean,
    types.Numeric: Numeric,
    types.Float: Float,
}
if _UUID is not types.TypeEngine:
    COLSPECS[_UUID] = UUID

# By DATA_TYPE of INFORMATION_SCHEMA.COLUMNS.
NAMES = {
    "bit": types.BOOLEAN,
    "tinyint": TINYINT,
    "smallint": types.SMALLINT,
    "integer": types.INTEGER,
    "bigint": types.BIGINT,
    "numeric": types.NUMERIC,
    "decimal": types.NUMERIC,
    "double": getattr(types, "DOUBLE", types.FLOAT),
    "char": types.CHAR,
    "varchar": types.VARCHAR,
    "longvarchar": LONGVARCHAR,
    "varbinary": types.VARBINARY,
    "longvarbinary": LONGVARBINARY,
    "date": types.DATE,
    "time": types.TIME,
    "timestamp": types.TIMESTAMP,
    "uniqueidentifier": UNIQUEIDENTIFIER,
}
