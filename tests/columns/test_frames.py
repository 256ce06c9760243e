"""NumPy, pandas and polars."""

import datetime
import decimal
import uuid

import numpy as np
import pandas as pd
import polars as pl
import pytest
from conftest import COLUMNS, ROWS

import irislink

DTYPES = {
    "b": "bool",
    "t": "int8",
    "s": "int16",
    "i": "int32",
    "g": "int64",
    "f": "float64",
    "d": "datetime64[D]",
    "tm": "timedelta64[us]",
    "ts": "datetime64[us]",
}


def test_numpy(select):
    columns = select().fetch_numpy()
    assert list(columns) == list(COLUMNS)
    for label, column in columns.items():
        assert column.dtype == DTYPES.get(label, "object"), label
        assert column.mask.tolist() == [False, True, False], label
    for label in ("b", "t", "s", "i", "g", "n", "f", "v", "x", "u", "l", "lx", "d", "ts"):
        expected = [row[list(COLUMNS).index(label)] for row in ROWS]
        assert columns[label].tolist() == expected, label
    assert columns["tm"][0] == np.timedelta64(1_500_000, "us")
    assert type(columns["n"][0]) is decimal.Decimal and type(columns["u"][0]) is uuid.UUID


def test_numpy_over_batches_and_without_rows(db, table):
    name = table("k integer, b bit, v varchar(20)")
    db.cursor().executemany(f"insert into {name} values (?, ?, ?)", [(i, i % 2 == 0, None if i % 5 == 0 else f"v{i}") for i in range(3000)])
    columns = db.execute(f"select k, b, v from {name} order by k").fetch_numpy(1000)
    assert columns["k"].tolist() == list(range(3000))
    assert columns["b"].tolist() == [i % 2 == 0 for i in range(3000)]
    assert columns["v"].tolist() == [None if i % 5 == 0 else f"v{i}" for i in range(3000)]
    nothing = db.execute(f"select k, b, v from {name} where k < 0").fetch_numpy()
    assert {label: (len(column), column.dtype.kind) for label, column in nothing.items()} == {"k": (0, "i"), "b": (0, "b"), "v": (0, "O")}
    with pytest.raises(irislink.ProgrammingError, match="Two columns"):
        db.execute(f"select k, k from {name}").fetch_numpy()


def test_pandas(select):
    frame = select().fetch_pandas()
    expected = {"b": "boolean", "t": "Int8", "s": "Int16", "i": "Int32", "g": "Int64", "f": "Float64", "v": "string", "l": "string", "d": "object",
                "tm": "timedelta64[us]", "ts": "datetime64[us]", "n": "object", "x": "object", "u": "object", "lx": "object"}  # fmt: skip
    assert {label: str(kind) for label, kind in frame.dtypes.items()} == expected
    assert frame.isna().all(axis=1).tolist() == [False, True, False]
    assert frame["g"].tolist()[2] == -(2**63)
    assert frame["d"][2] == datetime.date(9999, 12, 31)
    assert frame["n"][0] == decimal.Decimal("-123.4567")
    assert frame["ts"][2] == pd.Timestamp("9999-12-31 23:59:59.999999")
    assert frame["v"].tolist()[0] == "Größe 🚀" and frame["v"].tolist()[2] == ""


def test_pandas_with_arrow_types(select):
    frame = select("k, n, ts").fetch_pandas(dtype_backend="pyarrow")
    assert [str(kind) for kind in frame.dtypes] == ["int32[pyarrow]", "decimal128(18, 4)[pyarrow]", "timestamp[us][pyarrow]"]
    with pytest.raises(irislink.Error, match="dtype_backend"):
        select("k").fetch_pandas(dtype_backend="lists")


def test_pandas_with_two_columns_of_one_name(db, every):
    frame = db.execute(f"select k, k from {every} order by k").fetch_pandas()
    assert list(frame.columns) == ["k", "k"] and frame.shape == (3, 2)


def test_polars(select):
    frame = select("k, " + ", ".join(label for label in COLUMNS if label != "u")).fetch_polars()
    assert frame["k"].dtype == pl.Int32 and frame["n"].dtype == pl.Decimal(18, 4) and frame["ts"].dtype == pl.Datetime("us")
    assert frame["v"].to_list() == ["Größe 🚀", None, ""]
    assert frame["d"].to_list()[2] == datetime.date(9999, 12, 31)
    words = select("v").fetch_polars(dictionary=True)
    assert words["v"].dtype == pl.Categorical
    assert select("u").fetch_polars()["u"].to_list()[0] == ROWS[0][12].bytes


def test_frames_as_parameters(db, table):
    name = table("k integer, v varchar(50), n numeric(12,2), m timestamp(6)")
    moment = datetime.datetime(2024, 2, 29, 12, 0, 0, 5)
    frame = pl.DataFrame({"k": [1, 2], "v": ["a", None], "n": [decimal.Decimal("1.25"), None], "m": [moment, None]})
    db.cursor().executemany(f"insert into {name} values (?, ?, ?, ?)", frame)
    db.cursor().executemany(f"insert into {name} values (?, ?, ?, ?)", pd.DataFrame({"k": [3], "v": ["b"], "n": [0.5], "m": [pd.Timestamp(moment)]}))
    assert db.execute(f"select * from {name} order by k").fetchall() == [
        (1, "a", decimal.Decimal("1.25"), moment), (2, None, None, None), (3, "b", decimal.Decimal("0.50"), moment),
    ]  # fmt: skip


def test_numpy_as_parameters(db, table):
    name = table("a integer, b double, c varchar(20), d date, m timestamp(6), t time(6)")
    everything = np.array(
        [(1, 0.5, "x", "2024-02-29", "2024-02-29T12:00:00.000005", 3_600_000_001), (2, 1.5, "ж", "NaT", "NaT", "NaT")],
        dtype=[("a", "i4"), ("b", "f8"), ("c", "U20"), ("d", "M8[D]"), ("m", "M8[us]"), ("t", "m8[us]")],
    )
    db.cursor().executemany(f"insert into {name} values (?, ?, ?, ?, ?, ?)", everything)
    assert db.execute(f"select * from {name} order by a").fetchall() == [
        (1, 0.5, "x", datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 12, 0, 0, 5), datetime.time(1, 0, 0, 1)),
        (2, 1.5, "ж", None, None, None),
    ]
    db.cursor().executemany(f"insert into {name} (a, b) values (?, ?)", np.array([[3.0, 3.5], [4.0, 4.5]]))
    db.cursor().executemany(f"insert into {name} (a) values (?)", np.arange(5, 8))
    db.cursor().executemany(f"insert into {name} (a) values (?)", np.ma.array([8, 9], mask=[False, True]))
    assert [row[0] for row in db.execute(f"select a from {name} order by a").fetchall()] == [None, 1, 2, 3, 4, 5, 6, 7, 8]
    db.cursor().executemany(f"insert into {name} (m) values (?)", np.array(["1677-09-22T00:00:00.000001"], "M8[ns]"))
    assert db.execute(f"select max(a), min(m) from {name}").fetchone()[1] == datetime.datetime(1677, 9, 22, 0, 0, 0, 1)


@pytest.mark.parametrize(
    "values, state",
    [
        (np.array(["2024-01-01T00:00:00.000000001"], "M8[ns]"), "22008"),
        (np.array(["10000-01-01"], "M8[us]"), "22007"),
        (np.array([86_400], "m8[s]"), "22007"),
        (np.array([1 + 2j]), "07006"),
        (np.zeros((2, 2, 2)), "07002"),
        (np.array([((1, 2),)], dtype=[("a", "i4", (2,))]), "07006"),
        (np.array([((1, 2),)], dtype=[("a", [("x", "i4"), ("y", "i4")])]), "07006"),
    ],
)
def test_numpy_that_is_refused(db, table, values, state):
    name = table("c varchar(50)")
    with pytest.raises(irislink.Error) as failed:
        db.cursor().executemany(f"insert into {name} values (?)", values)
    assert failed.value.sqlstate == state
    assert db.execute(f"select count(*) from {name}").fetchone() == (0,)


def test_moments_of_numpy_as_single_values(db, table):
    name = table("d date, m timestamp(6), t time(6)")
    rows = [
        (np.datetime64("2024-02-29"), np.datetime64("2024-02-29T12:00:00.000005"), np.timedelta64(3_600_000_001, "us")),
        (np.datetime64("NaT"), np.datetime64("NaT", "us"), np.timedelta64("NaT")),
    ]
    stored = (datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 12, 0, 0, 5), datetime.time(1, 0, 0, 1))
    db.execute(f"insert into {name} values (?, ?, ?)", rows[0])
    db.cursor().executemany(f"insert into {name} values (?, ?, ?)", rows)
    assert db.execute(f"select * from {name}").fetchall() == [stored, stored, (None,) * 3]
    for wrong, state in (
        (np.datetime64("2024-01-01T00:00:00.000000001", "ns"), "22008"),
        (np.datetime64("10000-01-01", "us"), "22007"),
        (np.timedelta64(1, "D"), "22007"),
        (np.timedelta64(5), "07006"),
        ([np.datetime64("2024-02-29")], "22018"),
        ([np.timedelta64(5, "s")], "22018"),
    ):
        for send in (lambda v: db.execute("select ?", [v]), lambda v: db.cursor().executemany(f"delete from {name} where m = ?", [(v,)])):
            with pytest.raises(irislink.Error) as failed:
                send(wrong)
            assert failed.value.sqlstate == state, wrong
    assert failed.value.row == 1


def test_arrays_of_numpy_as_single_values(db, table):
    name = table("k integer, b varbinary(20)")
    data = np.array([1, 2], "u1")
    db.execute(f"insert into {name} values (?, ?)", (np.array(1), data))
    cursor = db.cursor().executemany(f"insert into {name} values (?, ?)", [(2, data), (3, [data])])
    assert [row[1] for row in cursor.execute(f"select k, b from {name} order by k")] == [b"\1\2", b"\1\2", b"\4\1\1\2"]
    for wrong in (np.array(1.5), np.array([1, 2]), [np.array([1, 2])], np.array(["2024-02-29"], "M8[D]"), data[::-1], np.array([None])):
        with pytest.raises(irislink.DataError) as failed:
            db.execute("select ?", (wrong,))
        assert failed.value.sqlstate == "22018", wrong
        with pytest.raises(irislink.DataError) as failed:
            cursor.executemany(f"update {name} set k = 0 where k = ? or b = ?", [(1, b""), (2, b""), (0, wrong)])
        assert failed.value.row == 3 and cursor.rowcount == 0


def test_integer_with_null_stays_exact(db, table):
    name = table("g bigint")
    db.cursor().executemany(f"insert into {name} values (?)", [(2**53 + 1,), (None,)])
    frame = db.execute(f"select g from {name}").fetch_pandas()
    assert 2**53 + 1 in frame["g"].tolist()
