"""The vendor's Python client and irislink on the replay server, in turns: python_peer.py PORT ROWS ROUNDS.

Prints "NAME VALUE" lines, rows per second: `peer` and `peer_processor` for a loop over a cursor that takes every value
of every row, `peer_fetchall`, `fetchall`, `peer_executemany` and `executemany` of elapsed time. Where the module
irislink cannot be imported by this interpreter its lines are missing. Exit status 1 when rows are missing.
"""

import datetime
import decimal
import statistics
import sys
import time

import iris

try:
    import irislink
except ImportError:
    irislink = None

PORT, ROWS, ROUNDS = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
QUERY = f"SELECT * FROM replay_{ROWS}"
INSERT = "INSERT INTO replay VALUES (?, ?, ?, ?, ?)"
AT = datetime.datetime(2026, 3, 14, 9, 0, 0, 123456)
SENT = [(n, n * 1_000_003, decimal.Decimal(n).scaleb(-2), "Zoë Müller, Köln  ", AT + datetime.timedelta(seconds=n % 3600)) for n in range(ROWS)]


def fetch_many(connection):
    cursor = connection.cursor()
    cursor.execute(QUERY)
    count = 0
    while rows := cursor.fetchmany(1000):
        for _identifier, _big, _amount, _name, _at in rows:
            count += 1
    cursor.close()
    return count


def fetch_all(connection):
    cursor = connection.cursor()
    cursor.execute(QUERY)
    count = len(cursor.fetchall())
    cursor.close()
    return count


def execute_many(connection):
    cursor = connection.cursor()
    cursor.executemany(INSERT, SENT)
    cursor.close()
    return ROWS


peer = iris.connect("127.0.0.1", PORT, "USER", "demo", "demo")
works = {"peer": (fetch_many, peer), "peer_fetchall": (fetch_all, peer), "peer_executemany": (execute_many, peer)}
if irislink is not None:
    ours = irislink.connect(f"iris://demo:demo@127.0.0.1:{PORT}/USER", autocommit=True)
    works |= {"fetchall": (fetch_all, ours), "executemany": (execute_many, ours)}
elapsed = {name: [] for name in works}
processor = {name: [] for name in works}
for _ in range(ROUNDS):
    for name, (work, connection) in works.items():
        began, used = time.perf_counter(), time.process_time()
        if work(connection) != ROWS:
            sys.exit(f"rows are missing: {name}")
        processor[name].append(ROWS / (time.process_time() - used))
        elapsed[name].append(ROWS / (time.perf_counter() - began))
for name in works:
    print(name, statistics.median(elapsed[name]))
    print(f"{name}_processor", statistics.median(processor[name]))
