"""Stored procedures through one version of the vendor's Python client; prints one JSON object. argv: port."""

import json
import sys

import iris
from outcome import error_of

out = {}
db = iris.connect("127.0.0.1", int(sys.argv[1]), "USER", "demo", "DemoPass1")
cur = db.cursor()


cur.execute("DROP SCHEMA IF EXISTS ProcP CASCADE")
cur.execute("CREATE TABLE ProcP.T (n INTEGER, v VARCHAR(20))")
cur.execute("CREATE PROCEDURE ProcP.Mix(IN a INTEGER, INOUT b INTEGER, OUT c VARCHAR(20)) BEGIN SET b = b + a; SET c = 'got ' || a; END")
cur.execute("CREATE PROCEDURE ProcP.Put(IN n INTEGER, IN v VARCHAR(20)) BEGIN INSERT INTO ProcP.T VALUES (:n, :v); END")
cur.execute("CREATE PROCEDURE ProcP.One(IN low INTEGER) BEGIN SELECT n, v FROM ProcP.T WHERE n >= low ORDER BY n; END")
cur.execute(
    "CREATE PROCEDURE ProcP.Several(IN low INTEGER) DYNAMIC RESULT SETS 2 BEGIN "
    "SELECT n FROM ProcP.T WHERE n < low ORDER BY n; SELECT v FROM ProcP.T WHERE n >= low ORDER BY n; END"
)
cur.execute(
    "CREATE PROCEDURE ProcP.Returning(IN a INTEGER, INOUT b INTEGER, OUT c VARCHAR(20)) RETURNS INTEGER "
    "BEGIN SET b = b + a; SET c = 'got ' || a; RETURN a * 2; END"
)
for n in range(1, 4):
    cur.callproc("{call ProcP.Put(?, ?)}", (n, "Zoë 😀" if n == 3 else f"row {n}"))
cur.execute("SELECT n, v FROM ProcP.T ORDER BY n")
out["put"] = [list(row) for row in cur.fetchall()]
out["mix"] = cur.callproc("{call ProcP.Mix(?, ?, ?)}", (7, 3))
out["returning"] = cur.callproc("{? = call ProcP.Returning(?, ?, ?)}", (7, 3))
cur.callproc("call ProcP.One(?)", (2,))
out["one"] = [list(row) for row in cur.fetchall()]
out["missing"] = error_of(lambda: cur.callproc("{call ProcP.Nothing(?)}", (1,)))
cur = db.cursor()
cur.callproc("{call ProcP.Several(?)}", (3,))
sets = [[list(row) for row in cur.fetchall()]]
while cur.nextset():
    sets.append([list(row) for row in cur.fetchall()])
out["several"] = sets
db.close()
print(json.dumps(out))
