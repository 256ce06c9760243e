"""The GIL is given up while the server is waited for; cancel() from another thread; Ctrl-C; connections shared by threads."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

import irislink

# Many rows by joins alone: long enough to be stopped, and bounded when it is not.
SLOW = "select count(*) from py_ten a, py_ten b, py_ten c, py_ten d, py_ten e, py_ten f, py_ten g, py_ten h"


@pytest.fixture(autouse=True, scope="module")
def ten(sandbox):
    with irislink.connect(sandbox.uri(), autocommit=True) as db:
        db.execute("create table py_ten (n integer)")
        db.cursor().executemany("insert into py_ten values (?)", range(10))


def in_thread(work):
    out = []

    def run():
        try:
            out.append(work())
        except BaseException as failed:  # noqa: BLE001
            out.append(failed)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, out


def cancel_when_running(db, seconds=20):
    until = time.monotonic() + seconds
    while not db.cancel():
        assert time.monotonic() < until, "nothing ran"
        time.sleep(0.01)


def test_cancel_from_another_thread(connect):
    db = connect()
    counted = 0
    thread, out = in_thread(lambda: db.execute(SLOW).fetchall())
    # The interpreter runs on meanwhile.
    until = time.monotonic() + 0.2
    while time.monotonic() < until:
        counted += 1
    cancel_when_running(db)
    thread.join(30)
    assert not thread.is_alive() and counted > 1000
    assert isinstance(out[0], irislink.OperationalError) and out[0].sqlstate == "HY008"
    assert db.execute("select 1").fetchone() == (1,), "the connection lives on"
    assert db.cancel() is False


def test_two_connections_at_once(connect):
    """A statement that waits for the server keeps nobody else waiting."""
    slow, quick = connect(), connect()
    thread, out = in_thread(lambda: slow.execute(SLOW).fetchall())
    for _ in range(20):
        assert quick.execute("select 1").fetchone() == (1,)
    cancel_when_running(slow)
    thread.join(30)
    assert out[0].sqlstate == "HY008"


def test_threads_share_a_connection(db, table):
    name = table("thread integer, n integer")

    def work(number):
        cursor = db.cursor()
        for n in range(40):
            cursor.execute(f"insert into {name} values (?, ?)", [number, n])
            assert cursor.rowcount == 1
            rows = db.execute(f"select n from {name} where thread = ? order by n", [number]).fetchall()
            assert rows == [(i,) for i in range(n + 1)]
        return "done"

    threads = [in_thread(lambda number=number: work(number)) for number in range(6)]
    for thread, _ in threads:
        thread.join(60)
    assert [out for _, out in threads] == [["done"]] * 6


def test_cursors_die_in_any_thread(db):
    """Results that are dropped by whichever thread say nothing on a line that others use."""
    stop = threading.Event()

    def litter():
        while not stop.is_set():
            db.execute("select a.n from py_ten a, py_ten b, py_ten c, py_ten d").fetchmany(3)
        return "done"

    thread, out = in_thread(litter)
    for _ in range(30):
        assert len(db.execute("select n from py_ten").fetchall()) == 10
    stop.set()
    thread.join(30)
    assert out == ["done"]


def test_close_while_another_thread_waits(connect):
    db = connect()
    thread, out = in_thread(lambda: db.execute(SLOW).fetchall())
    cancel_when_running(db)
    db.close()
    thread.join(30)
    assert isinstance(out[0], irislink.Error)


def test_rows_may_come_from_the_connection_itself(db):
    class Rows:
        def __iter__(self):
            yield 1
            # The line is free while rows are made.
            assert db.execute("select 1").fetchone() == (1,)
            yield 2

    cursor = db.cursor().executemany("delete from py_ten where n = ? and 1 = 0", Rows())
    assert cursor.rowcount == 0


INTERRUPTED = """
import os, signal, sys, threading, time
import irislink
db = irislink.connect(sys.argv[1])
def interrupt():
    time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt).start()
began = time.monotonic()
try:
    db.execute(sys.argv[2]).fetchall()
except KeyboardInterrupt:
    assert time.monotonic() - began < 15
    assert db.execute("select 1").fetchone() == (1,)
    print("interrupted, and the connection lives")
"""


def test_ctrl_c_stops_the_statement(sandbox):
    done = subprocess.run([sys.executable, "-c", INTERRUPTED, sandbox.uri(), SLOW], capture_output=True, text=True, timeout=60)
    assert done.stdout == "interrupted, and the connection lives\n", done.stderr


def test_a_handler_that_does_not_raise_goes_unnoticed(connect):
    db = connect()
    seen = []
    before = signal.signal(signal.SIGUSR1, lambda *_: seen.append(1))
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGUSR1))
    stopper = threading.Timer(0.6, db.cancel)
    try:
        timer.start()
        stopper.start()
        with pytest.raises(irislink.OperationalError) as caught:
            db.execute(SLOW).fetchall()
        assert caught.value.sqlstate == "HY008" and seen == [1]
    finally:
        timer.cancel()
        stopper.cancel()
        signal.signal(signal.SIGUSR1, before)


def test_a_handler_that_uses_the_busy_connection_is_refused(connect):
    """Code that runs in the middle of a call, in its thread, cannot use the connection, and does not hang."""
    db = connect()
    before = signal.signal(signal.SIGUSR1, lambda *_: db.execute("select 1"))
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGUSR1))
    try:
        timer.start()
        with pytest.raises(irislink.ProgrammingError) as caught:
            db.execute(SLOW).fetchall()
        assert caught.value.sqlstate == "HY010"
        assert db.execute("select 1").fetchone() == (1,)
    finally:
        timer.cancel()
        signal.signal(signal.SIGUSR1, before)


class AlarmError(Exception):
    pass


@pytest.fixture
def alarm():
    """Has a signal's handler raise in `seconds`, once."""

    def ring(*_):
        raise AlarmError

    before = signal.signal(signal.SIGALRM, ring)
    yield lambda seconds: signal.setitimer(signal.ITIMER_REAL, seconds)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


# Rows come at once until the last, which takes its time: the first blocks are read when the alarm rings.
LATE = (
    "select 100 * a.n + 10 * b.n + c.n as n, repeat('x', 2000) as s from py_ten a, py_ten b, py_ten c "
    f"where 100 * a.n + 10 * b.n + c.n < 500 or ({SLOW.replace('count(*)', 'count(*) + 0 * max(h.n)')}) < 0"
)


def test_no_row_is_lost_when_a_handler_raises_between_blocks(connect, alarm):
    cursor = connect().execute(LATE)
    first = cursor.fetchmany(3)
    with pytest.raises(AlarmError):
        alarm(1)
        cursor.fetchall()
    assert cursor.rownumber == 3
    rows = [*first, cursor.fetchone(), *cursor.fetchmany(2)]
    with pytest.raises(irislink.ProgrammingError):
        cursor.fetch_arrow_stream()
    assert rows == [(n, "x" * 2000) for n in range(6)]
    # What comes behind the interrupted block is gone on the server, which is said as often as one asks.
    for fetch in (cursor.fetchall, cursor.fetchall, lambda: cursor.fetchmany(10000)):
        with pytest.raises(irislink.OperationalError) as caught:
            fetch()
        assert caught.value.sqlstate == "HY008"
    while len(rows) < 100:
        rows += cursor.fetchmany(7)
    assert rows == [(n, "x" * 2000) for n in range(len(rows))]


def test_no_batch_is_lost_when_a_handler_raises(connect, alarm):
    cursor = connect().execute(LATE)
    batches = cursor.fetch_arrow_stream(max_bytes=100_000)
    read = 0
    with pytest.raises(AlarmError):
        alarm(1)
        for each in batches:
            assert len(each) == 50
            read += len(each)
    for fetch in (lambda: next(batches), lambda: next(batches), cursor.fetchall, cursor.fetchone):
        with pytest.raises(irislink.OperationalError) as caught:
            fetch()
        assert caught.value.sqlstate == "HY008"
    assert read == cursor.rownumber


def test_deadline(connect):
    db = connect(query_timeout=1)
    with pytest.raises(irislink.OperationalError) as caught:
        db.execute(SLOW).fetchall()
    assert caught.value.sqlstate == "HYT00"


def test_fork(connect):
    db = connect()
    child = os.fork()
    if child == 0:
        try:
            db.execute("select 1")
        except irislink.Error as refused:
            os._exit(0 if refused.sqlstate == "HY010" else 1)
        os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert db.execute("select 1").fetchone() == (1,), "the parent's connection is untouched"


def test_a_child_closes_a_connection_that_a_thread_is_using(connect):
    db = connect()
    thread, out = in_thread(lambda: db.execute(SLOW).fetchall())
    time.sleep(0.2)
    child = os.fork()
    if child == 0:
        db.close()
        os._exit(7)
    until = time.monotonic() + 10
    ended = (0, 0)
    while ended[0] == 0 and time.monotonic() < until:
        ended = os.waitpid(child, os.WNOHANG)
        time.sleep(0.01)
    if ended[0] == 0:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    cancel_when_running(db)
    thread.join()
    assert os.waitstatus_to_exitcode(ended[1]) == 7 and ended[0] == child
    assert out


def test_a_list_that_changes_while_its_values_are_taken(connect):
    values = []

    class Emptying:
        def __index__(self):
            values.clear()
            return 1

    values[:] = [Emptying(), "x" * 100]
    assert connect().execute("select cast(? as integer), ?", values).fetchone() == (1, "x" * 100)
