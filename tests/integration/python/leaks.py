"""Does a process grow while it connects, reads rows and fails? Prints what it measured; ends with 1 when it grew.

    python leaks.py URI [--connections 100000] [--rows 10000000] [--limit KIB] [--replay]

With --replay the server is irislink-replay, which costs the least time, and has rows and nothing else.

The memory is what the process has resident once its allocator has given back what is free. Each part runs a tenth of
its size first, so that caches and pools are what they will be.
"""

import argparse
import ctypes
import gc
import os
import pathlib
import sys
import time

import irislink

TABLE = "py_leak"
# Ten thousand rows of five types and as many NULLs; read again and again, or joined with itself.
COLUMNS = "n integer, s varchar(40), d numeric(9,2), m timestamp, f double"
ROWS = 10_000


def resident():
    """KiB."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") // 1024


def prepare(db):
    db.execute(f"create table if not exists {TABLE} ({COLUMNS})")
    if db.execute(f"select count(*) from {TABLE}").fetchone() == (0,):
        rows = ((n, f"Ж{n}" if n % 3 else None, n / 4, "2024-01-02 03:04:05.678", n * 0.1) for n in range(ROWS))
        db.cursor().executemany(f"insert into {TABLE} values (?, ?, ?, ?, ?)", rows)


def connections(uri, query):
    def work(count):
        for n in range(count):
            db = irislink.connect(uri)
            cursor = db.execute(query)
            # Closed in either order, or dropped.
            if n % 3 == 0:
                cursor.fetchone()
                cursor.close()
                db.close()
            elif n % 3 == 1:
                db.close()
                cursor.close()

    return work


def query_of(count, replay):
    """A query with that many rows, up to the next ten thousand."""
    times = -(-count // ROWS)
    if replay:
        return f"select * from replay_{times * ROWS}"
    return f"select b.n, b.s, b.d, b.m, b.f from {TABLE} a, {TABLE} b where a.n < {times}"


def by_queries(db, replay, read):
    """One query after another; `read` takes the rows of one and counts them."""

    def work(count):
        while count > 0:
            count -= read(db.execute(query_of(ROWS, replay)))

    return work


def of_one_query(db, replay, read):
    """All rows of one query, by `read`."""

    def work(count):
        got = read(db.execute(query_of(count, replay)))
        assert count <= got < count + ROWS, got

    return work


def in_blocks(cursor):
    count = 0
    while rows := cursor.fetchmany(1000):
        count += len(rows)
    return count


def failures(db):
    def work(count):
        for n in range(count):
            try:
                db.execute(*(("selec", None), ("select ?", [2**64]), ("select ?", [object()]), ("select ?", []))[n % 4])
            except irislink.Error:
                continue
            raise AssertionError("no error")

    return work


def calls(db):
    db.execute(
        f"create or replace procedure PyLeak.P(in a integer, inout b varchar(50)) dynamic result sets begin select a; set b = b || a; select n from {TABLE}; end"
    )

    def work(count):
        cursor = db.cursor()
        for n in range(count):
            assert cursor.callproc("PyLeak.P", [n, "b"]) == [n, f"b{n}"]
            if n % 2:
                cursor.nextset()
                cursor.fetchmany(10)
            if n % 5 == 0:
                cursor = db.cursor()

    return work


def measure(name, work, count, limit):
    work(max(1, count // 10))
    before, began = resident(), time.monotonic()
    work(count)
    after = resident()
    print(
        f"{name:28} {count:>9}  {before / 1024:7.1f} MiB before, {after / 1024:7.1f} after, {after - before:+} KiB, {time.monotonic() - began:.1f} s",
        flush=True,
    )
    return after - before <= limit


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("uri")
    parser.add_argument("--connections", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--limit", type=int, default=2048, help="KiB that a part may grow by")
    parser.add_argument("--replay", action="store_true")
    asked = parser.parse_args()
    good = []
    with irislink.connect(asked.uri, autocommit=True) as db:
        parts = [
            ("rows by fetchall", by_queries(db, asked.replay, lambda cursor: len(cursor.fetchall())), asked.rows),
            ("rows by fetchmany", of_one_query(db, asked.replay, in_blocks), asked.rows),
            ("rows by iteration", of_one_query(db, asked.replay, lambda cursor: sum(1 for _ in cursor)), asked.rows),
            ("rows by Arrow batches", of_one_query(db, asked.replay, lambda cursor: sum(map(len, cursor.fetch_arrow_stream(max_bytes=1 << 20)))), asked.rows),
        ]
        if not asked.replay:
            prepare(db)
            parts += [("statements that fail", failures(db), asked.rows // 500), ("calls of a procedure", calls(db), asked.rows // 1000)]
        for part in parts:
            good.append(measure(*part, asked.limit))
    query = "select * from replay_1" if asked.replay else "select 1"
    good.append(measure("connections", connections(asked.uri, query), asked.connections, asked.limit))
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
