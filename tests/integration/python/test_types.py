"""Values both ways through the sandbox: what comes back is what was sent, or a DataError was raised."""

import array
import ctypes
import datetime
import decimal
import io
import math
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import irislink

quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)

COLUMNS = (
    "k integer, n bigint, i integer, b bit, f double, d numeric(18,4), s varchar(400), raw varbinary(400), day date, t time(6), m timestamp, u uniqueidentifier, "
    "body longvarchar, blob longvarbinary"
)


@pytest.fixture(scope="module")
def store(sandbox):
    """Writes a value into a column and reads it back, by one statement and by a batch."""
    db = irislink.connect(sandbox.uri(), autocommit=True)
    db.execute(f"create table py_types ({COLUMNS})")

    def there_and_back(column, value):
        db.execute("delete from py_types")
        db.execute(f"insert into py_types (k, {column}) values (1, ?)", [value])
        db.cursor().executemany(f"insert into py_types (k, {column}) values (?, ?)", [(2, value), (3, value)])
        cursor = db.execute(f"select {column} from py_types order by k")
        first, second, third = (row[0] for row in cursor)
        assert repr(first) == repr(second) == repr(third)
        return first

    yield there_and_back
    db.close()


def same(got, value):
    assert type(got) is type(value)
    assert got == value


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("n", st.integers(-(2**63), 2**63 - 1)),
        ("d", st.decimals(min_value=-(10**13), max_value=10**13, places=4, allow_nan=False, allow_infinity=False)),
        ("day", st.dates()),
        ("t", st.times()),
        ("m", st.datetimes()),
        ("u", st.uuids()),
    ],
)
def test_what_is_sent_comes_back(store, column, values):
    @quick
    @given(values)
    def each(value):
        same(store(column, value), value)

    each()


@quick
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats(store, value):
    got = store("f", value)
    assert type(got) is float and got == value


text = st.text(st.characters(blacklist_categories=["Cs"]), max_size=80)


@quick
@given(text)
def test_text(store, value):
    same(store("s", value), value)
    same(store("body", value), value)


@quick
@given(st.binary(max_size=200))
def test_bytes(store, value):
    # The wire has one form for b"" and for a VARBINARY of one zero byte (wire-sql 1.3).
    if value != b"\0":
        same(store("raw", value), value)
    same(store("blob", value), value)


@settings(quick, max_examples=20)
@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)), st.one_of(st.none(), text)), min_size=1, max_size=20))
def test_rows(store, sandbox, rows):
    with irislink.connect(sandbox.uri(), autocommit=True) as db:
        db.execute("delete from py_types")
        db.cursor().executemany("insert into py_types (k, n, s) values (?, ?, ?)", [(i, *row) for i, row in enumerate(rows)])
        assert db.execute("select n, s from py_types order by k").fetchall() == rows


def test_truth_and_null(store):
    assert store("b", True) is True
    assert store("b", False) is False
    for column in ("n", "b", "f", "d", "s", "raw", "day", "t", "m", "u", "body", "blob"):
        assert store(column, None) is None


def test_empty_is_not_null(store):
    same(store("s", ""), "")
    same(store("s", "\0"), "\0")
    same(store("raw", b""), b"")
    same(store("body", ""), "")
    same(store("blob", b""), b"")
    same(store("blob", b"\0"), b"\0")


def test_decimals_show_the_digits_of_their_column(store):
    assert str(store("d", decimal.Decimal("1.5"))) == "1.5000"
    assert str(store("d", decimal.Decimal("-0.05"))) == "-0.0500"
    assert str(store("d", 7)) == "7.0000"
    assert str(store("d", 0)) == "0.0000"


@quick
@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_is_exact_or_refused(sandbox, connection_for_decimals, value):
    _, digits, exponent = value.as_tuple()
    number = int("".join(map(str, digits)))
    try:
        got = connection_for_decimals.execute("select cast(? as varchar(200))", [value]).fetchone()[0]
    except irislink.DataError:
        while number % 10 == 0 and number:
            number, exponent = number // 10, exponent + 1
        # Either the digits need more than 64 bits or the exponent is beyond what the wire has; the borders are inside.
        assert number >= 2**63 or exponent < -128 or exponent > 127 or number * 10 ** max(0, exponent - 127) >= 2**63
    else:
        assert decimal.Decimal(got) == value


@pytest.fixture(scope="module")
def connection_for_decimals(sandbox):
    with irislink.connect(sandbox.uri(), autocommit=True) as db:
        yield db


def test_the_texts_of_decimals(connection_for_decimals):
    def sent(value):
        return connection_for_decimals.execute("select cast(? as varchar(200))", [value]).fetchone()[0]

    with decimal.localcontext() as context:
        context.capitals = 0
        assert str(decimal.Decimal("1E+3")) == "1e+3"
        assert decimal.Decimal(sent(decimal.Decimal("1E+3"))) == 1000
        assert decimal.Decimal(sent(decimal.Decimal("-12.5E-9"))) == decimal.Decimal("-12.5E-9")

    class Written(decimal.Decimal):
        def __str__(self):
            return self.text

    value = Written(1)
    for value.text in ("7", "7.", ".7", "-7E1", "7E+01"):
        assert decimal.Decimal(sent(value)) == decimal.Decimal(value.text)
    for value.text in ("", "-", ".", "-.", "E5", "1.2.3", "1E", "1Ex", "1E5x", "1E+-5", "1E 5", "1E+", "1E99999999999999999999", "0x1", "--1", "1 "):
        with pytest.raises(irislink.DataError) as caught:
            sent(value)
        assert caught.value.sqlstate == "22003", value.text


def test_what_cannot_be_sent(db):
    aware = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)
    refused = [
        (2**63, "22003"),
        (-(2**63) - 1, "22003"),
        (decimal.Decimal("NaN"), "22003"),
        (decimal.Decimal("Infinity"), "22003"),
        (decimal.Decimal("12345678901234567890.5"), "22003"),
        (decimal.Decimal("1E+400"), "22003"),
        ("\ud83d", "22021"),
        ("a\udc00b", "22021"),
        (aware, "22008"),
        (aware.timetz(), "22008"),
    ]
    for value, state in refused:
        with pytest.raises(irislink.DataError) as caught:
            db.execute("select ?", [value])
        assert caught.value.sqlstate == state, value
        with pytest.raises(irislink.DataError) as caught:
            db.cursor().executemany("delete from py_types where s = ?", [("x",), (value,)])
        assert caught.value.row == 2
    for value in (object(), (1,), {1}, 1j, datetime.timedelta(1)):
        with pytest.raises(irislink.ProgrammingError) as caught:
            db.execute("select ?", [value])
        assert caught.value.sqlstate == "07006"
    assert db.execute("select ?", ["fine"]).fetchone() == ("fine",)


def test_what_a_value_raises_when_it_is_asked_is_what_the_statement_raises(db):
    def raised(*_):
        raise LookupError("a signal's handler")

    class Attribute:
        __getattr__ = raised

    class Class:
        __class__ = property(raised)

    class Number(decimal.Decimal):
        __str__ = raised

    class Moment(datetime.datetime):
        nanosecond = property(raised)

    for value in (Attribute(), Class(), Number(1), Moment(2024, 2, 29), [Number(1)]):
        with pytest.raises(LookupError, match="handler"):
            db.execute("select ?", [value])
    assert db.execute("select ?", ["fine"]).fetchone() == ("fine",)


def test_relatives_of_the_usual_types(store):
    class Number(int):
        pass

    class Text(str):
        pass

    class Index:
        def __index__(self):
            return 41

    assert store("n", Number(5)) == 5
    assert store("s", Text("x")) == "x"
    assert store("n", Index()) == 41
    for value in (bytearray(b"\1\2"), memoryview(b"\1\2"), array.array("B", [1, 2])):
        assert store("raw", value) == b"\1\2"
    assert store("blob", memoryview(bytes(range(100)))[10:20]) == bytes(range(10, 20))
    with pytest.raises(irislink.DataError):
        store("blob", memoryview(bytes(range(100)))[::2])
    released = memoryview(b"\1")
    released.release()
    with pytest.raises(irislink.DataError, match="released") as caught:
        store("blob", released)
    assert caught.value.sqlstate == "22018"
    for wrong in (array.array("d", [1.5]), memoryview(bytes(8)).cast("i")):
        with pytest.raises(irislink.DataError):
            store("blob", wrong)
    for wrong in (array, ctypes.c_float(1.5), ctypes.c_int(1)):
        with pytest.raises(irislink.ProgrammingError):
            store("blob", wrong)


def test_a_finer_moment_is_not_rounded(store):
    class Finer(datetime.datetime):
        nanosecond = 0

    moment = Finer(2024, 1, 2, 3, 4, 5, 678901)
    assert store("m", moment) == datetime.datetime(2024, 1, 2, 3, 4, 5, 678901)
    Finer.nanosecond = 7
    with pytest.raises(irislink.DataError) as caught:
        store("m", moment)
    assert caught.value.sqlstate == "22008"


def test_infinity_is_sent_as_it_is_or_refused_by_the_server(store):
    for value in (math.inf, -math.inf):
        try:
            assert store("f", value) == value
        except irislink.Error as failed:
            assert failed.sqlcode != 0, "the server's own word"


def test_fractions_below_microseconds_are_not_lost_silently(db, table):
    name = table("m timestamp, t time(9)")
    db.execute(f"insert into {name} values ('2024-01-02 03:04:05.123456789', '03:04:05.123456789')")
    for column in ("m", "t"):
        with pytest.raises(irislink.DataError) as caught:
            db.execute(f"select {column} from {name}").fetchall()
        assert caught.value.sqlstate == "22008" and "CAST" in caught.value.hint
    assert db.execute(f"select cast(m as varchar(30)) from {name}").fetchone() == ("2024-01-02 03:04:05.123456789",)


def test_long_values(db, table):
    name = table("n integer, body longvarchar, blob longvarbinary")
    body = "".join(f"line {i} Ж😀;" for i in range(40_000))
    blob = bytes(range(256)) * 2000
    db.execute(f"insert into {name} values (1, ?, ?)", [body, blob])
    db.execute(f"insert into {name} values (2, ?, ?)", [io.StringIO(body), io.BytesIO(blob)])
    db.execute(f"insert into {name} values (3, null, '')")
    rows = db.execute(f"select n, body, blob from {name} order by n").fetchall()
    assert rows[0] == (1, body, blob) and rows[1] == (2, body, blob)
    assert rows[2][:2] == (3, None)
    cursor = db.cursor(stream_long=True).execute(f"select n, body, blob from {name} order by n")
    with pytest.raises(irislink.ProgrammingError):
        cursor.fetchall()
    _, text_stream, binary_stream = cursor.fetchone()
    assert isinstance(text_stream, io.TextIOBase) and isinstance(binary_stream, io.BufferedIOBase)
    # In turns.
    assert text_stream.read(1000) == body[:1000]
    assert binary_stream.read(10) == blob[:10]
    assert text_stream.read() == body[1000:]
    assert binary_stream.read() == blob[10:]
    assert text_stream.read() == "" and binary_stream.read() == b""
    _, left_behind, _ = cursor.fetchone()
    assert cursor.fetchone()[1] is None
    with pytest.raises(irislink.Error):
        left_behind.read(len(body))
    assert cursor.fetchone() is None


def test_files_that_give_nothing_useful(db):
    class Odd:
        def read(self):
            return 5

    with pytest.raises(irislink.ProgrammingError):
        db.execute("select ?", [Odd()])

    class Broken:
        def read(self):
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        db.execute("select ?", [Broken()])


def test_many_blocks(db, table):
    name = table("n integer, s varchar(100), d numeric(10,2)")
    rows = [(i, f"Ж{i}😀" * 3 if i % 3 else None, decimal.Decimal(i) / 4) for i in range(8000)]
    rows = [(n, s, d.quantize(decimal.Decimal("0.01"))) for n, s, d in rows]
    db.cursor().executemany(f"insert into {name} values (?, ?, ?)", rows)
    query = f"select n, s, d from {name} order by n"
    assert db.execute(query).fetchall() == rows
    assert list(db.execute(query)) == rows
    cursor = db.execute(query)
    parts = []
    while part := cursor.fetchmany(333):
        parts += part
    assert parts == rows
    # Two results of one connection, in turns.
    one, two = db.execute(query), db.execute(query)
    for _ in range(50):
        assert one.fetchmany(100) == two.fetchmany(100)


def test_uuid_of_the_server(db, table):
    name = table("u uniqueidentifier")
    value = uuid.UUID("12345678-ABCD-4bcd-8def-1234567890ab")
    db.execute(f"insert into {name} values (?)", [value])
    assert db.execute(f"select u from {name} where u = ?", [value]).fetchone() == (value,)


def test_what_the_program_raises_within_a_row_is_the_programs(db, table, monkeypatch):
    name = table("n integer, u uniqueidentifier")
    given = [(n, uuid.UUID(int=n)) for n in range(20)]
    db.cursor().executemany(f"insert into {name} values (?, ?)", given)
    made = uuid.UUID.__init__
    calls = 0

    def interrupted(self, *arguments, **keywords):
        nonlocal calls
        calls += 1
        if calls == 8:
            raise KeyboardInterrupt  # as the handler of a signal does, in whatever Python code runs
        made(self, *arguments, **keywords)

    cursor = db.execute(f"select n, u from {name} order by n")
    monkeypatch.setattr(uuid.UUID, "__init__", interrupted)
    with pytest.raises(KeyboardInterrupt):
        cursor.fetchall()
    assert cursor.fetchall() == given, "no row is lost"
