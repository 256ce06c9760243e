"""Type objects and constructors of PEP 249, and the isolation levels."""

from __future__ import annotations

import datetime
import enum
import time as _time

from . import _core


class TypeObject:
    """Equal to every type code (item 1 of a column's description) that it stands for."""

    __slots__ = ("codes", "name")

    def __init__(self, name, *codes):
        self.name = name
        self.codes = frozenset(codes)

    def __eq__(self, other):
        if isinstance(other, TypeObject):
            return self.codes == other.codes
        if isinstance(other, int):
            return other in self.codes
        return NotImplemented

    def __hash__(self):
        return hash(self.codes)

    def __repr__(self):
        return f"irislink.{self.name}"


STRING = TypeObject("STRING", 1, 12, -1, -8, -9, -10, 0)
BINARY = TypeObject("BINARY", -2, -3, -4)
NUMBER = TypeObject("NUMBER", -7, -6, -5, 2, 3, 4, 5, 6, 7, 8)
DATE = TypeObject("DATE", 91)
TIME = TypeObject("TIME", 92)
DATETIME = TypeObject("DATETIME", 91, 92, 93)
TIMESTAMP = TypeObject("TIMESTAMP", 93)
ROWID = TypeObject("ROWID", -5)
UUID = TypeObject("UUID", -11)

Date = datetime.date
Time = datetime.time
Timestamp = datetime.datetime
Binary = bytes


def DateFromTicks(ticks):
    """The local date of a time.time()."""
    return datetime.date(*_time.localtime(ticks)[:3])


def TimeFromTicks(ticks):
    """The local time of day of a time.time(), in whole seconds."""
    return datetime.time(*_time.localtime(ticks)[3:6])


def TimestampFromTicks(ticks):
    """The local date and time of a time.time(), in whole seconds."""
    return datetime.datetime(*_time.localtime(ticks)[:6])


def list_from(value, encoding=None):
    """The list that a $LIST value is: bytes, as a column of such values gives them, or a str of their characters up to U+00FF.

    Elements are None, int, Decimal, float and str. Nothing in it tells text, bytes and lists apart: `element.encode("latin-1")`
    are the bytes of one, `list_from(element)` is its list. NULL is the list without elements: None for None. Raises DataError
    for what is no list. ``encoding`` is the character set of an 8-bit server, as Python calls it ("cp1253"): of its texts, and of a
    value that comes as str; `element.encode(encoding)` are the bytes of an element then. The other way a list is a parameter like any value.
    """
    return _core.list_from(value, encoding)


class Isolation(enum.IntEnum):
    """Isolation levels, by the server's numbers."""

    READ_UNCOMMITTED = 1
    READ_COMMITTED = 2
    READ_VERIFIED = 32
