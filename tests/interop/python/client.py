"""Runs in the virtual environment of one version of the vendor's Python client; prints one JSON object.

argv: port. Every key is one fact that the test compares."""

import datetime
import decimal
import json
import sys

import iris
from outcome import error_of

PORT = int(sys.argv[1])
out = {}


def connect(password="DemoPass1"):
    return iris.connect("127.0.0.1", PORT, "USER", "demo", password)


def rows(cursor, sql, parameters=None):
    cursor.execute(sql, parameters) if parameters is not None else cursor.execute(sql)
    return [[plain(v) for v in row] for row in cursor.fetchall()]


def plain(v):
    if isinstance(v, (decimal.Decimal, datetime.date, datetime.time, datetime.datetime)):
        return f"{type(v).__name__}:{v}"
    return v


out["refused"] = error_of(lambda: connect("wrong"))
db = connect()
cur = db.cursor()
cur.execute("DROP TABLE IF EXISTS Vendor.T")
cur.execute(
    "CREATE TABLE Vendor.T (id IDENTITY, i INTEGER, big BIGINT, n NUMERIC(18,4), d DOUBLE, v VARCHAR(100000), "
    "day DATE, tm TIME, ts TIMESTAMP, flag BIT, k INTEGER UNIQUE)"
)
out["literals"] = rows(cur, "SELECT 1, 'it''s', NULL, ''")
insert = "INSERT INTO Vendor.T (i, big, n, d, v, day, tm, ts, flag) VALUES (?,?,?,?,?,?,?,?,?)"
cur.execute(insert, [7, 2**63 - 1, decimal.Decimal("12345.6789"), 0.1, "Zoë 😀", "2024-02-29", "10:20:30", "2024-02-29 10:20:30.5", 1])
cur.execute(insert, [-7, -(2**63), decimal.Decimal("-0.0001"), -2.5e300, "", None, None, None, 0])
cur.execute(insert, [None] * 9)
out["values"] = rows(cur, "SELECT i, big, n, d, v, day, tm, ts, flag FROM Vendor.T ORDER BY id")
out["identity"] = rows(cur, "SELECT LAST_IDENTITY()")
cur.execute("INSERT INTO Vendor.T (v) VALUES (?)", ["ä" * 70000])
out["long"] = [len(r[0]) for r in rows(cur, "SELECT v FROM Vendor.T WHERE LENGTH(v) > 1000")]
out["parameters"] = rows(cur, "SELECT i FROM Vendor.T WHERE i > ? AND v = ?", [0, "zoë 😀"])
cur.execute("DELETE FROM Vendor.T")
cur.executemany("INSERT INTO Vendor.T (i, v) VALUES (?, ?)", [[n, f"row {n}"] for n in range(500)])
out["batch"] = rows(cur, "SELECT COUNT(*), SUM(i), MIN(v), MAX(i) FROM Vendor.T")

# Transactions, seen from a second connection.
other = connect()
look = other.cursor()
db.setAutoCommit(False) if hasattr(db, "setAutoCommit") else setattr(db, "autocommit", False)
cur.execute("DELETE FROM Vendor.T WHERE i >= 250")
out["uncommitted"] = rows(look, "SELECT COUNT(*) FROM Vendor.T")
db.rollback()
out["rolled back"] = rows(look, "SELECT COUNT(*) FROM Vendor.T")
cur.execute("DELETE FROM Vendor.T WHERE i >= 400")
db.commit()
out["committed"] = rows(look, "SELECT COUNT(*) FROM Vendor.T")
db.setAutoCommit(True) if hasattr(db, "setAutoCommit") else setattr(db, "autocommit", True)
other.close()

out["syntax error"] = error_of(lambda: cur.execute("SELEC 1"))
out["missing table"] = error_of(lambda: cur.execute("SELECT * FROM Vendor.Nothing"))
cur.execute("INSERT INTO Vendor.T (k) VALUES (1)")
out["duplicate"] = error_of(lambda: cur.execute("INSERT INTO Vendor.T (k) VALUES (1)"))

out["again"] = [rows(cur, "SELECT i FROM Vendor.T WHERE i = ?", [n])[0][0] for n in range(50)]
# Tables that come again with columns of other types, under statements that were executed before.
out["other types"] = []
for kind, value in (("INTEGER", 5), ("VARCHAR(20)", "five"), ("NUMERIC(9,2)", "5.25"), ("DATE", "2024-02-29"), ("BIGINT", 2**40)):
    cur.execute("DROP TABLE IF EXISTS Vendor.Other")
    cur.execute(f"CREATE TABLE Vendor.Other (a {kind})")
    cur.execute("INSERT INTO Vendor.Other VALUES (?)", [value])
    out["other types"].append([rows(cur, "SELECT a FROM Vendor.Other WHERE 1 = ?", [1])[0][0] for _ in range(3)])
cur.execute("DROP TABLE IF EXISTS Vendor.Ten")
cur.execute("CREATE TABLE Vendor.Ten (n INTEGER, m INTEGER)")
# Two columns: 5.1.0 refuses lists of one value.
cur.executemany("INSERT INTO Vendor.Ten VALUES (?, ?)", [[n, n] for n in range(10)])
cur.execute(
    "SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n AS n, 'text' FROM Vendor.Ten a, Vendor.Ten b, Vendor.Ten c, Vendor.Ten d, Vendor.Ten e"
)
total = count = 0
while True:
    block = cur.fetchmany(1000)
    if not block:
        break
    count += len(block)
    total += sum(r[0] for r in block)
out["fetch"] = [count, total]
cur.close()
db.close()
print(json.dumps(out))
