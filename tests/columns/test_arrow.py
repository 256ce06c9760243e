"""Results as Arrow tables, batches and streams; Arrow tables as parameters."""

import datetime
import decimal

import pyarrow as pa
import pytest
from conftest import COLUMNS, ROWS

import irislink

TYPES = {
    "b": pa.bool_(),
    "t": pa.int8(),
    "s": pa.int16(),
    "i": pa.int32(),
    "g": pa.int64(),
    "n": pa.decimal128(18, 4),
    "f": pa.float64(),
    "v": pa.utf8(),
    "x": pa.binary(),
    "d": pa.date32(),
    "tm": pa.time64("us"),
    "ts": pa.timestamp("us"),
    "l": pa.large_utf8(),
    "lx": pa.large_binary(),
}


def plain(table):
    """The rows of a table as tuples; UUIDs as what they are."""
    return [tuple(row.values()) for row in table.to_pylist()]


def test_every_type(select):
    table = select().fetch_arrow_table()
    table.validate(full=True)
    for name, kind in TYPES.items():
        assert table.schema.field(name).type == kind, name
    assert table.schema.field("u").type in (pa.binary(16), getattr(pa, "uuid", lambda: None)())
    without = [name for name in COLUMNS if name != "u"]
    expected = [tuple(cell for name, cell in zip(COLUMNS, row) if name != "u") for row in ROWS]
    assert plain(table.select(without)) == expected
    ids = table["u"].combine_chunks()
    ids = ids.storage if hasattr(ids, "storage") else ids
    assert ids.to_pylist() == [ROWS[0][12].bytes, None, ROWS[2][12].bytes]


def test_batches_are_bounded_and_hold_all_rows(db, table):
    name = table("k integer, v varchar(50)")
    db.cursor().executemany(f"insert into {name} values (?, ?)", [(i, f"text {i % 7}") for i in range(5000)])
    batches = list(db.execute(f"select k, v from {name} order by k").fetch_arrow_batches(2000))
    assert len(batches) > 20
    assert all(0 < batch.num_rows <= 150 for batch in batches)
    assert pa.Table.from_batches(batches).to_pydict() == {"k": list(range(5000)), "v": [f"text {i % 7}" for i in range(5000)]}
    words = db.execute(f"select k, v from {name} order by k").fetch_arrow_table(2000, dictionary=["v"])
    words.validate(full=True)
    assert words.schema.field("v").type == pa.dictionary(pa.int32(), pa.utf8())
    assert words["v"].to_pylist() == [f"text {i % 7}" for i in range(5000)]
    assert words["v"].chunk(0).dictionary.to_pylist() == [f"text {i}" for i in range(7)]
    assert db.execute(f"select v from {name}").fetch_arrow_table(large_offsets=True).schema.field("v").type == pa.large_utf8()
    with pytest.raises(irislink.ProgrammingError, match="no column 'w'"):
        db.execute(f"select v from {name}").fetch_arrow_table(dictionary=["w"])


def test_the_rest_of_a_result(db, select):
    cursor = select("k")
    assert cursor.fetchone() == (0,)
    assert cursor.fetch_arrow_table().to_pydict() == {"k": [1, 2]}
    assert cursor.fetch_arrow_table().num_rows == 0
    assert cursor.fetchone() is None
    assert cursor.rownumber == 3


def test_no_rows(db, every):
    table = db.execute(f"select * from {every} where k < 0").fetch_arrow_table()
    assert table.num_rows == 0 and table.num_columns == len(COLUMNS) + 1


def test_a_value_that_does_not_fit(db, table):
    name = table("k integer, m timestamp")
    db.cursor().executemany(f"insert into {name} values (?, ?)", [(1, datetime.datetime(2024, 1, 1)), (2, datetime.datetime(9999, 12, 31))])
    with pytest.raises(irislink.DataError, match="Row 2, column 'm'") as failed:
        db.execute(f"select k, m from {name} order by k").fetch_arrow_table()
    assert failed.value.sqlstate == "22003" and failed.value.row == 2 and "unit" in failed.value.hint
    table = db.execute(f"select k, m from {name} order by k").fetch_arrow_table(timestamp_unit="us")
    assert table["m"].to_pylist() == [datetime.datetime(2024, 1, 1), datetime.datetime(9999, 12, 31)]
    with pytest.raises(irislink.Error, match="'years'"):
        db.execute(f"select m from {name}").fetch_arrow_table(timestamp_unit="years")


def test_the_stream_interface(db, select):
    assert pa.table(select("k, v")).to_pydict() == {"k": [0, 1, 2], "v": ["Größe 🚀", None, ""]}
    reader = pa.RecordBatchReader.from_stream(select("k").fetch_arrow_stream(1))
    assert [batch.num_rows for batch in reader] == [1, 1, 1]
    # A capsule that nobody takes.
    del reader
    capsule = select("k").__arrow_c_stream__()
    del capsule
    assert db.execute("select 1").fetchone() == (1,)


def test_a_stream_of_a_result_that_is_gone(db, select):
    cursor = select("k")
    reader = pa.RecordBatchReader.from_stream(cursor.fetch_arrow_stream(1))
    assert reader.read_next_batch().num_rows == 1
    cursor.execute("select 1")
    with pytest.raises(Exception, match="24000"):
        reader.read_next_batch()


def test_streams_outlive_cursor_and_connection_object(connect, every):
    stream = connect().cursor().execute(f"select k from {every} order by k").fetch_arrow_stream()
    assert pa.table(stream).to_pydict() == {"k": [0, 1, 2]}


def test_without_rows(db):
    with pytest.raises(irislink.ProgrammingError):
        db.cursor().fetch_arrow_table()


def test_tables_as_parameters(db, every, table, select):
    other = table("k integer, " + ", ".join(f"{label} {kind}" for label, kind in COLUMNS.items()))
    marks = ", ".join("?" * (len(COLUMNS) + 1))
    source = select("k, " + ", ".join(COLUMNS)).fetch_arrow_table()
    cursor = db.cursor().executemany(f"insert into {other} values ({marks})", source)
    assert cursor.rowcount == 3
    assert [row[1:] for row in db.execute(f"select * from {other} order by k").fetchall()] == ROWS
    # A batch, a sliced table, and a cursor of the module itself.
    db.cursor().executemany(f"insert into {other} (k) values (?)", pa.record_batch({"k": pa.array([10, 11])}))
    db.cursor().executemany(f"insert into {other} (k, v) values (?, ?)", source.select(["k", "v"]).slice(1, 2))
    assert db.execute(f"select count(*) from {other}").fetchone()[0] == 7
    db.cursor().executemany(f"insert into {other} (k) values (?)", db.execute(f"select k from {every}").fetch_arrow_stream())
    assert db.execute(f"select count(*) from {other}").fetchone()[0] == 10


@pytest.mark.parametrize(
    "column, kind, values",
    [
        ("g", pa.uint8(), [0, 255, None]),
        ("g", pa.uint64(), [2**63 - 1, None]),
        ("f", pa.float32(), [0.5, None]),
        ("n", pa.decimal128(38, 10), [decimal.Decimal("1.5000000000"), None]),
        ("v", pa.dictionary(pa.int8(), pa.utf8()), ["a", None, "a", "b"]),
        ("v", pa.large_utf8(), ["ж", None]),
        ("v", pa.string_view(), ["short", "longer than twelve bytes, so that it lies elsewhere", None, ""]),
        ("x", pa.binary(2), [b"\0\1", None]),
        ("x", pa.large_binary(), [b"\0\0", b"", None]),
        ("d", pa.date64(), [datetime.date(2024, 2, 29), None]),
        ("tm", pa.time32("s"), [datetime.time(23, 59, 59), None]),
        ("tm", pa.time32("ms"), [datetime.time(1, 2, 3, 4000), None]),
        ("ts", pa.timestamp("s"), [datetime.datetime(1, 1, 1), None]),
        ("ts", pa.timestamp("ns"), [datetime.datetime(1969, 12, 31, 23, 59, 59, 999999), None]),
        ("v", pa.null(), [None]),
    ],
)
def test_types_of_parameters(db, table, column, kind, values):
    name = table(f"k integer identity, c {COLUMNS[column]}")
    db.cursor().executemany(f"insert into {name} (c) values (?)", pa.table({"c": pa.array(values, kind)}))
    assert [row[0] for row in db.execute(f"select c from {name} order by k").fetchall()] == values


@pytest.mark.parametrize(
    "kind, values, state",
    [
        (pa.uint64(), [1, 2**63], "22003"),
        (pa.decimal128(38, 0), [decimal.Decimal(1), decimal.Decimal(10**30 + 1)], "22003"),
        (pa.timestamp("us", "UTC"), [datetime.datetime(2024, 1, 1)], "22008"),
        (pa.time64("us"), [datetime.time(0)], None),
        (pa.list_(pa.int8()), [[1]], "07006"),
    ],
)
def test_parameters_that_are_refused(db, table, kind, values, state):
    name = table("c varchar(50)")
    data = pa.table({"c": pa.array(values, kind)})
    if state is None:
        db.cursor().executemany(f"insert into {name} values (?)", data)
        return
    with pytest.raises(irislink.Error, match="'c'") as failed:
        db.cursor().executemany(f"insert into {name} values (?)", data)
    assert failed.value.sqlstate == state
    if len(values) > 1:
        assert failed.value.row == 2


def test_as_many_columns_as_marks(db, table):
    name = table("a integer, b integer")
    with pytest.raises(irislink.ProgrammingError, match="2 parameters, the Arrow data has 1 columns"):
        db.cursor().executemany(f"insert into {name} values (?, ?)", pa.table({"a": [1]}))


def test_many_rows_both_ways(db, table):
    name = table("k integer, v varchar(50), n numeric(12,2)")
    source = pa.table({
        "k": pa.array(range(50_000), pa.int32()),
        "v": [f"row {i}" if i % 3 else None for i in range(50_000)],
        "n": pa.array([decimal.Decimal(i) / 4 if i % 4 == 0 else None for i in range(50_000)], pa.decimal128(12, 2)),
    })  # fmt: skip
    assert db.cursor().executemany(f"insert into {name} values (?, ?, ?)", source).rowcount == 50_000
    assert db.execute(f"select k, v, n from {name} order by k").fetch_arrow_table().combine_chunks().equals(source.combine_chunks())
