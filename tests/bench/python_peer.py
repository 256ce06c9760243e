"""The vendor's Python client on the replay server: python_peer.py PORT ROWS.

Prints rows per second of processor time and of elapsed time (medians of five rounds), for a loop over a
cursor that takes every value of every row. Exit status 1 when rows are missing.
"""

import statistics
import sys
import time

import iris

PORT, ROWS = int(sys.argv[1]), int(sys.argv[2])
ROUNDS = 5


def read_all(connection):
    cursor = connection.cursor()
    cursor.execute(f"SELECT * FROM replay_{ROWS}")
    count = 0
    while rows := cursor.fetchmany(1000):
        for _identifier, _big, _amount, _name, _at in rows:
            count += 1
    cursor.close()
    return count


connection = iris.connect("127.0.0.1", PORT, "USER", "demo", "demo")
if read_all(connection) != ROWS:
    sys.exit("rows are missing")
processor, elapsed = [], []
for _ in range(ROUNDS):
    started, used = time.perf_counter(), time.process_time()
    read_all(connection)
    processor.append(ROWS / (time.process_time() - used))
    elapsed.append(ROWS / (time.perf_counter() - started))
print(statistics.median(processor), statistics.median(elapsed))
