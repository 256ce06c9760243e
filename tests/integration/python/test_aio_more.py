"""irislink.aio: columns, long values in pieces, what is cancelled, other loops and other processes."""

import asyncio
import gc
import os
import resource
import signal
import subprocess
import sys
import time
import types

import pytest

import irislink
from irislink import aio

SLOW = "select count(*) from more_ten a, more_ten b, more_ten c, more_ten d, more_ten e, more_ten f, more_ten g, more_ten h"
TEXT = "😀Ж" * 100_000
BYTES = bytes(range(256)) * 1000


@pytest.fixture(autouse=True, scope="module")
def tables(sandbox):
    with irislink.connect(sandbox.uri(), autocommit=True) as db:
        db.execute("create table more_ten (n integer)")
        db.cursor().executemany("insert into more_ten values (?)", range(10))
        db.execute("create table more_k (k integer, v varchar(50))")
        db.cursor().executemany("insert into more_k values (?, ?)", [(i, None if i % 3 == 0 else f"text {i}") for i in range(5000)])
        db.execute("create table more_long (k integer, body longvarchar, data longvarbinary)")
        db.cursor().executemany("insert into more_long values (?, ?, ?)", [(0, TEXT, BYTES), (1, None, None), (2, "", b"\1"), (3, "short", BYTES)])
        db.execute("create table more_copy (k integer, v varchar(50))")
        db.execute("create table more_id (s varchar(10))")
        yield


def run(work):
    asyncio.run(asyncio.wait_for(work, 60))


def test_columns_without_any_library(sandbox):
    async def work():
        async with aio.connect(sandbox.uri(), autocommit=True) as db:
            query = "select k, v from more_k order by k"
            cursor = await db.execute(query)
            assert await cursor.fetchone() == (0, None)
            stream = await cursor.fetch_arrow_stream(1000)
            assert cursor.rownumber == 5000 and await cursor.fetchone() is None
            assert stream.shape == [("k", "i"), ("v", "u")]
            sizes = [len(batch) for batch in stream]
            assert sum(sizes) == 4999 and len(sizes) > 20
            # From cursor to table, as Arrow.
            stream = await (await db.execute(query)).fetch_arrow_stream(1000, dictionary=["v"])
            assert (await db.cursor().executemany("insert into more_copy values (?, ?)", stream)).rowcount == 5000
            copied = await (await db.execute("select k, v from more_copy order by k")).fetchall()
            assert copied == await (await db.execute(query)).fetchall()
            # Long values too.
            stream = await (await db.execute("select body, data from more_long order by k")).fetch_arrow_stream(1000)
            found = [(text, data) for batch in stream for text, data in zip(batch.objects(0), batch.objects(1))]
            assert found == [(TEXT, BYTES), (None, None), ("", b"\1"), ("short", BYTES)]
            cursor = await db.execute("select k from more_k where k < 0")
            assert len((await cursor.fetch_arrow_stream()).empty()) == 0

    run(work())


def test_columns_and_rows_of_one_result(sandbox):
    async def work():
        async with aio.connect(sandbox.uri()) as db:
            cursor = await db.execute("select k from more_k order by k")
            async for (k,) in cursor:
                assert k == 0 and cursor.rownumber == 1
                break
            with pytest.raises(irislink.ProgrammingError, match="read ahead"):
                await cursor.fetch_arrow_stream()
            assert len(await cursor.fetchall()) == 4999
            with pytest.raises(irislink.ProgrammingError, match="There are no rows"):
                await db.cursor().fetch_arrow_stream()
            cursor = await db.execute("select cast('12345678901' as varchar(20)) union all select 'x'")
            with pytest.raises(irislink.ProgrammingError, match="no column"):
                await cursor.fetch_arrow_stream(dictionary=["nowhere"])
            await db.execute("select 1")
            assert cursor.rownumber == 0

    run(work())


def test_the_loop_goes_on_while_batches_are_built(sandbox):
    async def work():
        async with aio.connect(sandbox.uri()) as db:
            steps = 0

            async def count():
                nonlocal steps
                while True:
                    steps += 1
                    await asyncio.sleep(0)

            counting = asyncio.ensure_future(count())
            cursor = await db.execute("select a.n, b.n, c.n, d.n from more_ten a, more_ten b, more_ten c, more_ten d, more_ten e")
            steps = 0
            stream = await cursor.fetch_arrow_stream()
            assert steps > 20
            assert sum(len(each) for each in stream) == 100_000
            counting.cancel()

    run(work())


def test_a_cancelled_read_of_columns_leaves_the_connection(sandbox):
    async def work():
        async with aio.connect(sandbox.uri()) as db:
            cursor = await db.execute("select a.n from more_ten a, more_ten b, more_ten c, more_ten d, more_ten e, more_ten f")
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(cursor.fetch_arrow_stream(), 0.05)
            assert await (await db.execute("select 1")).fetchone() == (1,)

    run(work())


def test_long_values_in_pieces(sandbox):
    async def work():
        async with aio.connect(sandbox.uri()) as db:
            async with db.cursor(stream_long=True) as cursor:
                await cursor.execute("select k, body, data from more_long order by k")
                k, body, data = await cursor.fetchone()
                assert k == 0 and isinstance(body, aio.LongStream) and isinstance(data, aio.LongStream)
                assert await body.read(3) == TEXT[:3] and await data.read(300) == BYTES[:300]
                pieces = [piece async for piece in body]
                assert len(pieces) > 3 and "".join(pieces) == TEXT[3:] and await body.read() == ""
                assert await data.read() == BYTES[300:] and await data.read(1) == b""
                with pytest.raises(irislink.ProgrammingError, match="one row"):
                    await cursor.fetchall()
                rest = []
                async for k, body, data in cursor:
                    rest.append((k, body and await body.read(), data and await data.read()))
                assert rest == [(1, None, None), (2, "", b"\1"), (3, "short", BYTES)]
                await cursor.execute("select body from more_long where k in (0, 3) order by k desc")
                (short,) = await cursor.fetchone()
                (body,) = await cursor.fetchone()
                with pytest.raises(irislink.ProgrammingError, match="row of this long value is gone"):
                    await short._connection._ask(lambda token: short._source.read(token, 10))
                await cursor.close()
                with pytest.raises(irislink.ProgrammingError):
                    await body.read()

    run(work())


def test_generated_keys_and_named_rows(sandbox):
    async def work():
        async with aio.connect(sandbox.uri(), autocommit=True) as db:
            cursor = await db.execute("insert into more_id values ('a')")
            first = await cursor.get_lastrowid()
            assert await cursor.get_lastrowid() == first
            await cursor.execute("insert into more_id values ('b')")
            assert await cursor.get_lastrowid() == first + 1
            await cursor.execute("insert into more_id values ('c')")
            await db.execute("select 1")
            assert await cursor.get_lastrowid() is None
            assert await (await db.execute("select 1")).get_lastrowid() is None

            async def many():
                for n in range(10_000):
                    yield {"s": str(n)}

            assert (await cursor.executemany("insert into more_id values (:s)", many())).rowcount == 10_000
            assert db.info["user"] == "demo" and db.info["job"] > 0
            await db.reset()

    run(work())


def test_the_statement_of_a_cancelled_task_stops_on_the_server(sandbox):
    """By its locks: as long as it runs, or waits for the answer of its cancellation, another's writes would wait."""

    async def work():
        async with aio.connect(sandbox.uri()) as db, aio.connect(sandbox.uri(), autocommit=True) as other:
            for _ in range(3):
                running = asyncio.ensure_future(db.execute("insert into more_copy (k) " + SLOW))
                await asyncio.sleep(0.2)
                assert not running.done()
                began = time.monotonic()
                running.cancel()
                running.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await running
                assert time.monotonic() - began < 5
            await db.rollback()
            await other.execute("insert into more_copy (k) values (-1)")
            assert time.monotonic() - began < 5
            # Whoever waits for a connection that is at work is cancelled without harm to it.
            running = asyncio.ensure_future(db.execute("select 7"))
            waiting = asyncio.ensure_future(db.execute("select 8"))
            await asyncio.sleep(0)
            waiting.cancel()
            assert await (await running).fetchall() == [(7,)]

    run(work())


class CancelledAsTheAnswerComes:
    """What a task sees that is cancelled between an answer and its own next step."""

    def __init__(self, db):
        self._post = db._post

    def __enter__(self):
        ask = self._post.ask

        async def cancelled(start, stop=None):
            await ask(start, stop)
            raise asyncio.CancelledError

        self._post.ask = cancelled

    def __exit__(self, kind, value, trace):
        del self._post.ask


def test_rows_are_not_lost_by_one_that_cannot_be_read(sandbox):
    async def work():
        async with aio.connect(sandbox.uri()) as db:
            await db.execute("create table more_fine (n integer, t time(9))")
            rows = [(n, "01:02:03" if n != 3 else "01:02:03.123456789") for n in range(6)]
            await db.cursor().executemany("insert into more_fine values (?, ?)", rows)
            for read_first in (0, 1):
                cursor = await db.execute("select n, t from more_fine order by n")
                assert len(await cursor.fetchmany(read_first)) == read_first
                with pytest.raises(irislink.DataError):
                    async for _ in cursor:
                        raise AssertionError("256 are read at once")
                assert cursor.rownumber == read_first
                assert [n async for n, _ in cursor] == [0, 1, 2, 4, 5][read_first:]

    run(work())


def test_rows_are_not_lost_by_a_cancellation(sandbox):
    async def work():
        async with aio.connect(sandbox.uri()) as db:
            wide = "select k, v, v || v || v || v || v || v || v || v from more_k order by k"
            whole = await (await db.execute(wide)).fetchall()
            cursor = await db.execute(wide)
            with CancelledAsTheAnswerComes(db), pytest.raises(asyncio.CancelledError):
                await cursor.fetchmany(5000)
            assert cursor.rownumber == 0
            assert await cursor.fetchall() == whole
            # Rows that were read ahead, taken while another task has the connection.
            cursor = await db.execute(wide)
            async for row in cursor:
                assert row == whole[0]
                break
            running = asyncio.ensure_future(db.execute(SLOW))
            await asyncio.sleep(0)
            for work in (cursor.fetchmany(10), cursor.fetchone(), cursor.fetchall()):
                fetching = asyncio.ensure_future(work)
                await asyncio.sleep(0)
                fetching.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await fetching
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
            assert cursor.rownumber == 1
            assert await cursor.fetchall() == whole[1:]

    run(work())


def test_a_row_of_long_values_is_not_lost_by_a_cancellation(sandbox):
    async def work():
        async with aio.connect(sandbox.uri()) as db:
            cursor = await db.cursor(stream_long=True).execute("select k, body, data from more_long where k in (0, 3) order by k desc")
            assert (await cursor.fetchone())[0] == 3
            with CancelledAsTheAnswerComes(db), pytest.raises(asyncio.CancelledError):
                await cursor.fetchone()
            assert cursor.rownumber == 1
            async for k, body, data in cursor:
                assert (k, await body.read(), await data.read()) == (0, TEXT, BYTES)
            assert cursor.rownumber == 2

    run(work())


def test_columns_that_are_cancelled_leave_no_rest_that_looks_whole(sandbox, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", types.SimpleNamespace(record_batch=lambda batch: batch))

    async def work():
        async with aio.connect(sandbox.uri()) as db:
            query = "select k, v from more_k order by k"
            cursor = await db.execute(query)
            with CancelledAsTheAnswerComes(db), pytest.raises(asyncio.CancelledError):
                await cursor.fetch_arrow_stream(1000)
            with pytest.raises(irislink.ProgrammingError, match="There are no rows"):
                await cursor.fetchall()
            cursor = await db.execute(query)
            batches = cursor.fetch_arrow_batches(1000)
            assert len(await batches.__anext__()) > 0
            with CancelledAsTheAnswerComes(db), pytest.raises(asyncio.CancelledError):
                await batches.__anext__()
            with pytest.raises(irislink.ProgrammingError, match="There are no rows"):
                await cursor.fetchone()
            # What fails because the cursor went on leaves what it went on to.
            cursor = await db.execute(query)
            batches = cursor.fetch_arrow_batches(1000)
            await batches.__anext__()
            await cursor.execute("select 1")
            with pytest.raises(irislink.ProgrammingError, match="result is closed"):
                await batches.__anext__()
            assert await cursor.fetchall() == [(1,)]
            # Misuse costs nothing.
            cursor = await db.execute(query)
            async for _ in cursor:
                break
            with pytest.raises(irislink.ProgrammingError, match="read ahead"):
                await cursor.fetch_arrow_stream()
            assert len(await cursor.fetchall()) == 4999

    run(work())


def test_generated_keys_are_those_of_their_own_cursor(sandbox):
    async def work():
        async with aio.connect(sandbox.uri(), autocommit=True) as db:
            one, other, many = db.cursor(), db.cursor(), db.cursor()
            await asyncio.gather(one.execute("insert into more_id values ('one')"), other.execute("insert into more_id values ('other')"))
            assert await one.get_lastrowid() is None, "another was inserted since"
            key = await other.get_lastrowid()
            assert await (await db.execute("select s from more_id where %ID = ?", [key])).fetchall() == [("other",)]
            await asyncio.gather(one.execute("insert into more_id values ('one')"), many.executemany("insert into more_id values (?)", ["a", "b"]))
            assert await one.get_lastrowid() is None
            # One that comes between the look at the number and the question.
            await one.execute("insert into more_id values ('one')")
            _, key = await asyncio.gather(other.execute("insert into more_id values ('late')"), one.get_lastrowid())
            assert key is None

    run(work())


def test_an_answer_that_cannot_be_made_costs_no_other(sandbox, monkeypatch):
    def interrupted(*_):
        raise LookupError("a signal's handler")

    async def work():
        async with aio.connect(sandbox.uri()) as one, aio.connect(sandbox.uri()) as other:
            with monkeypatch.context() as patched:
                patched.setattr(irislink.exceptions, "class_of", interrupted)
                failing = asyncio.ensure_future(one.execute("selec"))
                working = asyncio.ensure_future(other.execute("select 1"))
                await asyncio.sleep(0)
                time.sleep(0.3)  # both answers are there before the loop looks
                with pytest.raises(LookupError, match="handler"):
                    await asyncio.wait_for(failing, 10)
            assert await (await asyncio.wait_for(working, 10)).fetchall() == [(1,)]
            # What is raised while they are handed out keeps nobody from his.
            post, loop = one._post, asyncio.get_running_loop()
            gone, waits = loop.create_future(), loop.create_future()
            gone.cancel()
            post._waiting.update({-1: gone, -2: waits})
            box, letters = post.box, [(-1, KeyboardInterrupt(), None), (-3, LookupError(), None), (-2, None, 5)]
            post.box = types.SimpleNamespace(take=lambda to: (to.extend(letters), letters.clear()), settle=lambda: settled.append(1))
            settled = []
            try:
                for wanted in (KeyboardInterrupt, LookupError):
                    with pytest.raises(wanted):
                        post._deliver()
                assert not settled
                post._deliver()  # as the loop does, since the box is not settled
            finally:
                post.box = box
            assert settled
            assert waits.done() and waits.result() == 5 and not post._waiting

    run(work())


def test_a_signal_as_the_letters_are_taken_costs_none(sandbox):
    class HandlerError(Exception):
        pass

    def look(frame, event, what):
        if event == "c_return" and getattr(what, "__name__", "") == "take":
            sys.setprofile(None)
            raise HandlerError

    async def work():
        async with aio.connect(sandbox.uri()) as one, aio.connect(sandbox.uri()) as other:
            for _ in range(2):
                told = []
                asyncio.get_running_loop().set_exception_handler(lambda loop, context, told=told: told.append(context["exception"]))
                asked = [asyncio.ensure_future(each.execute("select 1")) for each in (one, other)]
                await asyncio.sleep(0)
                time.sleep(0.2)  # both answers are there
                sys.setprofile(look)
                try:
                    cursors = await asyncio.wait_for(asyncio.gather(*asked), 10)
                finally:
                    sys.setprofile(None)
                assert [type(each) for each in told] == [HandlerError]
                for each in cursors:
                    assert await each.fetchall() == [(1,)]
                assert not one._post._letters

    run(work())


def test_another_loop_gets_an_error(sandbox):
    made = []

    async def make():
        made.append(await aio.connect(sandbox.uri()))
        made.append(await aio.create_pool(sandbox.uri()))

    async def use():
        with pytest.raises(irislink.ProgrammingError, match="another event loop"):
            await made[0].execute("select 1")
        with pytest.raises(irislink.ProgrammingError, match="another event loop"):
            await made[1].acquire()

    run(make())
    run(use())


FORKED = """
import asyncio, gc, os, sys, threading
import irislink
from irislink import aio

async def child(db, cursor, pool, lent):
    for call in (db.execute("select 1"), db.commit(), db.ping(), cursor.fetchone(), cursor.fetch_arrow_stream(), pool.acquire(), lent.execute("select 1")):
        try:
            await call
        except irislink.ProgrammingError as failed:
            assert failed.sqlstate == "HY010" and "process that made it" in str(failed), failed
        else:
            raise AssertionError("it worked")
    await db.close()
    await lent.close()
    async with aio.connect(sys.argv[1]) as own:
        assert await (await own.execute("select 2")).fetchall() == [(2,)]

async def work():
    db = await aio.connect(sys.argv[1])
    cursor = await db.execute("select 1 union all select 2")
    async with aio.create_pool(sys.argv[1], min_size=1, max_size=2) as pool:
        lent = await pool.acquire()
        waiting = asyncio.ensure_future(db.execute(sys.argv[2]))  # the connection is at work, and its lock held
        await asyncio.sleep(0.1)
        pid = os.fork()
        if pid == 0:
            try:
                asyncio.events._set_running_loop(None)
                asyncio.run(asyncio.wait_for(child(db, cursor, pool, lent), 20))
                del db, cursor, lent, waiting
                gc.collect()
            except BaseException as failed:
                print(repr(failed))
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        assert status == 0, status
        waiting.cancel()
        await asyncio.wait([waiting])
        assert await (await lent.execute("select 3")).fetchall() == [(3,)], "the parent's connections live on"
        await lent.close()
    assert await (await db.execute("select 4")).fetchall() == [(4,)]
    await db.close()
    print("done")

asyncio.run(work())
"""


def test_a_forked_child_gets_an_error_and_connects_anew(sandbox):
    done = subprocess.run([sys.executable, "-c", FORKED, sandbox.uri(), SLOW], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")


def test_access_token_coroutines_are_awaited_for_every_login():
    from support import Sandbox

    asked = []

    async def token():
        await asyncio.sleep(0)
        asked.append(1)
        return "not-a-token"

    async def nothing():
        return None

    async def refuse():
        raise LookupError("signed out")

    async def work(server):
        # Over a line without protection nothing is sent; who asked is told why.
        with pytest.raises(irislink.Error) as caught:
            await aio.connect(server.uri(), access_token=token)
        assert asked == [1] and "not-a-token" not in str(caught.value)
        async with aio.create_pool(server.uri(), access_token=token) as pool:
            for _ in range(2):
                with pytest.raises(irislink.Error):
                    await pool.acquire()
        assert asked == [1, 1, 1]
        with pytest.raises(TypeError, match="access_token must give a str"):
            await aio.connect(server.uri(), access_token=nothing)
        with pytest.raises(LookupError, match="signed out"):
            await aio.connect(server.uri(), access_token=refuse)

    server = Sandbox()
    try:
        run(work(server))
    finally:
        server.close()


INTERRUPTED = """
import asyncio, sys
from irislink import aio

async def work():
    async with aio.connect(sys.argv[1]) as db:
        print("running", flush=True)
        await db.execute(sys.argv[2])

try:
    asyncio.run(work())
except KeyboardInterrupt:
    print("interrupted")
"""


def test_ctrl_c(sandbox):
    program = subprocess.Popen([sys.executable, "-c", INTERRUPTED, sandbox.uri(), SLOW], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert program.stdout.readline() == "running\n"
    time.sleep(0.2)
    os.kill(program.pid, signal.SIGINT)
    out, failed = program.communicate(timeout=30)
    assert (program.returncode, out, failed) == (0, "interrupted\n", "")


def test_event_loops_and_pools_leave_nothing_behind(sandbox):
    async def work():
        async with aio.create_pool(sandbox.uri(), max_size=2) as pool:
            async with pool.acquire() as db, db.cursor() as cursor:
                await cursor.execute("select 1 union all select 2")
                await cursor.fetchone()
                with pytest.raises(irislink.Error):
                    await db.execute("selec")
        async with aio.connect(sandbox.uri()) as db:
            batches = await (await db.execute("select 1 union all select 2")).fetch_arrow_stream()
            assert sum(map(len, batches)) == 2

    def size():
        gc.collect()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, len(os.listdir("/proc/self/fd"))

    for rounds in (25, 35):
        before = size()
        for _ in range(rounds):
            run(work())
    after = size()
    assert after[0] - before[0] < 2500, "kilobytes"
    assert after[1] <= before[1], "descriptors"
