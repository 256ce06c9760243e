"""$LIST values: a Python list as a parameter, and list_from() for what comes back."""

import asyncio
import datetime
import decimal
import signal
import uuid
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import irislink
from irislink import aio

quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@pytest.fixture(scope="module")
def store(sandbox):
    """Writes a list into columns of bytes and of text, by one statement and by a batch, and reads its bytes back."""
    db = irislink.connect(sandbox.uri(), autocommit=True)
    db.execute("create table py_lists (k integer, b varbinary(4000), t varchar(4000))")

    def there_and_back(value):
        db.execute("delete from py_lists")
        db.execute("insert into py_lists values (1, ?, ?)", [value, value])
        db.cursor().executemany("insert into py_lists values (?, ?, ?)", [(2, value, value), [3, value, value]])
        rows = db.execute("select b, t from py_lists order by k").fetchall()
        assert len(rows) == 3 and len(set(rows)) == 1
        data, text = rows[0]
        assert type(data) is bytes and text == data.decode("latin-1")
        assert repr(irislink.list_from(data)) == repr(irislink.list_from(text)) == repr(irislink.list_from(bytearray(data)))
        return irislink.list_from(data)

    yield there_and_back
    db.close()


def seen(element):
    """An element as list_from() gives it: text, bytes and lists are one thing there."""
    if isinstance(element, bool):
        return int(element)
    return element.decode("latin-1") if isinstance(element, bytes) else element


numbers = st.decimals(min_value=-(10**13), max_value=10**13, places=4, allow_nan=False, allow_infinity=False)
plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    numbers,
    st.text(st.characters(blacklist_categories=["Cs"]), max_size=20),
    st.binary(max_size=20),
)
lists = st.recursive(st.lists(plain, min_size=1, max_size=5), lambda inner: st.lists(st.one_of(plain, inner), min_size=1, max_size=4), max_leaves=12)


@quick
@given(lists)
def test_lists(store, value):
    def compare(got, value):
        assert len(got) == len(value)
        for each, sent in zip(got, value):
            if isinstance(sent, list):
                compare(irislink.list_from(each), sent)
            else:
                assert repr(each) == repr(seen(sent))

    compare(store(value), value)


@quick
@given(st.binary(max_size=60))
def test_any_bytes_are_a_list_or_a_data_error(value):
    try:
        got = irislink.list_from(value)
    except irislink.DataError as failed:
        assert failed.sqlstate == "22018"
    else:
        assert type(got) is list and len(got) <= len(value)
        assert all(each is None or type(each) in (int, float, str, Decimal) for each in got)


def test_the_bytes_are_those_of_the_specification(db):
    def sent(*elements):
        return db.execute("select cast(? as varbinary(400))", [list(elements)]).fetchone()[0]

    assert sent("A", "é", "日本") == b"\x03\x01A\x03\x01\xe9\x06\x02\xe5\x65\x2c\x67"
    assert sent(0, 1, -1, True, Decimal("12.50")) == b"\x02\x04\x03\x04\x01\x02\x05\x03\x04\x01\x05\x06\xfe\xe2\x04"
    assert sent(None, "", b"") == b"\x02\x01\x03\x01\x00\x03\x01\x00"
    assert sent("x", ["a", 1]) == b"\x03\x01x\x08\x01\x03\x01a\x03\x04\x01"
    assert sent("\0", b"\0") == b"\x04\x02\x00\x00\x04\x02\x00\x00"
    assert irislink.list_from(b"\x01\x02\x00\x02\x01") == [None, None, None]
    assert irislink.list_from(b"\x03\x01\x00\x04\x06\x03\x01\x02\x08") == ["", Decimal(1000), 0.0]
    # As others write them: with the byte of the sign, in a longer form.
    assert irislink.list_from(b"\x04\x04\xff\x00\x05\x06\xfe\x96\x00\x00\x02\x00\x01z") == [255, Decimal("1.50"), "z"]
    assert irislink.list_from(b"") == irislink.list_from("") == []
    assert irislink.list_from(None) is None


def test_the_server_reads_and_makes_lists(db):
    row = db.execute("select $listget(?, 2), $listlength(?), $listtostring(?, '|')", [["a", "日"], [1, None, [2]], ["x", Decimal("1.50"), 7]]).fetchone()
    assert row == ("日", 3, "x|1.50|7")
    (made,) = db.execute("select $listbuild('é', 5, 1.5, NULL, '', $listbuild('in', ?))", ["ner"]).fetchone()
    values = irislink.list_from(made)
    assert values[:5] == ["é", 5, Decimal("1.5"), None, ""] and irislink.list_from(values[5]) == ["in", "ner"]
    (text,) = db.execute("select $list(?, 1)", [[["deep", [1]]]]).fetchone()
    assert irislink.list_from(irislink.list_from(text)[1]) == [1]


def test_rows_and_values_are_told_apart(db, table):
    name = table("k integer, v varbinary(100)")
    cursor = db.cursor()
    cursor.executemany(f"insert into {name} values (?, ?)", [[1, ["a"]], (2, ["b"])])
    cursor.executemany(f"insert into {name} (v) values (?)", [[["c"]], (["d"],)])
    got = [irislink.list_from(row[0]) for row in cursor.execute(f"select v from {name}")]
    assert got == [["a"], ["b"], ["c"], ["d"]]
    with pytest.raises(irislink.ProgrammingError) as caught:
        cursor.executemany(f"insert into {name} (v) values (?)", [["e", "f"]])  # a row of two values, as ever
    assert caught.value.sqlstate == "07002"
    assert db.execute(f"select k from {name} where v = :wanted", {"wanted": ["b"]}).fetchone() == (2,)
    db.execute("create procedure PyLists.Second(in l varbinary(100), out e varchar(20)) begin set e = $listget(l, 2); end")
    assert cursor.callproc("PyLists.Second", [["x", "y"], None]) == [["x", "y"], "y"]
    db.execute("drop procedure PyLists.Second")


def test_what_no_list_can_hold(db):
    cycle = ["x"]
    cycle.append(cycle)
    deep = ["x"]
    for _ in range(100):
        deep = [deep]

    class Changes(Decimal):
        def __str__(self):
            changing.clear()
            return "1"

    moment = datetime.datetime(2024, 2, 29, 10, 20, 30)
    for wrong in ([], [[]], [("a",)], [object()], [{}], [{1}], [moment], [moment.date()], [moment.time()], [uuid.UUID(int=1)], [1j], cycle, deep):
        with pytest.raises(irislink.DataError) as caught:
            db.execute("select ?", [wrong])
        assert caught.value.sqlstate == "22018", wrong
    for wrong, state in ((2**63, "22003"), (Decimal("NaN"), "22003"), ("\ud83d", "22021")):
        with pytest.raises(irislink.DataError) as caught:
            db.cursor().executemany("delete from py_lists where b = ?", [(["fine"],), ([wrong],)])
        assert (caught.value.sqlstate, caught.value.row) == (state, 2)
    with pytest.raises(irislink.ProgrammingError):
        db.execute("select ?", [("a", "tuple", "is", "a", "row")])
    changing = [Changes(1), "second"]
    assert db.execute("select $listlength(?)", [changing]).fetchone() == (2,)
    assert changing == []
    fine = ["x"]
    for _ in range(99):
        fine = [fine]
    assert db.execute("select $listlength(?)", [fine]).fetchone() == (1,)


def test_lists_that_share_their_parts_have_an_end(store, db):
    shared = ["x"]
    for _ in range(40):
        shared = [shared, shared]
    with pytest.raises(irislink.DataError) as caught:
        db.cursor().executemany("delete from py_lists where b = ?", [(["fine"],), (shared,)])
    assert (caught.value.sqlstate, caught.value.row) == ("22001", 2)

    def raised(*_):
        raise LookupError("a signal's handler")

    before = signal.signal(signal.SIGALRM, raised)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(LookupError, match="handler"):
            db.execute("select ?", [shared])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert db.execute("select $listlength(?)", [[["x"]] * 100_000]).fetchone() == (100_000,)


def test_lists_of_a_server_with_eight_bits():
    data = b"\x03\x01\xe1\x03\x04\x05\x04\x02\xe5\x65\x05\x01\x03\x01\xe2"
    assert irislink.list_from(data)[0] == "\xe1"
    for value in (data, bytearray(data), data.decode("cp1253")):
        got = irislink.list_from(value, encoding="cp1253")
        assert got[:3] == ["α", 5, "日"] and irislink.list_from(got[3].encode("cp1253"), "cp1253") == ["β"]
    for wrong in (b"\x03\x01\xff", "日"):
        with pytest.raises(irislink.DataError, match="no list"):
            irislink.list_from(wrong, "cp1253")
    with pytest.raises(LookupError):
        irislink.list_from(data, "no such thing")


def test_what_is_no_list():
    for wrong in (
        b"abc",
        b"\x05\x01",
        b"\0",
        b"\0\0\0\xff\xff\xff\xff\x01",
        b"\x03\x0b\x00",
        b"\x04\x02\x3d\xd8",
        b"\x03\x21a",
        b"\x0b\x04" + b"\xff" * 9,
        "日",
    ):
        with pytest.raises(irislink.DataError) as caught:
            irislink.list_from(wrong)
        assert caught.value.sqlstate == "22018"
        assert "no list" in str(caught.value)
    released = memoryview(b"\x02\x01")
    released.release()
    for wrong, why in ((memoryview(bytes(8))[::2], "contiguous"), (released, "released")):
        with pytest.raises(irislink.DataError, match=f"no list.*{why}") as caught:
            irislink.list_from(wrong)
        assert caught.value.sqlstate == "22018"
    for wrong in (5, [1], object()):
        with pytest.raises(TypeError):
            irislink.list_from(wrong)


def test_a_context_does_not_change_what_decimals_are(store):
    with decimal.localcontext() as context:
        context.prec, context.capitals = 3, 0
        values = [Decimal("1234567.89"), Decimal("-12345678901E+50"), Decimal("1E-100")]
        assert "e" in str(values[1])
        got = store(values)
    assert [each.as_tuple() for each in got] == [each.as_tuple() for each in values]


def test_asyncio(sandbox):
    async def work():
        async with aio.connect(sandbox.uri(), autocommit=True) as db:
            cursor = await db.execute("select $listlength(?), cast(? as varbinary(100))", [[1, 2, [3]], ["a", None]])
            length, data = await cursor.fetchone()
            assert (length, irislink.list_from(data)) == (3, ["a", None])
            await db.execute("create table py_aio_lists (v varbinary(100))")
            await cursor.executemany("insert into py_aio_lists values (?)", [[["a"]], (["b", [1]],)])
            await cursor.execute("select v from py_aio_lists")
            assert [irislink.list_from(row[0])[0] for row in await cursor.fetchall()] == ["a", "b"]
            with pytest.raises(irislink.DataError):
                await db.execute("select ?", [[object()]])

    asyncio.run(work())
