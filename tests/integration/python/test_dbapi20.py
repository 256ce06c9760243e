"""PEP 249 sentence by sentence."""

import datetime
import time

import pytest

import irislink


def test_module_globals():
    assert irislink.apilevel == "2.0"
    assert irislink.threadsafety == 2
    assert irislink.paramstyle == "qmark"


def test_exception_tree():
    assert issubclass(irislink.Warning, Exception) and not issubclass(irislink.Warning, irislink.Error)
    assert issubclass(irislink.InterfaceError, irislink.Error) and issubclass(irislink.DatabaseError, irislink.Error)
    for each in ("DataError", "OperationalError", "IntegrityError", "InternalError", "ProgrammingError", "NotSupportedError"):
        assert issubclass(getattr(irislink, each), irislink.DatabaseError)
        assert getattr(irislink.Connection, each) is getattr(irislink, each)


def test_type_objects_and_constructors(db):
    description = db.execute(
        "select cast('a' as varchar(10)), cast(1 as integer), cast('2024-01-01' as date), cast('2024-01-01 00:00:00' as timestamp), cast('x' as varbinary(5)), "
        "cast('01:02:03' as time)"
    ).description
    kinds = [irislink.STRING, irislink.NUMBER, irislink.DATE, irislink.TIMESTAMP, irislink.BINARY, irislink.TIME]
    for column, kind in zip(description, kinds):
        assert column[1] == kind and kind == column[1]
        assert sum(column[1] == other for other in kinds) == 1, column
    assert description[2][1] == irislink.DATETIME and description[3][1] == irislink.DATETIME
    assert irislink.NUMBER != irislink.STRING and len({irislink.NUMBER, irislink.STRING, irislink.NUMBER}) == 2
    assert irislink.Date(2002, 12, 25) == datetime.date(2002, 12, 25)
    assert irislink.Time(13, 45, 30) == datetime.time(13, 45, 30)
    assert irislink.Timestamp(2002, 12, 25, 13, 45, 30) == datetime.datetime(2002, 12, 25, 13, 45, 30)
    ticks = time.mktime((2002, 12, 25, 13, 45, 30, 0, 0, 0))
    assert irislink.DateFromTicks(ticks) == irislink.Date(2002, 12, 25)
    assert irislink.TimeFromTicks(ticks) == irislink.Time(13, 45, 30)
    assert irislink.TimestampFromTicks(ticks) == irislink.Timestamp(2002, 12, 25, 13, 45, 30)
    assert irislink.Binary(b"\0a") == b"\0a"


def test_description(db, table):
    name = table("n integer not null, d numeric(9,2), s varchar(40)")
    cursor = db.cursor()
    assert cursor.description is None
    cursor.execute(f"insert into {name} values (1, 2, 'x')")
    assert cursor.description is None, "no result set"
    cursor.execute(f"select n, d as amount, s from {name}")
    assert [each[0] for each in cursor.description] == ["n", "amount", "s"]
    assert all(len(each) == 7 for each in cursor.description)
    assert cursor.description[1][4:6] == (9, 2)
    assert cursor.description[2][2] == 40
    assert cursor.description[0][6] is False and cursor.description[2][6] is True


def test_rowcount(db, table):
    name = table("s varchar(10)")
    cursor = db.cursor()
    assert cursor.rowcount == -1
    cursor.execute(f"insert into {name} values ('a')")
    assert cursor.rowcount == 1
    cursor.executemany(f"insert into {name} values (?)", [("b",), ("c",)])
    assert cursor.rowcount == 2
    cursor.execute(f"update {name} set s = 'z'")
    assert cursor.rowcount == 3
    cursor.execute(f"delete from {name} where s = 'nowhere'")
    assert cursor.rowcount == 0
    cursor.execute(f"select s from {name}")
    assert cursor.rowcount == -1, "not known before the rows are fetched"


def test_fetching(db, table):
    name = table("n integer")
    cursor = db.cursor()
    for fetch in (cursor.fetchone, cursor.fetchmany, cursor.fetchall):
        with pytest.raises(irislink.Error):
            fetch()
    cursor.execute(f"insert into {name} values (0)")
    for fetch in (cursor.fetchone, cursor.fetchmany, cursor.fetchall):
        with pytest.raises(irislink.Error):
            fetch()
    cursor.execute(f"delete from {name}")
    cursor.execute(f"select n from {name}")
    assert cursor.fetchone() is None and cursor.fetchone() is None
    assert cursor.fetchmany() == [] and cursor.fetchall() == []
    cursor.executemany(f"insert into {name} values (?)", range(10))
    query = f"select n from {name} order by n"
    cursor.execute(query)
    assert cursor.arraysize == 1 and cursor.fetchmany() == [(0,)]
    assert cursor.fetchmany(3) == [(1,), (2,), (3,)]
    assert cursor.fetchone() == (4,)
    assert cursor.rownumber == 5
    cursor.arraysize = 4
    assert cursor.fetchmany() == [(5,), (6,), (7,), (8,)]
    assert cursor.fetchmany(0) == []
    assert cursor.fetchall() == [(9,)]
    assert cursor.fetchmany() == [] and cursor.fetchall() == [] and cursor.fetchone() is None
    with pytest.raises(irislink.ProgrammingError):
        cursor.fetchmany(-1)
    assert [n for (n,) in cursor.execute(query)] == list(range(10))
    assert next(cursor.execute(query)) == (0,)
    assert cursor.execute(query) is cursor, "execute() may be chained"


def test_scrolling_forward(db, table):
    name = table("n integer")
    cursor = db.cursor()
    with pytest.raises(irislink.ProgrammingError):
        cursor.scroll(1)
    cursor.executemany(f"insert into {name} values (?)", range(3000))
    cursor.execute(f"select n from {name} order by n")
    cursor.scroll(2)
    assert cursor.fetchone() == (2,)
    cursor.scroll(2500, mode="absolute")
    assert cursor.rownumber == 2500 and cursor.fetchone() == (2500,)
    cursor.scroll(0)
    assert cursor.fetchone() == (2501,)
    for value, mode in ((-1, "relative"), (7, "absolute")):
        with pytest.raises(irislink.NotSupportedError):
            cursor.scroll(value, mode)
    with pytest.raises(irislink.ProgrammingError):
        cursor.scroll(1, "sideways")
    assert cursor.fetchone() == (2502,), "nothing was passed over"
    with pytest.raises(IndexError):
        cursor.scroll(498)
    assert cursor.execute(f"select n from {name} where n < 2").scroll(2) is None
    assert cursor.fetchone() is None


def test_parameters(db, table):
    name = table("a integer, b varchar(20)")
    cursor = db.cursor()
    cursor.execute(f"insert into {name} values (?, ?)", (1, "eins"))
    cursor.execute(f"insert into {name} values (?, ?)", [2, "zwei"])
    cursor.execute(f"insert into {name} values (:a, :b) -- :c", {"b": "it's :b ?", "a": 3, "c": 0})
    cursor.execute(f"select b from {name} where a = :n and b <> ':n' and a = :n", {"n": 2})
    assert cursor.fetchall() == [("zwei",)]
    assert cursor.execute(f"select b from {name} where a = 3").fetchone() == ("it's :b ?",)
    for wrong in ((), (1,), (1, 2, 3), "ab", None, {"a": 1}):
        with pytest.raises(irislink.ProgrammingError) as caught:
            cursor.execute(f"insert into {name} values (:a, :b)" if isinstance(wrong, dict) else f"insert into {name} values (?, ?)", wrong)
        assert caught.value.sqlstate == "07002"
    with pytest.raises(irislink.ProgrammingError):
        cursor.execute("select 1", (1,))
    assert cursor.execute(f"select count(*) from {name}").fetchone() == (3,)


def test_executemany(db, table):
    name = table("a integer primary key, b varchar(20)")
    cursor = db.cursor()
    insert = f"insert into {name} values (?, ?)"
    cursor.executemany(insert, ((n, f"row {n}") for n in range(5000)))
    assert cursor.rowcount == 5000
    cursor.executemany(f"insert into {name} values (:a, :b)", [{"a": 5000, "b": None}, {"b": "", "a": 5001}])
    assert cursor.rowcount == 2
    cursor.executemany(insert, [])
    assert cursor.rowcount == 0
    cursor.executemany(f"delete from {name} where a = ?", [1, (2,), [3]])
    assert cursor.rowcount == 3
    cursor.executemany(f"delete from {name} where b = ? and a < 0", [None, None, "x"])
    assert cursor.rowcount == 0
    nulls = db.cursor().executemany(f"insert into {name} (a, b) select max(a) + 1, ? from {name}", [None, "x", None])
    assert nulls.rowcount == 3
    assert db.execute(f"select count(*) from {name} where b is null").fetchone() == (3,)
    db.execute(f"delete from {name} where a > 5001")
    # Rows of the very connection.
    source = db.cursor().execute(f"select a + 10000, b from {name}")
    cursor.executemany(insert, source)
    assert cursor.rowcount == 4999
    with pytest.raises(irislink.IntegrityError) as caught:
        cursor.executemany(insert, [(20000, "new"), (20001, "new"), (10, "there"), (20002, "never")])
    assert caught.value.row == 3 and cursor.rowcount == 2
    assert db.execute(f"select count(*) from {name} where a >= 20000").fetchone() == (2,)
    with pytest.raises(irislink.ProgrammingError) as caught:
        cursor.executemany(insert, [(30000, "a"), (30001,)])
    assert caught.value.row == 2
    for wrong in ({"a": 30002, "b": "a"}, {30003, 30004}):
        with pytest.raises(irislink.ProgrammingError) as caught:
            cursor.executemany(insert, [(30001, "a"), wrong])
        assert caught.value.sqlstate == "07002" and caught.value.row == 2
    with pytest.raises(irislink.Error):
        cursor.executemany("select ?", [(1,)])
    with pytest.raises(ZeroDivisionError):
        cursor.executemany(insert, ((1 // n, "") for n in (1, 0)))
    assert db.execute("select 1").fetchone() == (1,), "the connection is in step"


def test_transactions(connect, db, table):
    name = table("n integer")
    other = connect()
    assert other.autocommit is False, "PEP 249: off at first"
    other.execute(f"insert into {name} values (1)")
    other.rollback()
    other.execute(f"insert into {name} values (2)")
    other.commit()
    assert db.execute(f"select n from {name}").fetchall() == [(2,)]
    other.execute(f"insert into {name} values (3)")
    other.close()
    assert db.execute(f"select n from {name}").fetchall() == [(2,)], "closing rolls back"
    with connect() as third:
        third.execute(f"insert into {name} values (4)")
    assert third.closed
    with pytest.raises(KeyError), connect() as fourth:
        fourth.execute(f"insert into {name} values (5)")
        raise KeyError
    assert fourth.closed
    assert db.execute(f"select n from {name} order by n").fetchall() == [(2,), (4,)]
    db.commit()
    db.rollback()


def test_autocommit_and_isolation(connect):
    db = connect(autocommit=True)
    assert db.autocommit is True
    db.autocommit = False
    assert db.autocommit is False
    db.isolation = irislink.Isolation.READ_COMMITTED
    assert db.isolation is irislink.Isolation.READ_COMMITTED
    db.rollback()
    db.isolation = "READ UNCOMMITTED"
    assert db.isolation is irislink.Isolation.READ_UNCOMMITTED
    assert connect(isolation=irislink.Isolation.READ_COMMITTED).isolation == 2


def test_last_row_id(db, table):
    name = table("id identity, s varchar(10)")
    cursor = db.cursor()
    assert cursor.lastrowid is None
    cursor.execute(f"insert into {name} (s) values ('a')")
    first = cursor.lastrowid
    assert first == db.execute(f"select id from {name}").fetchone()[0] == cursor.lastrowid
    cursor.execute(f"-- a comment\n insert into {name} (s) values ('b')")
    assert cursor.lastrowid == first + 1
    cursor.execute(f"insert into {name} (s) values ('c')")
    db.execute("select 1")
    assert cursor.lastrowid is None, "the connection has gone on: better none than another row's"
    cursor.execute(f"update {name} set s = 'd'")
    assert cursor.lastrowid is None


def test_sizes_are_accepted(db):
    cursor = db.cursor()
    assert cursor.setinputsizes((25,)) is None
    assert cursor.setoutputsize(1000) is None and cursor.setoutputsize(2000, 0) is None
    assert cursor.execute("select 1").fetchone() == (1,)


def test_extensions(db):
    cursor = db.cursor()
    assert cursor.connection is db
    assert cursor.messages == [] and db.messages == []
    with pytest.raises(irislink.ProgrammingError):
        iter(cursor)
    with db.cursor() as inner:
        inner.execute("select 1")
    with pytest.raises(irislink.ProgrammingError):
        inner.fetchone()


def test_closed_connection_refuses_everything(connect):
    db = connect()
    cursor = db.cursor()
    cursor.execute("select 1")
    db.close()
    db.close()
    for call in (db.commit, db.rollback, db.cursor, db.ping, cursor.fetchone, cursor.fetchall, lambda: cursor.execute("select 1"), lambda: db.isolation):
        with pytest.raises(irislink.InterfaceError) as caught:
            call()
        assert caught.value.sqlstate == "08003"
    cursor.close()
    assert db.cancel() is False


def test_rowcount_of_a_batch_that_meets_a_value_which_cannot_be_sent(db, table):
    name = table("n integer, t varchar(2000)")
    cursor = db.cursor()
    # More than a message: what went with the first ones is there.
    rows = ((n, "x" * 2000) if n < 1500 else (n, 2**80) for n in range(1501))
    with pytest.raises(irislink.DataError) as failed:
        cursor.executemany(f"insert into {name} values (?, ?)", rows)
    assert failed.value.row == 1501
    (there,) = db.execute(f"select count(*) from {name}").fetchone()
    assert 0 < there < 1500 and cursor.rowcount == there


def test_comments_before_a_statement_cost_nothing(db, table):
    name = table("n integer")
    began = time.monotonic()
    cursor = db.execute("/* a line of a box */\n" * 40 + f"update {name} set n = 1")
    assert cursor.rowcount == 0
    db.execute(f"insert into {name} values (1)")
    cursor.execute("/* a line of a box */\n" * 40 + f"update {name} set n = 2")
    assert cursor.rowcount == 1 and time.monotonic() - began < 5
    cursor.execute(f"/* /* ** */ -- more\n insert into {name} values (3)")
    assert cursor.lastrowid is not None


def test_the_key_of_ones_own_row_or_none(db, table):
    name = table("n integer")
    cursor, other = db.cursor(), db.cursor()
    cursor.execute(f"insert into {name} values (1)")
    other.execute(f"insert into {name} values (2)")
    assert cursor.lastrowid is None and other.lastrowid is not None
