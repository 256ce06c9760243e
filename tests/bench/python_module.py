"""The Python module and pyodbc over the ODBC driver on the replay server: python_module.py PORT ROWS DRIVER.

Prints rows per second of elapsed time for fetchall() of the module and of pyodbc, then for iteration: medians of rounds in
which each runs once, so that what else the machine does meets both alike. Exit status 1 when rows are missing or differ.
"""

import os
import statistics
import sys
import tempfile
import time

PORT, ROWS, DRIVER = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
ROUNDS = 5


def rate(work):
    began = time.perf_counter()
    count = work()
    took = time.perf_counter() - began
    if count != ROWS:
        sys.exit("rows are missing")
    return ROWS / took


def main(folder):
    with open(os.path.join(folder, "odbcinst.ini"), "w", encoding="utf-8") as out:
        out.write(f"[irislink]\nDriver={DRIVER}\nThreading=0\n")
    os.environ["ODBCSYSINI"] = folder
    import pyodbc

    import irislink

    query = f"SELECT * FROM replay_{ROWS}"
    ours = irislink.connect(f"iris://demo:demo@127.0.0.1:{PORT}/USER")
    peer = pyodbc.connect(f"Driver=irislink;Server=127.0.0.1;Port={PORT};Database=USER;UID=demo;PWD=demo", autocommit=True)
    if [tuple(row) for row in peer.cursor().execute(query).fetchmany(2000)] != ours.execute(query).fetchmany(2000):
        sys.exit("the rows differ")
    works = [
        lambda: len(ours.execute(query).fetchall()),
        lambda: len(peer.cursor().execute(query).fetchall()),
        lambda: sum(1 for _ in ours.execute(query)),
        lambda: sum(1 for _ in peer.cursor().execute(query)),
    ]
    figures = [[rate(work) for work in works] for _ in range(ROUNDS)]
    print(*(statistics.median(each) for each in zip(*figures)))


with tempfile.TemporaryDirectory() as made:
    main(made)
