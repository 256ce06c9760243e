"""Objects may go in any order, at any time; nothing is left behind."""

import gc
import itertools
import pathlib
import subprocess
import sys
import time
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


DAEMONS = """
import asyncio, decimal, sys, threading, time, uuid
import irislink
from irislink import _core, aio
SLOW = sys.argv[2]
def quietly(work):
    def run():
        while True:
            try:
                work()
            except irislink.Error:
                pass
    threading.Thread(target=run, daemon=True).start()
def rows():
    for n in range(50):
        yield n
def slow_rows():
    for n in range(50):
        time.sleep(0.001)
        yield n
def slow(*_):
    time.sleep(0.001)
    return '1'
class Number(decimal.Decimal):
    __str__ = slow
class Key(uuid.UUID):
    __str__ = slow
class Odd:
    __class__ = property(slow)
class Open:
    def __getattr__(self, name):
        raise AttributeError(slow())
async def batches():
    async with aio.connect(sys.argv[1]) as db:
        while True:
            await db.cursor().executemany('delete from py_daemon where n = ?', slow_rows())
"""
ASKED = "for value in (Number(1), Key(int=1), Odd(), Open()): db = irislink.connect(sys.argv[1]); quietly(lambda db=db, v=value: db.execute('select ?', [v]))"
KEYS = (
    "sys.setswitchinterval(1e-6)\n"
    "rows = ' union all '.join(['select cast(\\'00112233-4455-6677-8899-AABBCCDDEEFF\\' as uniqueidentifier)'] * 40)\n"
    "dbs = [irislink.connect(sys.argv[1]) for _ in range(4)]\n"
    "made = [next(_core.Batches(db.execute(rows)._result, 1 << 20, 0, False, False, None)) for db in dbs]\n"
    "for each in made: quietly(lambda each=each: each.objects(0))"
)

# Collections begin in the middle of whatever makes a container (with more elements than Python keeps empty ones for), and
# what they find takes its time; so does the end.
COLLECTED = """
import gc
gc.set_threshold(60, 0)
class Slow:
    def __init__(self):
        self.me = self
    def __del__(self, sleep=time.sleep):
        sleep(0.05)
class Last:
    def __del__(self, sleep=time.sleep):
        sleep(0.2)
last = Last()
"""
NESTED = COLLECTED + (
    "deep = ['x']\n"
    "for _ in range(90): deep = [deep] + [1] * 20\n"
    "quietly(lambda db=irislink.connect(sys.argv[1]): (Slow(), db.execute('select $listlength(?)', [deep])))"
)


@pytest.mark.parametrize(
    "work",
    [
        "db = irislink.connect(sys.argv[1])\nquietly(lambda: db.execute(SLOW).fetchall())",
        "quietly(lambda: irislink.connect(sys.argv[1]).execute(SLOW).fetchall())",
        "for _ in range(4): quietly(lambda: irislink.connect(sys.argv[1]).execute('select 1 union all select 2').fetchall())",
        "dbs = [irislink.connect(sys.argv[1]) for _ in range(4)]\n"
        "for db in dbs: quietly(lambda db=db: db.cursor().executemany('delete from py_daemon where n = ?', rows()))",
        ASKED,
        KEYS,
        "for _ in range(4): quietly(lambda: asyncio.run(batches()))  # py_daemon",
        "for _ in range(3): quietly(lambda: irislink.connect(sys.argv[1].replace('demo:', ':'), access_token=lambda: time.sleep(0.001) or ''))",
        NESTED,
    ],
)
def test_the_interpreter_ends_while_daemon_threads_are_in_calls(sandbox, work):
    with irislink.connect(sandbox.uri(), autocommit=True) as db:
        if "py_daemon" in work:
            db.execute("create table if not exists py_daemon (n integer)")
    slow = "select count(*) from " + ", ".join(f"(select 1 union all select 2 union all select 3) t{i}" for i in range(16))
    for pause in (0.1, 0.3):
        program = DAEMONS + work + f"\ntime.sleep({pause})\n"
        began = time.monotonic()
        checked = ["-X", "dev"] if work is NESTED else []  # memory that is given back without the GIL is seen then
        done = subprocess.run([sys.executable, *checked, "-c", program, sandbox.uri(), slow], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, ""), pause
        assert time.monotonic() - began < 15, "nothing is waited for that has no end"


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


def test_everything_goes_in_any_order(sandbox):
    """A connection, and what was made of it: closed or dropped, in every order."""
    with irislink.connect(sandbox.uri(), autocommit=True) as db:
        db.execute("create table py_order (n integer, body longvarchar)")
        db.cursor().executemany("insert into py_order values (?, ?)", [(n, "long" * 100_000) for n in range(3)])
        db.execute("create procedure PyOrder.P() dynamic result sets begin select n from py_order; select n from py_order; end")
    for dropped in (False, True):
        for order in itertools.permutations(range(4)):
            db = irislink.connect(sandbox.uri())
            streaming = db.cursor(stream_long=True).execute("select body from py_order")
            (stream,) = streaming.fetchone()
            assert stream.read(4) == "long"
            called = db.cursor()
            called.callproc("PyOrder.P")
            held = [db, called, stream, db.execute("select n from py_order").fetch_arrow_stream()]
            names = [weakref.ref(db), weakref.ref(called), weakref.ref(streaming)]
            del db, called, stream, streaming
            for each in order:
                if dropped:
                    held[each] = None
                elif hasattr(held[each], "close"):
                    held[each].close()
            del held
            gc.collect()
            assert [name() for name in names] == [None] * 3, order


FORKING = """
import os, sys
import irislink
db = irislink.connect(sys.argv[1])
cursor = db.execute("select 1 union all select 2 union all select 3")
assert cursor.fetchone() == (1,)
other = db.execute("select n from py_fork")
assert len(other.fetchmany(10)) == 10
child = os.fork()
if child == 0:
    if sys.argv[2] == "drop":
        del cursor, other, db
    if sys.argv[2] == "refused":
        try:
            other.fetchall()
        except irislink.ProgrammingError as refused:
            assert refused.sqlstate == "HY010"
    sys.exit(5)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 5
assert len(other.fetchall()) == 4990
assert cursor.fetchall() == [(2,), (3,)]
assert db.execute("select 4").fetchone() == (4,)
"""


@pytest.mark.parametrize("what", ["leave", "drop", "refused"])
def test_a_child_of_fork_ends_and_says_nothing_on_the_line(sandbox, what):
    with irislink.connect(sandbox.uri(), autocommit=True) as db:
        db.execute("create table if not exists py_fork (n integer)")
        db.execute("delete from py_fork")
        db.cursor().executemany("insert into py_fork values (?)", range(5000))
    done = subprocess.run([sys.executable, "-X", "dev", "-c", FORKING, sandbox.uri(), what], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


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


def test_nothing_grows(sandbox):
    """The sizes that leaks.py has by itself are for hands."""
    script = pathlib.Path(__file__).with_name("leaks.py")
    command = [sys.executable, script, sandbox.uri(), "--connections", "150", "--rows", "100000", "--limit", "1500"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stdout + done.stderr


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
