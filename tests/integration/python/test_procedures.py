"""callproc() and nextset(): parameters of every mode, return values, one result set after another."""

import datetime
import decimal
import uuid

import pytest

import irislink


@pytest.fixture(autouse=True, scope="module")
def procedures(make_procedures):
    make_procedures(
        "PyT",
        "PyS",
        "One(in low integer, out most integer) begin set most = (select max(N) from T); select N, V from T where N >= low order by N; end",
        "Types(inout d date, inout t time, inout m timestamp, inout b varbinary(10), inout f double, inout i bigint, inout g uniqueidentifier, inout n integer) "
        "begin set n = null; end",
        "Fine(in n integer, out t timestamp) dynamic result sets begin set t = '2024-01-02 03:04:05.123456789'; select N from T; select V from T; end",
        "Fail() begin insert into T values (1, repeat('x', 30)); end",
    )


def test_what_comes_out(db):
    cursor = db.cursor()
    given = [7, decimal.Decimal("1.25"), None]
    assert cursor.callproc("PyS.Mix", given) == [7, decimal.Decimal("8.25"), "got 7"]
    assert given == [7, decimal.Decimal("1.25"), None], "the input is left alone"
    assert cursor.return_value == 14
    assert cursor.description is None and cursor.rowcount == 0
    with pytest.raises(irislink.ProgrammingError):
        cursor.fetchone()
    assert cursor.nextset() is None
    # What only comes out may be left out.
    assert cursor.callproc("PyS.Mix", (7, 3)) == [7, decimal.Decimal("10.00"), "got 7"]
    assert cursor.callproc('"PyS"."Mix"', (1,)) == [1, None, "got 1"]
    assert cursor.execute("select 1").return_value is None


def test_what_goes_in_stays_what_it_is(db):
    class Seven(int):
        pass

    seven = Seven(7)
    assert db.cursor().callproc("PyS.Mix", (seven, 0, ""))[0] is seven


def test_calls_with_marks(db):
    cursor = db.cursor()
    assert cursor.callproc("{call PyS.Mix(?, ?, ?)}", (7, 3)) == [7, 10, "got 7"]
    assert cursor.return_value == 14
    assert cursor.callproc("{? = call PyS.Mix(?, ?, ?)}", (7, 3)) == [14, 7, 10, "got 7"]
    assert cursor.callproc(" {?=CALL PyS.Mix(?, 1.5, ?)} ; ", (7,)) == [14, 7, "got 7"]
    assert cursor.callproc("call PyS.Mix(2, ?)", [3]) == [5]
    assert cursor.callproc("{call PyS.Mix}") == []
    assert cursor.callproc("{call PyS.Mix(:a, :b)}", {"b": 3, "a": 7}) == [7, 10]
    with pytest.raises(irislink.ProgrammingError, match="order"):
        cursor.callproc("PyS.Mix", {"b": 3, "a": 7})


def test_changes_and_defaults(connect):
    db = connect()
    cursor = db.cursor()
    cursor.callproc("PyS.Put", [100])
    assert cursor.rowcount == 1
    cursor.callproc("PyS.Put", [101, None])
    cursor.callproc("{call PyS.Put(?, DEFAULT)}", [102])
    assert db.execute("select V from PyT where N >= 100 order by N").fetchall() == [("none",), (None,), ("none",)]
    db.rollback()
    assert db.execute("select count(*) from PyT").fetchone() == (4,)


def test_one_result_set(db):
    cursor = db.cursor()
    assert cursor.callproc("PyS.One", (3,)) == [3, 4]
    assert [each[0] for each in cursor.description] == ["N", "V"] and cursor.rowcount == -1
    assert cursor.fetchall() == [(3, "row 3"), (4, "row 4")]
    assert cursor.nextset() is None and cursor.nextset() is None
    assert cursor.description is None
    with pytest.raises(irislink.ProgrammingError):
        cursor.fetchall()
    assert list(db.execute("{call PyS.One(?)}", (4,))) == [(4, "row 4")]
    assert list(db.execute("call PyS.One(:low)", {"low": 4})) == [(4, "row 4")]
    assert list(db.execute("{call PyS.One(9, ?)}")) == []


def test_several_result_sets(db):
    cursor = db.cursor()
    assert cursor.callproc("PyS.Several", (3,)) == [3, 2]
    assert cursor.fetchone() == (1,)
    assert cursor.nextset() is True
    assert [each[0] for each in cursor.description] == ["V", "N"]
    assert cursor.rownumber == 0 and cursor.fetchall() == [("row 3", 3), ("row 4", 4)]
    assert cursor.nextset() is None
    # Sets that nobody reads, in part or at all.
    for reads in range(3):
        cursor.callproc("PyS.Several", (3,))
        cursor.fetchmany(reads)
        assert db.execute("select count(*) from PyT").fetchone() == (4,)
    assert cursor.nextset() is True
    cursor.close()
    assert db.execute("select 1").fetchone() == (1,)


def test_many_rows_and_two_calls_at_once(db):
    first, second = db.cursor(), db.cursor()
    first.callproc("PyS.Many", [1])
    second.callproc("PyS.Many", [2])
    assert first.fetchone() == (1, "abcdefghijklmnopqrstuvwxyz")
    assert len(second.fetchall()) == 4096
    assert sum(1 for _ in first) == 4095
    assert second.nextset() and second.fetchall() == [(2,)]
    assert first.nextset() and first.fetchall() == [(1,)]
    first.callproc("PyS.Many", [1])
    del first
    second.callproc("PyS.Many", [3])
    assert second.nextset() and second.fetchall() == [(3,)]


def test_rows_as_columns(db):
    cursor = db.cursor()
    cursor.callproc("PyS.Several", (3,))
    numbers = cursor.fetch_arrow_stream()
    assert [len(each) for each in numbers] == [2] and numbers.shape == [("N", "i")]
    cursor.callproc("PyS.Several", (3,))
    passed_over = cursor.fetch_arrow_stream()
    assert cursor.nextset()
    assert [each.objects(0) for each in cursor.fetch_arrow_stream()] == [["row 3", "row 4"]]
    with pytest.raises(irislink.ProgrammingError):
        next(passed_over)


def test_long_values_come_out_before_the_rows(db):
    cursor = db.cursor()
    assert cursor.callproc("PyS.Long", (200000,)) == [200000, "ä" * 200000]
    assert cursor.fetchall() == [(1,)]


def test_a_call_that_nobody_has_is_ended_on_the_server(sandbox, traced):
    keywords, requests = traced

    def ended():
        return requests(b"MR")

    with irislink.connect(sandbox.uri(), **keywords) as db:
        with pytest.raises(irislink.DataError, match="Column 't'"):
            db.cursor().callproc("PyS.Fine", [1])
        assert db.execute("select 1").fetchone() == (1,)
        assert ended() == 1, "its output cannot be read"
        cursor = db.cursor()
        cursor.callproc("PyS.Many", [1])
        rows = cursor.fetch_arrow_stream(1000)
        del cursor
        assert sum(len(each) for each in rows) == 4096 and ended() == 1, "its rows are there still"
        del rows
        assert db.execute("select 1").fetchone() == (1,)
        assert ended() == 2


def test_types(db):
    values = [
        datetime.date(1999, 12, 31),
        datetime.time(23, 59, 58),
        datetime.datetime(2024, 2, 29, 1, 2, 3, 456789),
        b"\0\xff",
        0.1,
        -(2**63),
        uuid.UUID(int=2**127 + 5),
    ]
    assert db.cursor().callproc("PyS.Types", [*values, 5]) == [*values, None]


def test_errors(connect):
    db = connect(autocommit=True)
    cursor = db.cursor()
    with pytest.raises(irislink.ProgrammingError):
        cursor.nextset()
    for text, values, state in (
        ("PyS.Nothing", (1,), "42000"),
        ("PyS.Put", (1, "a", 2), "07001"),
        ("{call PyS.Put(?)}", (1, "a"), "07002"),
        ("{? = call PyS.Put(?)}", (1,), "42000"),
        ("drop table PyT", (), "42000"),
        ("{call PyS.Put(? + 1)}", (1,), "42000"),
        ("PyS.Put", "ab", "07002"),
        ("PyS.Put", (2**64,), "22003"),
        ("PyS.Fail", (), None),
    ):
        with pytest.raises(irislink.Error) as caught:
            cursor.callproc(text, values)
        assert state is None or caught.value.sqlstate == state, text
        assert cursor.description is None and cursor.return_value is None
    assert db.execute("select count(*) from PyT").fetchone() == (4,), "nothing of it was done"
    cursor.callproc("PyS.Several", (3,))
    db.close()
    for call in (cursor.nextset, cursor.fetchone, lambda: cursor.callproc("PyS.Mix")):
        with pytest.raises(irislink.InterfaceError):
            call()
    cursor.close()


def test_a_procedure_that_has_changed(db):
    cursor = db.cursor()
    db.execute("create procedure PyS.Turn(in a integer, out b integer) begin set b = a; end")
    assert cursor.callproc("PyS.Turn", [5]) == [5, 5]
    db.execute("create or replace procedure PyS.Turn(in a integer) begin select a + 1; end")
    assert cursor.callproc("PyS.Turn", [5]) == [5]
    assert cursor.fetchall() == [(6,)]


def test_without_a_statement_cache(connect):
    cursor = connect(statement_cache=0).cursor()
    for _ in range(3):
        assert cursor.callproc("PyS.Several", (3,)) == [3, 2]
        assert cursor.fetchall() == [(1,), (2,)]
