"""One program for two modules: what values, counts, descriptions and errors a script of PEP 249 sees. Runs once with the vendor's module
and once with ours, against the same sandbox; prints one JSON object of case and outcome. argv: module, port.

Outcomes are texts: the type and repr() of a value, or the class and SQLCODE of an exception."""

import contextlib
import datetime
import importlib
import json
import re
import sys
import uuid
from decimal import Decimal

connecting, port = importlib.import_module(sys.argv[1]), int(sys.argv[2])
# The vendor has PEP 249 in a module beside the one that connects.
dbapi = importlib.import_module("iris.dbapi") if sys.argv[1] == "iris" else connecting
out = {}
made = []  # tables: each has a name of its own, since the vendor's module keeps the columns of a statement that it knows


def connect(password="DemoPass1", port=port):
    return connecting.connect("127.0.0.1", port, "USER", "demo", password)


db = connect()
if hasattr(db, "setAutoCommit"):
    db.setAutoCommit(False)  # off at first in ours; see the case for what that is good for


def text(value):
    """As both can say it: rows as lists, whatever the class of a row is."""
    if type(value).__name__ in ("list", "tuple", "DataRow"):
        return "[" + ", ".join(map(text, value)) + "]"
    if isinstance(value, memoryview):
        return f"memoryview of {bytes(value)!r}"
    if isinstance(value, (bytes, str)) and len(value) > 80:
        return f"{type(value).__name__} of {len(value)}"
    return "None" if value is None else f"{type(value).__name__} {value!r}"


def code_of(failed):
    own = getattr(failed, "sqlcode", 0)
    found = re.search(r"<(-\d+)>", str(failed))
    return own or (int(found[1]) if found else 0)


def case(name):
    """Decorates a function that is run at once; what it gives or raises is the outcome."""

    def run(function):
        try:
            out[name] = text(function())
        except Exception as failed:  # noqa: BLE001 - which one it is is what is compared
            out[name] = f"{type(failed).__name__} {code_of(failed)}"
        db.rollback()

    return run


def cases(title, entries):
    """The same for each entry, whose name is the {} of the title; the function takes what stands there."""

    def run(function):
        for name, entry in entries.items():
            case(title.format(name))(lambda entry=entry: function(entry))

    return run


def execute(cursor, sql, *parameters):
    """T in a statement is the newest table."""
    cursor.execute(re.sub(r"\bT\b", made[-1] if made else "T", sql), *parameters)
    return cursor


def executemany(cursor, sql, rows):
    cursor.executemany(re.sub(r"\bT\b", made[-1], sql), rows)
    return cursor


def query(sql, *parameters):
    return execute(db.cursor(), sql, *parameters)


def table(columns):
    """A new table; what it gives is the cursor that made it."""
    made.append(f"Diff_{sys.argv[1]}.T{len(made)}")
    cursor = query(f"create table T ({columns})")
    db.commit()
    return cursor


# -- every type: a value of Python into a column, and back ----------------------------------------------------------------------------------

TYPES = {
    "BIT": [True, False, 1, 0],
    "TINYINT": [-128, 127],
    "SMALLINT": [-32768, 32767],
    "INTEGER": [0, 1, -1, 2**31 - 1, -(2**31), True, "12"],
    "BIGINT": [2**63 - 1, -(2**63), 2**63],
    "NUMERIC(18,4)": [Decimal("12345.6789"), Decimal("-0.0001"), Decimal("100"), Decimal("1E+3"), 7, 0.5, "2.50"],
    "NUMERIC(18,0)": [Decimal("5"), Decimal("123456789012345678")],
    "DOUBLE": [0.1, -2.5e300, 5e-324, 1e15, 2.0, Decimal("0.5"), 3],
    "VARCHAR(200)": ["a", "", "Zoë 😀", "it's", " two ", "\0", "a\0b", "line\nline", "ж" * 100, "12", 12, Decimal("1.50"), 0.1],
    "CHAR(10)": ["abc", ""],
    "VARBINARY(200)": [b"\x00\xff\x80", b"", b"\x00", b"abc", bytearray(b"ab"), memoryview(b"ab")],
    "DATE": [datetime.date(2024, 2, 29), datetime.date(1841, 1, 1), datetime.date(9999, 12, 31), "2024-02-29"],
    "TIME": [datetime.time(10, 20, 30), datetime.time(0, 0), "10:20:30"],
    "TIME(6)": [datetime.time(10, 20, 30, 500000)],
    "TIMESTAMP": [datetime.datetime(2024, 2, 29, 10, 20, 30), datetime.datetime(2024, 2, 29), "2024-02-29 10:20:30"],
    "TIMESTAMP(6)": [datetime.datetime(2024, 2, 29, 10, 20, 30, 500000), datetime.datetime(2024, 2, 29, 10, 20, 30, 123456)],
    "UNIQUEIDENTIFIER": [uuid.UUID("00112233-4455-6677-8899-aabbccddeeff"), "00112233-4455-6677-8899-AABBCCDDEEFF"],
    "LONGVARCHAR": ["short", "", "Zoë 😀" * 20000],
    "LONGVARBINARY": [b"short", b"\xab" * 100000],
}

for kind, values in TYPES.items():
    cursor = table(f"v {kind}")
    for value in [*values, None]:

        @case(f"{kind}: {text(value)}")
        def _(value=value, cursor=cursor):
            execute(cursor, "insert into T (v) values (?)", [value])
            return query("select v from T").fetchone()[0]


# -- lists as the server reads them: theirs are the bytes of an object, ours are lists ------------------------------------------------------

ELEMENTS = {
    "text": ["a", "Zoë", "日本", "😀", " two "],
    "integers": [0, 1, -1, 255, -256, 2**63 - 1, -(2**63)],
    "decimals": [Decimal("1.50"), Decimal("-0.01"), Decimal("1E+3")],
    "bytes": [b"ab", b"\xff\x00"],
    "truth": [True, False],
    "lists": ["out", ["in", 1, ["deep"]], 2],
}


def vendors_list(elements):
    made = connecting.IRISList()
    for each in elements:
        made.add(vendors_list(each) if isinstance(each, list) else each)
    return made


@cases("a list of {}", ELEMENTS)
def _(elements):
    cursor = table("v varbinary(400)")
    execute(cursor, "insert into T (v) values (?)", [elements if connecting is dbapi else vendors_list(elements).getBuffer()])
    execute(cursor, "select $LISTLENGTH(v), $LISTTOSTRING(v, '/') from T")
    return cursor.fetchone()


@case("a list as a parameter")
def _():
    cursor = table("v varbinary(400)")
    execute(cursor, "insert into T (v) values (?)", [["a", 1]])
    execute(cursor, "select v from T")
    return cursor.fetchone()


@case("an empty list as a parameter")
def _():
    execute(db.cursor(), "select ? as Nothing", [[]])


# -- what is selected without a table -------------------------------------------------------------------------------------------------------

EXPRESSIONS = {
    "literals": "1, 'it''s', NULL, '', 1.5, -3, 'Zoë 😀'",
    "arithmetic": "7 / 2, 7 * 2, 1.0 / 3, 2 + 0.5",
    "casts": "cast('5' as integer), cast('1.25' as numeric(10,2)), cast('0.5' as double), cast('2024-02-29' as date), cast(7 as varchar(5))",
    "functions": "upper('zoë'), length('😀'), coalesce(NULL, 'x'), round(2.567, 2)",
}


@cases("select {}", EXPRESSIONS)
def _(expressions):
    cursor = db.cursor()
    execute(cursor, f"select {expressions}")
    return cursor.fetchone()


PARAMETERS = [True, 5, 2**40, 1.5, Decimal("1.50"), "text", "", "😀", b"bytes", datetime.date(2024, 2, 29), datetime.time(1, 2, 3), None]
for value in PARAMETERS:

    @case(f"a parameter without a column: {text(value)}")
    def _(value=value):
        cursor = db.cursor()
        execute(cursor, "select ?", [value])
        return cursor.fetchone()[0]


@cases("not a value: {}", {"inf": float("inf"), "nan": float("nan"), "half of a surrogate pair": "\ud83d", "an object": object(), "2**200": 2**200})
def _(value):
    cursor = table("f double, v varchar(100)")
    execute(cursor, f"insert into T ({'f' if isinstance(value, float) else 'v'}) values (?)", [value])
    execute(cursor, "select f, v from T")
    return cursor.fetchone()


# -- description ----------------------------------------------------------------------------------------------------------------------------

cursor = table("i integer not null, " + ", ".join(f"c{n} {kind}" for n, kind in enumerate(TYPES)))
cursor = db.cursor()
execute(cursor, "select i, " + ", ".join(f"c{n}" for n in range(len(TYPES))) + " from T")
FIELDS = ["name", "type_code", "display_size", "internal_size", "precision", "scale", "null_ok"]
for kind, column in zip(["INTEGER NOT NULL", *TYPES], cursor.description):
    for field, value in zip(FIELDS, column):
        # A SQLType and a bool are the numbers that they are made of.
        out[f"description of {kind}: {field}"] = text(int(value) if field in ("type_code", "null_ok") else value)
    for each in ("STRING", "BINARY", "NUMBER", "DATETIME", "ROWID"):
        out[f"{kind} is {each}"] = text(bool(getattr(dbapi, each) == column[1]))


@case("description before a query")
def _():
    return db.cursor().description


@case("description after an insert")
def _():
    cursor = table("i integer")
    execute(cursor, "insert into T values (1)")
    return cursor.description


@case("description of an expression")
def _():
    cursor = db.cursor()
    execute(cursor, "select 1 + 1, 'x' as Name")
    return [column[0] for column in cursor.description]


# -- fetching -------------------------------------------------------------------------------------------------------------------------------


def ten():
    cursor = table("n integer, v varchar(20)")
    executemany(cursor, "insert into T values (?, ?)", [(n, f"v{n}") for n in range(10)])
    execute(cursor, "select n, v from T order by n")
    return cursor


@case("fetchone until the end")
def _():
    cursor = ten()
    return [row[0] for row in iter(cursor.fetchone, None)]


@case("fetchmany")
def _():
    cursor = ten()
    return [len(cursor.fetchmany(4)), len(cursor.fetchmany(4)), len(cursor.fetchmany(4)), len(cursor.fetchmany(4))]


@case("fetchmany without a size")
def _():
    cursor = ten()
    first = len(cursor.fetchmany())
    cursor.arraysize = 3
    return [first, len(cursor.fetchmany())]


@case("fetchall after fetchone, and again")
def _():
    cursor = ten()
    cursor.fetchone()
    return [len(cursor.fetchall()), len(cursor.fetchall()), cursor.fetchone()]


@case("iteration")
def _():
    return [row[1] for row in ten()][:3]


@case("unpacking a row")
def _():
    n, v = ten().fetchone()
    return [n, v]


@case("a row is equal to a tuple")
def _():
    return ten().fetchone() == (0, "v0")


@case("arraysize at first")
def _():
    return db.cursor().arraysize


@case("fetchone without a query")
def _():
    return db.cursor().fetchone()


@case("fetchall after an insert")
def _():
    cursor = table("n integer")
    execute(cursor, "insert into T values (1)")
    return cursor.fetchall()


# -- counts ---------------------------------------------------------------------------------------------------------------------------------


@case("rowcount before anything")
def _():
    return db.cursor().rowcount


@case("rowcount of a query, before and after fetching")
def _():
    cursor = ten()
    before = cursor.rowcount
    cursor.fetchall()
    return [before, cursor.rowcount]


@case("rowcount of insert, update, delete")
def _():
    ten()
    cursor, counts = db.cursor(), []
    for sql in ("insert into T values (10, 'x')", "update T set v = 'y' where n > 5", "delete from T where n < 3", "delete from T where n > 99"):
        execute(cursor, sql)
        counts.append(cursor.rowcount)
    return counts


@case("rowcount of create table")
def _():
    return table("n integer").rowcount


@case("lastrowid")
def _():
    cursor = table("id identity, n integer")
    execute(cursor, "insert into T (n) values (?)", [5])
    first = cursor.lastrowid
    execute(cursor, "insert into T (n) values (?)", [6])
    return [int(first), int(cursor.lastrowid)]


# -- executemany ----------------------------------------------------------------------------------------------------------------------------

BATCHES = {
    "lists": [[1, "a"], [2, "b"]],
    "tuples": ((1, "a"), (2, "b")),
    "a generator": None,
    "NULLs": [[None, "a"], [2, None]],
    "types that differ by row": [[1, "a"], ["2", 3], [Decimal("3"), ""]],
    "nothing": [],
}


@cases("executemany of {}", BATCHES)
def _(rows):
    cursor = table("n integer, v varchar(20)")
    executemany(cursor, "insert into T values (?, ?)", ((n, f"v{n}") for n in range(3)) if rows is None else rows)
    count = cursor.rowcount
    execute(cursor, "select n, v from T order by %ID")
    return [count, cursor.fetchall()]


@case("executemany of one column")
def _():
    cursor = table("n integer")
    executemany(cursor, "insert into T values (?)", [[1], [2]])
    execute(cursor, "select n from T order by n")
    return cursor.fetchall()


@case("executemany of bare values")
def _():
    cursor = table("v varchar(10)")
    executemany(cursor, "insert into T values (?)", ["one", "two"])
    execute(cursor, "select v from T order by v")
    return cursor.fetchall()


@case("executemany with a row that fails")
def _():
    cursor = table("n integer primary key, v varchar(20)")
    return executemany(cursor, "insert into T values (?, ?)", [[1, "a"], [2, "b"], [1, "c"]])


@case("executemany of updates")
def _():
    ten()
    cursor = db.cursor()
    executemany(cursor, "update T set v = ? where n >= ?", [["x", 8], ["y", 5]])
    return cursor.rowcount


# -- errors ---------------------------------------------------------------------------------------------------------------------------------

STATEMENTS = {
    "a syntax error": "selec 1",
    "a table that is not there": "select * from Diff.Nothing",
    "a column that is not there": "select nothing from T",
    "a duplicate key": "insert into T values (1, 'b')",
    "a missing value": "insert into T values (null, 'b')",
    "a division by zero": "select 1 / 0 from T",
    "a text that is no number": "insert into T values ('x', 'b')",
    "a table that is there already": "create table T (n integer)",
    "a text that is too long": "insert into T values (2, 'much too long a text')",
    "a date that is none": "select cast('2024-02-30' as date)",
}


@cases("error: {}", STATEMENTS)
def _(sql):
    cursor = table("n integer primary key, v varchar(5)")
    execute(cursor, "insert into T values (1, 'a')")
    execute(cursor, sql)
    return cursor.fetchall()


@case("error: too few parameters")
def _():
    db.cursor().execute("select ?, ?", [1])


@case("error: too many parameters")
def _():
    # Theirs counts the values of a statement that it does not know, and gets to know so many in one connection.
    with contextlib.closing(connect()) as other:
        other.cursor().execute("select ?", [1])
        other.cursor().execute("select ?", [1, 2])


@case("error: a wrong password")
def _():
    connect("wrong")


@case("error: nobody listens")
def _():
    connect(port=1)


@case("error: a closed cursor")
def _():
    cursor = db.cursor()
    cursor.close()
    execute(cursor, "select 1")


@case("error: a closed connection")
def _():
    other = connect()
    other.close()
    other.cursor().execute("select 1")


@case("error: a cursor of a closed connection")
def _():
    other = connect()
    cursor = other.cursor()
    other.close()
    execute(cursor, "select 1")


@case("the connection works after an error")
def _():
    cursor = db.cursor()
    execute(cursor, "select 42")
    return cursor.fetchone()


# -- transactions ---------------------------------------------------------------------------------------------------------------------------


def count_from_outside():
    other = connect()
    cursor = other.cursor()
    execute(cursor, "select count(*) from T")
    found = cursor.fetchone()[0]
    other.close()
    return found


@case("an insert without commit, seen from outside")
def _():
    cursor = table("n integer")
    execute(cursor, "insert into T values (1)")
    return count_from_outside()


@case("an insert on a new connection without commit, seen from outside")
def _():
    table("n integer")
    other = connect()
    execute(other.cursor(), "insert into T values (1)")
    found = count_from_outside()
    other.close()
    return found


@case("an insert after commit")
def _():
    cursor = table("n integer")
    execute(cursor, "insert into T values (1)")
    db.commit()
    return count_from_outside()


# -- procedures -----------------------------------------------------------------------------------------------------------------------------

SCHEMA = f"Proc_{sys.argv[1]}"
for each in (
    "Mix(IN a INTEGER, INOUT b INTEGER, OUT c VARCHAR(20)) BEGIN SET b = b + a; SET c = 'got ' || a; END",
    "Twice(IN a NUMERIC(10,2)) RETURNS NUMERIC(10,2) BEGIN RETURN a * 2; END",
    "Out(IN a INTEGER, OUT d DATE, OUT n NUMERIC(10,2), OUT e VARCHAR(10), OUT z VARCHAR(10)) "
    "BEGIN SET d = cast('2024-02-29' as date); SET n = 2.5; SET e = ''; SET z = NULL; END",
    "One(IN low INTEGER) BEGIN SELECT n, v FROM T WHERE n >= low ORDER BY n; END",
    "Several(IN low INTEGER) DYNAMIC RESULT SETS 2 BEGIN SELECT n FROM T WHERE n < low ORDER BY n; SELECT v FROM T WHERE n >= low ORDER BY n; END",
):
    ten()
    query(f"CREATE PROCEDURE {SCHEMA}.{each}")
db.commit()

CALLS = {
    "INOUT and OUT": ("{{call {0}.Mix(?, ?, ?)}}", [7, 3, None]),
    "INOUT alone given": ("{{call {0}.Mix(?, ?, ?)}}", [7, 3]),
    "a returned value": ("{{? = call {0}.Twice(?)}}", [Decimal("1.25")]),
    "NULL in": ("{{call {0}.Mix(?, ?, ?)}}", [None, 3, None]),
    "types that come out": ("{{call {0}.Out(?, ?, ?, ?, ?)}}", [1]),
    "without braces": ("call {0}.Mix(?, ?, ?)", [7, 3]),
    "no such procedure": ("{{call {0}.Nothing(?)}}", [1]),
    "its name alone": ("{0}.Mix", [7, 3]),
}


@cases("callproc: {}", CALLS)
def _(given):
    call, values = given
    return db.cursor().callproc(call.format(SCHEMA), values)


@case("callproc: a result set")
def _():
    cursor = db.cursor()
    cursor.callproc(f"{{call {SCHEMA}.One(?)}}", (7,))
    return [[column[0] for column in cursor.description], cursor.fetchall()]


@case("callproc: several result sets")
def _():
    cursor = db.cursor()
    cursor.callproc(f"{{call {SCHEMA}.Several(?)}}", (8,))
    sets = [cursor.fetchall()]
    while cursor.nextset():
        sets.append(cursor.fetchall())
    return sets


@case("nextset of a query")
def _():
    return bool(query("select 1").nextset())


# -- the module -----------------------------------------------------------------------------------------------------------------------------


@case("module attributes")
def _():
    return [dbapi.apilevel, dbapi.paramstyle, dbapi.threadsafety]


for each in ("Date(2024, 2, 29)", "Time(10, 20, 30)", "Timestamp(2024, 2, 29, 10, 20, 30)", "Binary(b'ab')"):

    @case(each)
    def _(each=each):
        return eval(f"dbapi.{each}")


db.close()
print(json.dumps(out))
