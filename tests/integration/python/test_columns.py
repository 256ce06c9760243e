"""Columns without any library for them: the capsules, and tables that go from one cursor to another."""

import gc

import pytest

import irislink


@pytest.fixture
def numbers(db, table):
    name = table("k integer, v varchar(50)")
    db.cursor().executemany(f"insert into {name} values (?, ?)", [(i, None if i % 3 == 0 else f"text {i}") for i in range(1000)])
    return name


def test_a_stream_is_sent_to_another_table(db, table, numbers):
    copy = table("k integer, v varchar(50)")
    stream = db.execute(f"select k, v from {numbers} order by k").fetch_arrow_stream(1000, dictionary=["v"])
    cursor = db.cursor().executemany(f"insert into {copy} values (?, ?)", stream)
    assert cursor.rowcount == 1000
    rows = "select k, v from {} order by k"
    assert db.execute(rows.format(copy)).fetchall() == db.execute(rows.format(numbers)).fetchall()


def test_capsules(db, numbers):
    cursor = db.execute(f"select k, v from {numbers}")
    capsule = cursor.__arrow_c_stream__()
    assert type(capsule).__name__ == "PyCapsule" and '"arrow_array_stream"' in repr(capsule)
    del capsule
    batches = db.execute(f"select k, v from {numbers}").fetch_arrow_stream(1000)
    assert '"arrow_schema"' in repr(batches.__arrow_c_schema__())
    batch = next(batches)
    schema, array = batch.__arrow_c_array__()
    assert '"arrow_schema"' in repr(schema) and '"arrow_array"' in repr(array)
    with pytest.raises(irislink.Error, match="given away"):
        batch.__arrow_c_array__()
    del schema, array, batch, batches
    gc.collect()
    assert db.execute("select 1").fetchone() == (1,)


def test_batches_hold_all_rows(db, numbers):
    cursor = db.execute(f"select k, v from {numbers} order by k")
    assert cursor.fetchone()[0] == 0
    sizes = [len(batch) for batch in cursor.fetch_arrow_stream(1000)]
    assert sum(sizes) == 999 and len(sizes) > 5
    assert cursor.rownumber == 1000 and cursor.fetchone() is None


def test_the_end_of_result_and_connection(connect, db, numbers):
    cursor = db.execute(f"select k from {numbers}")
    batches = cursor.fetch_arrow_stream(100)
    next(batches)
    cursor.execute("select 1")
    with pytest.raises(irislink.ProgrammingError, match="24000"):
        next(batches)
    other = connect()
    batches = other.execute(f"select k from {numbers}").fetch_arrow_stream(100)
    next(batches)
    other.close()
    with pytest.raises(irislink.InterfaceError):
        next(batches)


def test_a_capsule_is_used_once(db, table, numbers):
    class Twice:
        capsule = db.execute(f"select k, v from {numbers}").__arrow_c_stream__()

        def __arrow_c_stream__(self, requested_schema=None):
            return self.capsule

    copy = table("k integer, v varchar(50)")
    db.cursor().executemany(f"insert into {copy} values (?, ?)", Twice())
    with pytest.raises(irislink.Error, match="used already"):
        db.cursor().executemany(f"insert into {copy} values (?, ?)", Twice())


def test_other_cursors_are_rows(db, table, numbers):
    copy = table("k integer, v varchar(50)")
    assert db.cursor().executemany(f"insert into {copy} values (?, ?)", db.execute(f"select k, v from {numbers}")).rowcount == 1000
