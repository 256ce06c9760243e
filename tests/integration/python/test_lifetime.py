"""Objects may go in any order, at any time; nothing is left behind."""

import gc
import resource
import subprocess
import sys
import weakref

import pytest

import irislink


def run(sandbox, program):
    return subprocess.run([sys.executable, "-X", "dev", "-c", program, sandbox.uri()], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    "end",
    [
        "",
        "del db, cursor",
        "del cursor; db.close()",
        "db.close(); cursor.close()",
        "cursor.loop = cursor; db.loop = db; del db, cursor",
        "import atexit; atexit.register(lambda: print('late', cursor.fetchone()))",
        "import threading; threading.Thread(target=lambda: db.execute('select 1')).start()",
        "import sys; sys.modules['kept'] = (cursor, db); sys.exit(0)",
        "raise KeyError('left')",
    ],
)
def test_the_interpreter_ends_with_open_cursors(sandbox, end):
    program = "import sys, irislink\ndb = irislink.connect(sys.argv[1])\ncursor = db.execute('select Name from %Dictionary.ClassDefinition')\n"
    program = (
        program.replace("select Name from %Dictionary.ClassDefinition", "select 1 union all select 2 union all select 3") + "assert cursor.fetchone()\n" + end
    )
    done = run(sandbox, program)
    assert done.returncode == (1 if "raise" in end else 0), done.stderr
    if "raise" not in end:
        assert done.stderr == ""
    if "late" in end:
        assert done.stdout == "late (2,)\n"


def test_a_result_keeps_nothing_that_a_closed_connection_needs(connect, db, table):
    name = table("n integer, s varchar(100)")
    db.cursor().executemany(f"insert into {name} values (?, ?)", [(i, "x" * 90) for i in range(5000)])
    other = connect()
    cursor = other.execute(f"select n, s from {name}")
    first = cursor.fetchmany(10)
    other.close()
    with pytest.raises(irislink.InterfaceError):
        cursor.fetchmany(10)
    assert len(first) == 10
    del other, cursor
    gc.collect()
    # A connection that lives on while its cursors die unread.
    for _ in range(50):
        db.execute(f"select n, s from {name}").fetchmany(2)
    assert db.execute("select 1").fetchone() == (1,)


def test_weak_references(connect):
    db = connect()
    cursor = db.cursor()
    there = weakref.ref(db), weakref.ref(cursor)
    del cursor
    assert there[1]() is None
    db.close()


def test_a_connection_that_is_dropped_is_closed(sandbox):
    with irislink.connect(sandbox.uri(), autocommit=True) as watcher:
        watcher.execute("create table py_drop (n integer)")
        db = irislink.connect(sandbox.uri())
        db.execute("insert into py_drop values (1)")
        seen = weakref.ref(db)
        del db
        gc.collect()
        assert seen() is None
        # Its transaction was rolled back, or this would wait for its locks.
        watcher.execute("insert into py_drop values (2)")
        assert watcher.execute("select n from py_drop").fetchall() == [(2,)]


def growth(work, rounds, warm):
    """Kilobytes by which the process has grown over `rounds`, after `warm` rounds."""
    for _ in range(warm):
        work()
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(rounds):
        work()
    gc.collect()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before


def test_connections_leave_nothing_behind(sandbox):
    def once():
        db = irislink.connect(sandbox.uri())
        db.execute("select 1").fetchone()
        db.close()

    assert growth(once, 100, 30) < 2000


def test_rows_and_errors_leave_nothing_behind(db, table):
    name = table("n integer, s varchar(100), d numeric(9,2), m timestamp")
    db.cursor().executemany(f"insert into {name} values (?, ?, 1.25, '2024-01-02 03:04:05.678')", [(i, f"Ж{i}") for i in range(2000)])

    def once():
        assert len(db.execute(f"select * from {name}").fetchall()) == 2000
        for wrong in ("selec", "select ?"):
            with pytest.raises(irislink.Error):
                db.execute(wrong, [2**64] if "?" in wrong else None)

    # 120 000 rows: a lost reference per cell would be megabytes.
    assert growth(once, 60, 15) < 4000


def test_reference_counts(db):
    values = ("".join(("one of ", "its own")), 12345678901, b"bytes")
    before = [sys.getrefcount(each) for each in values]
    for _ in range(100):
        db.execute("select ?, ?, ?", values).fetchall()
    assert [sys.getrefcount(each) for each in values] == before
    none = sys.getrefcount(None)
    for _ in range(1000):
        db.execute("select null").fetchall()
    assert abs(sys.getrefcount(None) - none) < 100
