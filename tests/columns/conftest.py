"""The fixtures of tests/integration/python, with a table of every type."""

import datetime
import decimal
import importlib.util
import pathlib
import uuid

import pytest

_shared = pathlib.Path(__file__).parents[1] / "integration/python/conftest.py"
_spec = importlib.util.spec_from_file_location("python_fixtures", _shared)
_fixtures = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_fixtures)
sandbox, connect, db, table = _fixtures.sandbox, _fixtures.connect, _fixtures.db, _fixtures.table

COLUMNS = {
    "b": "bit",
    "t": "tinyint",
    "s": "smallint",
    "i": "integer",
    "g": "bigint",
    "n": "numeric(18,4)",
    "f": "double",
    "v": "varchar(100)",
    "x": "varbinary(100)",
    "d": "date",
    "tm": "time(6)",
    "ts": "timestamp(6)",
    "u": "uniqueidentifier",
    "l": "longvarchar",
    "lx": "longvarbinary",
}

ROWS = [
    (
        True, -128, 32767, -5, 2**62, decimal.Decimal("-123.4567"), 0.5, "Größe 🚀", b"\0\xff", datetime.date(1969, 12, 31),
        datetime.time(0, 0, 1, 500000), datetime.datetime(1970, 1, 1, 0, 0, 0, 1), uuid.UUID("00112233-4455-6677-8899-aabbccddeeff"),
        "long " * 1000, b"\xab" * 500,
    ),
    (None,) * len(COLUMNS),
    (
        False, 127, -32768, 2**31 - 1, -(2**63), decimal.Decimal("99999999999999.9999"), -1e300, "", b"", datetime.date(9999, 12, 31),
        datetime.time(23, 59, 59, 999999), datetime.datetime(9999, 12, 31, 23, 59, 59, 999999), uuid.UUID(int=2**128 - 1), "ж", b"\0",
    ),
]  # fmt: skip


@pytest.fixture
def every(db, table):
    """A table of every type with ROWS, and its number of parameters."""
    name = table("k integer, " + ", ".join(f"{label} {kind}" for label, kind in COLUMNS.items()))
    marks = ", ".join("?" * (len(COLUMNS) + 1))
    db.cursor().executemany(f"insert into {name} values ({marks})", [(k, *row) for k, row in enumerate(ROWS)])
    return name


@pytest.fixture
def select(db, every):
    """A cursor with the rows of that table."""
    every_column = ", ".join(COLUMNS)
    return lambda columns=every_column: db.execute(f"select {columns} from {every} order by k")
