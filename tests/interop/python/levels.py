"""Runs in the virtual environment of one version of the vendor's Python client, once per line of standard input: key=value with tabs
between. Keys with a @ are for this program, all others are arguments of iris.connect.

@port: where to connect to on localhost; @work=all: every kind of statement, otherwise one query.
Answers "key=value" lines, and a full stop at the end of each case."""

import sys

import iris


def show(key, value):
    print(f"{key}={' '.join(str(value).split(chr(10)))}", flush=True)


def row(cursor, sql, parameters=()):
    cursor.execute(sql, list(parameters)) if parameters else cursor.execute(sql)
    return list(cursor.fetchone())


def everything(db):
    cursor = db.cursor()
    one = row(cursor, "SELECT 1, 'it''s', NULL, ''")
    show("literals", f"{one[0]} {one[1]} {'NULL' if one[2] is None else '?'} {one[3]!r}")
    for each in ("T", "Ten"):
        cursor.execute(f"DROP TABLE IF EXISTS LevelP.{each}")
    cursor.execute("CREATE TABLE LevelP.T (i INTEGER, v VARCHAR(200000))")
    cursor.execute("CREATE TABLE LevelP.Ten (n INTEGER, m INTEGER)")
    long_text = "".join(chr(0x3041 + i % 80) for i in range(100_000))
    cursor.execute("INSERT INTO LevelP.T (i, v) VALUES (?, ?)", [7, "Zoë 😀"])
    cursor.execute("INSERT INTO LevelP.T (i, v) VALUES (?, ?)", [8, long_text])
    one = row(cursor, "SELECT i, v FROM LevelP.T WHERE i < ? AND v = ?", [8, "Zoë 😀"])
    show("parameters", f"{one[0]} {one[1]}")
    show("long", row(cursor, "SELECT v FROM LevelP.T WHERE i = 8")[0] == long_text)
    cursor.execute("DROP TABLE IF EXISTS LevelP.L")
    cursor.execute("CREATE TABLE LevelP.L (l LONGVARCHAR)")
    stream = 3 * long_text + "😀"
    cursor.execute("INSERT INTO LevelP.L (l) VALUES (?)", [stream])
    show("stream", row(cursor, "SELECT l FROM LevelP.L")[0] == stream)
    cursor.execute("DELETE FROM LevelP.T")
    cursor.executemany("INSERT INTO LevelP.T (i, v) VALUES (?, ?)", [[n, long_text[n : n + 100]] for n in range(2000)])
    one = row(cursor, "SELECT COUNT(*), SUM(i), SUM(LENGTH(v)) FROM LevelP.T")
    show("batch", f"{one[0]} {one[1]} {one[2]}")
    # Two columns: 5.1.0 refuses lists of one value.
    cursor.executemany("INSERT INTO LevelP.Ten VALUES (?, ?)", [[n, n] for n in range(10)])
    cursor.execute("SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n AS n, 'text' FROM LevelP.Ten a, LevelP.Ten b, LevelP.Ten c, LevelP.Ten d")
    rows = cursor.fetchall()
    show("fetch", f"{len(rows)} {sum(r[0] for r in rows)}")
    cursor.close()


def run(line):
    case = dict(each.split("=", 1) for each in line.rstrip("\n").split("\t"))
    arguments = {key: value for key, value in case.items() if not key.startswith("@")}
    try:
        db = iris.connect(hostname="localhost", port=int(case["@port"]), namespace="USER", **arguments)
        show("login", "ok")
        cursor = db.cursor()
        show("user", row(cursor, "SELECT $USERNAME")[0])
        cursor.close()
        if case.get("@work") == "all":
            everything(db)
            show("end", "ok")
        db.close()
    except Exception as failed:  # noqa: BLE001 - the client's error classes differ between versions
        show("failed", f"{type(failed).__name__} {failed}")


for given in sys.stdin:
    run(given)
    print(".", flush=True)
