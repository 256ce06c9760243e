"""irislink: the database module for InterSystems IRIS.

    import irislink

    with irislink.connect("iris://demo@localhost/USER", password="...") as db:
        for name, mass in db.execute("select Name, Mass from Planet where Mass < ?", [Decimal("1.5")]):
            print(name, mass)

PEP 249 as it stands; docs/python.md says what is beside it. Values keep their types both ways: '' is not NULL, and
what cannot be represented is a DataError, never a value that is nearly the same.
"""

from . import _core
from .connection import Connection, connect
from .cursor import Cursor, LongStream
from .exceptions import (
    DatabaseError,
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    Warning,
)
from .exceptions import make as _make
from .types import (
    BINARY,
    DATE,
    DATETIME,
    NUMBER,
    ROWID,
    STRING,
    TIME,
    TIMESTAMP,
    UUID,
    Binary,
    Date,
    DateFromTicks,
    Isolation,
    Time,
    TimeFromTicks,
    Timestamp,
    TimestampFromTicks,
    list_from,
)

_core.set_error_factory(_make)

apilevel = "2.0"
threadsafety = 2  # threads may share the module and connections
paramstyle = "qmark"
__version__ = _core.version

createConnection = connect  # the vendor's name for it

__all__ = [
    "BINARY",
    "DATE",
    "DATETIME",
    "NUMBER",
    "ROWID",
    "STRING",
    "TIME",
    "TIMESTAMP",
    "UUID",
    "Binary",
    "Connection",
    "Cursor",
    "DataError",
    "DatabaseError",
    "Date",
    "DateFromTicks",
    "Error",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "Isolation",
    "LongStream",
    "NotSupportedError",
    "OperationalError",
    "ProgrammingError",
    "Time",
    "TimeFromTicks",
    "Timestamp",
    "TimestampFromTicks",
    "Warning",
    "apilevel",
    "connect",
    "createConnection",
    "list_from",
    "paramstyle",
    "threadsafety",
]
