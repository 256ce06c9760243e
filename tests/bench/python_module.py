"""The Python module on the replay server, beside pyodbc over the ODBC driver:
python_module.py PORT ROWS DRIVER ROUNDS WORK...

Prints "NAME VALUE" lines: medians of rounds in which each WORK runs once, so that what else the machine does meets all
alike: elapsed time, and as NAME_processor the processor time of all threads together. Only what is compared should
share a process: memory that other works have left makes objects cheap. Exit status 1 when rows are missing or differ.
"""

import asyncio
import datetime
import decimal
import functools
import os
import statistics
import sys
import tempfile
import time

import irislink
from irislink import aio

PORT, ROWS, DRIVER, ROUNDS, WANTED = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), sys.argv[5:]
CONNECTIONS = 100
SINGLE = ROWS // 20  # statements of the loop that executemany() is compared with
TARGET = f"iris://demo:demo@127.0.0.1:{PORT}/USER"
QUERY = f"SELECT * FROM replay_{ROWS}"
PART = f"SELECT * FROM replay_{ROWS // CONNECTIONS}"
INSERT = "INSERT INTO replay VALUES (?, ?, ?, ?, ?)"


@functools.cache
def rows_to_send():
    at = datetime.datetime(2026, 3, 14, 9, 0, 0, 123456)
    return [(n, n * 1_000_003, decimal.Decimal(n).scaleb(-2), "Zoë Müller, Köln  ", at + datetime.timedelta(seconds=n % 3600)) for n in range(ROWS)]


@functools.cache
def pyodbc_connection(folder):
    with open(os.path.join(folder, "odbcinst.ini"), "w", encoding="utf-8") as out:
        out.write(f"[irislink]\nDriver={DRIVER}\nThreading=0\n")
    os.environ["ODBCSYSINI"] = folder
    import pyodbc

    made = pyodbc.connect(f"Driver=irislink;Server=127.0.0.1;Port={PORT};Database=USER;UID=demo;PWD=demo", autocommit=True)
    if [tuple(row) for row in made.cursor().execute(QUERY).fetchmany(2000)] != ours().execute(QUERY).fetchmany(2000):
        sys.exit("the rows differ")
    return made


@functools.cache
def ours():
    return irislink.connect(TARGET, autocommit=True)


@functools.cache
def plain():
    return [irislink.connect(TARGET, autocommit=True) for _ in range(CONNECTIONS)]


@functools.cache
def loop_with_connections():
    async def opened():
        return [await aio.connect(TARGET, autocommit=True) for _ in range(CONNECTIONS)]

    loop = asyncio.new_event_loop()
    return loop, loop.run_until_complete(opened())


def single():
    cursor = ours().cursor()
    for row in rows_to_send()[:SINGLE]:
        cursor.execute(INSERT, row)
    return SINGLE


# A result on each of as many connections, with asyncio and without; both have all rows in memory at the end, since fresh
# memory costs as much as decoding.
def one_after_another():
    return sum(map(len, [db.execute(PART).fetchall() for db in plain()]))


def at_once():
    loop, connections = loop_with_connections()

    async def read(db):
        return await (await db.execute(PART)).fetchall()

    async def all_of_them():
        return await asyncio.gather(*map(read, connections))

    return sum(map(len, loop.run_until_complete(all_of_them())))


def works_of(folder):
    def peer():
        return pyodbc_connection(folder).cursor().execute(QUERY)

    return {
        "fetchall": (ROWS, lambda: len(ours().execute(QUERY).fetchall())),
        "pyodbc_fetchall": (ROWS, lambda: len(peer().fetchall())),
        "iteration": (ROWS, lambda: sum(1 for _ in ours().execute(QUERY))),
        "pyodbc_iteration": (ROWS, lambda: sum(1 for _ in peer())),
        # What pyarrow.table(cursor) takes over without a copy.
        "arrow": (ROWS, lambda: sum(len(batch) for batch in ours().execute(QUERY).fetch_arrow_stream())),
        "arrow_fetchall": (ROWS, lambda: len(ours().execute(QUERY).fetchall())),
        "executemany": (ROWS, lambda: ours().cursor().executemany(INSERT, rows_to_send()).rowcount),
        "execute": (SINGLE, single),
        "blocking": (ROWS, one_after_another),
        "asyncio": (ROWS, at_once),
    }


def main(folder):
    works = {name: work for name, work in works_of(folder).items() if name in WANTED}
    elapsed = {name: [] for name in works}
    processor = {name: [] for name in works}
    for number in range(ROUNDS + 1):
        for name, (count, work) in works.items():
            began, used = time.perf_counter(), time.process_time()
            if work() != count:
                sys.exit(f"rows are missing: {name}")
            if number > 0:  # the first connects
                processor[name].append(count / (time.process_time() - used))
                elapsed[name].append(count / (time.perf_counter() - began))
    for name in works:
        print(name, statistics.median(elapsed[name]))
        print(f"{name}_processor", statistics.median(processor[name]))


with tempfile.TemporaryDirectory() as made:
    main(made)
