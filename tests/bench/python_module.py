"""The Python module on the replay server, beside pyodbc over the ODBC driver: python_module.py PORT ROWS DRIVER ROUNDS.

Prints "NAME VALUE" lines: medians of rounds in which each work runs once, so that what else the machine does meets all
alike. Works that have a peer elsewhere count elapsed time; those that are compared within this process count its
processor time, all threads together. Exit status 1 when rows are missing or differ.
"""

import asyncio
import datetime
import decimal
import os
import statistics
import sys
import tempfile
import time

PORT, ROWS, DRIVER, ROUNDS = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
CONNECTIONS = 100
SINGLE = ROWS // 20  # statements of the loop that executemany() is compared with
TARGET = f"iris://demo:demo@127.0.0.1:{PORT}/USER"
QUERY = f"SELECT * FROM replay_{ROWS}"
PART = f"SELECT * FROM replay_{ROWS // CONNECTIONS}"
INSERT = "INSERT INTO replay VALUES (?, ?, ?, ?, ?)"


def rows_to_send():
    at = datetime.datetime(2026, 3, 14, 9, 0, 0, 123456)
    return [(n, n * 1_000_003, decimal.Decimal(n).scaleb(-2), "Zoë Müller, Köln  ", at + datetime.timedelta(seconds=n % 3600)) for n in range(ROWS)]


def main(folder):
    with open(os.path.join(folder, "odbcinst.ini"), "w", encoding="utf-8") as out:
        out.write(f"[irislink]\nDriver={DRIVER}\nThreading=0\n")
    os.environ["ODBCSYSINI"] = folder
    import pyodbc

    import irislink
    from irislink import aio

    ours = irislink.connect(TARGET, autocommit=True)
    peer = pyodbc.connect(f"Driver=irislink;Server=127.0.0.1;Port={PORT};Database=USER;UID=demo;PWD=demo", autocommit=True)
    if [tuple(row) for row in peer.cursor().execute(QUERY).fetchmany(2000)] != ours.execute(QUERY).fetchmany(2000):
        sys.exit("the rows differ")
    sent = rows_to_send()

    def single():
        cursor = ours.cursor()
        for row in sent[:SINGLE]:
            cursor.execute(INSERT, row)
        return SINGLE

    async def opened():
        return [await aio.connect(TARGET, autocommit=True) for _ in range(CONNECTIONS)]

    loop = asyncio.new_event_loop()
    many = loop.run_until_complete(opened())

    async def read(db):
        return await (await db.execute(PART)).fetchall()

    async def all_of_them():
        return await asyncio.gather(*map(read, many))

    # Both have all their rows in memory at the end: fresh memory costs as much as decoding.
    def one_after_another():
        return [ours.execute(PART).fetchall() for _ in range(CONNECTIONS)]

    works = {
        "fetchall": (ROWS, lambda: len(ours.execute(QUERY).fetchall())),
        "pyodbc_fetchall": (ROWS, lambda: len(peer.cursor().execute(QUERY).fetchall())),
        "iteration": (ROWS, lambda: sum(1 for _ in ours.execute(QUERY))),
        "pyodbc_iteration": (ROWS, lambda: sum(1 for _ in peer.cursor().execute(QUERY))),
        # What pyarrow.table(cursor) takes over without a copy.
        "arrow": (ROWS, lambda: sum(len(batch) for batch in ours.execute(QUERY).fetch_arrow_stream())),
        "executemany": (ROWS, lambda: ours.cursor().executemany(INSERT, sent).rowcount),
        "execute": (SINGLE, single),
        "blocking": (ROWS, lambda: sum(map(len, one_after_another()))),
        "asyncio": (ROWS, lambda: sum(map(len, loop.run_until_complete(all_of_them())))),
    }
    elapsed = {name: [] for name in works}
    processor = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, (count, work) in works.items():
            began, used = time.perf_counter(), time.process_time()
            if work() != count:
                sys.exit(f"rows are missing: {name}")
            processor[name].append(count / (time.process_time() - used))
            elapsed[name].append(count / (time.perf_counter() - began))
    for name in works:
        print(name, statistics.median(elapsed[name]))
        print(f"{name}_processor", statistics.median(processor[name]))
    loop.close()


with tempfile.TemporaryDirectory() as made:
    main(made)
