"""pyodbc, as pip installs it."""

import datetime
import decimal
import sys

import pyodbc
from tap import BIG, case, equal, run

DB = pyodbc.connect("DSN=box", autocommit=True)


def cursor():
    return DB.cursor()


def refused(state, call):
    try:
        call()
    except pyodbc.Error as error:
        equal(error.args[0], state)
        return str(error)
    raise AssertionError("was not refused")


@case
def ddl_and_catalog():
    cursor().execute("create table p_ddl (Id integer not null primary key, Label varchar(20) not null, D numeric(18,4))")
    equal(
        [(c.column_name, c.type_name, c.nullable) for c in cursor().columns(table="p_ddl")],
        [("Id", "INTEGER", 0), ("Label", "VARCHAR", 0), ("D", "NUMERIC", 1)],
    )
    equal([t.table_name for t in cursor().tables(table="p\\_%", schema="SQLUser", tableType="TABLE")], ["p_ddl"])
    equal([k.column_name for k in cursor().primaryKeys("p_ddl")], ["Id"])
    cursor().execute("drop table p_ddl")
    equal(cursor().tables(table="p_ddl").fetchall(), [])


@case
def unicode_and_null():
    cursor().execute("create table p_u (n integer, s varchar(200))")
    texts = ["Ж äö € 😀 𝒳", "", None, "😀" * 100, "'", "e\u0301"]
    for n, text in enumerate(texts):
        cursor().execute("insert into p_u values (?, ?)", n, text)
    equal([row.s for row in cursor().execute("select s from p_u order by n")], texts)
    equal(cursor().execute("select n from p_u where s = ?", texts[0]).fetchval(), 0)
    equal(cursor().execute("select n from p_u where s is null").fetchval(), 2)
    equal(tuple(cursor().execute("select '😀', 'Ж'").fetchone()), ("😀", "Ж"))


@case
def decimals():
    cursor().execute("create table p_d (n integer, d numeric(18,4))")
    values = [decimal.Decimal(text) for text in ("0", "-0.0001", "12345678901234.5678", "-99999999999999.9999", "1")]
    cursor().executemany("insert into p_d values (?, ?)", list(enumerate(values)))
    equal([row.d for row in cursor().execute("select d from p_d order by n")], values)
    equal(cursor().execute("select n from p_d where d = ?", values[2]).fetchval(), 2)


@case
def numbers():
    cursor().execute("create table p_n (a tinyint, b smallint, c integer, d bigint, e double, f bit, g varbinary(20))")
    row = (-100, -32768, 2**31 - 1, -(2**63) + 1, 1.7976931348623157e308, False, b"\x00\xff")
    cursor().execute("insert into p_n values (?, ?, ?, ?, ?, ?, ?)", row)
    equal(tuple(cursor().execute("select * from p_n").fetchone()), row)


@case
def timestamps():
    cursor().execute("create table p_m (n integer, m timestamp, d date, t time)")
    moments = [datetime.datetime(2024, 2, 29, 23, 59, 58, 123456), datetime.datetime(1900, 1, 1, 0, 0, 0, 1), datetime.datetime(9999, 12, 31, 23, 59, 59)]
    for n, moment in enumerate(moments):
        cursor().execute("insert into p_m values (?, ?, ?, ?)", n, moment, moment.date(), moment.time().replace(microsecond=0))
    got = cursor().execute("select m, d, t from p_m order by n").fetchall()
    equal([tuple(row) for row in got], [(m, m.date(), m.time().replace(microsecond=0)) for m in moments])
    equal(cursor().execute("select n from p_m where m = ?", moments[0]).fetchval(), 0)


@case
def a_mebibyte_of_text_and_of_bytes():
    cursor().execute("create table p_l (n integer, body longvarchar, raw longvarbinary)")
    raw = bytes(range(256)) * 4096
    cursor().execute("insert into p_l values (1, ?, ?)", BIG, raw)
    body, back = cursor().execute("select body, raw from p_l").fetchone()
    equal((len(body), body == BIG, back == raw), (len(BIG), True, True))


@case
def errors():
    equal("NOWHERE" in refused("42S02", lambda: cursor().execute("select * from Nowhere")), True)
    cursor().execute("create table p_e (n integer not null primary key, s varchar(3))")
    cursor().execute("insert into p_e values (1, 'a')")
    refused("23000", lambda: cursor().execute("insert into p_e values (1, 'b')"))
    refused("42000", lambda: cursor().execute("selec"))
    refused("28000", lambda: pyodbc.connect("DSN=box;PWD=wrong"))
    refused("IM002", lambda: pyodbc.connect("DSN=nothing_of_the_kind"))


@case
def transactions():
    cursor().execute("create table p_t (n integer)")
    other = pyodbc.connect("DSN=box")
    other.execute("insert into p_t values (1)")
    other.rollback()
    other.execute("insert into p_t values (2)")
    other.commit()
    other.execute("insert into p_t values (3)")
    other.close()
    equal([row.n for row in cursor().execute("select n from p_t")], [2])


@case
def many_rows_by_arrays():
    cursor().execute("create table p_many (n integer, s varchar(20), d numeric(10,2), m timestamp)")
    rows = [(n, None if n % 7 == 0 else f"Ж{n}😀", decimal.Decimal(n) / 4, datetime.datetime(2024, 1, 1, 1, 1, n % 60, 500000)) for n in range(3000)]
    many = cursor()
    many.fast_executemany = True
    many.executemany("insert into p_many values (?, ?, ?, ?)", rows)
    equal([tuple(row) for row in cursor().execute("select * from p_many order by n")], rows)


@case
def several_cursors_at_once():
    first, second = cursor().execute("select n from p_many order by n"), cursor().execute("select n from p_many order by n desc")
    equal([(a.n, b.n) for a, b in zip(first, second)][::1000], [(0, 2999), (1000, 1999), (2000, 999)])


print("# version: pyodbc", pyodbc.version)
sys.exit(run())
