"""The pool of irislink.aio: bounded, fair, as new after every use, and nothing lost whoever is cancelled."""

import asyncio
import gc
import socket
import threading
import time

import pytest
from support import Peer

import irislink
from irislink import aio

SLOW = "select count(*) from pool_ten a, pool_ten b, pool_ten c, pool_ten d, pool_ten e, pool_ten f, pool_ten g, pool_ten h"


@pytest.fixture(autouse=True, scope="module")
def tables(sandbox):
    with irislink.connect(sandbox.uri(), autocommit=True) as db:
        db.execute("create table pool_ten (n integer)")
        db.cursor().executemany("insert into pool_ten values (?)", range(10))
        db.execute("create table pool_t (n integer primary key)")
        db.execute("create procedure PoolS.Two() dynamic result sets begin select n from pool_ten; select n from pool_ten; end")
        yield


def run(work):
    asyncio.run(asyncio.wait_for(work, 60))


async def job(db):
    """The number of the server's process."""
    return db.info["job"]


def test_connections_are_lent_in_turns(sandbox):
    async def work():
        async with aio.create_pool(sandbox.uri(), min_size=1, max_size=3) as pool:
            assert pool.statistics == {"open": 1, "idle": 1, "waiting": 0, "acquired": 0, "connected": 1, "dropped": 0, "timed_out": 0}
            jobs, most = set(), 0

            async def one(n):
                nonlocal most
                async with pool.acquire() as db:
                    jobs.add(await job(db))
                    most = max(most, pool.statistics["open"] - pool.statistics["idle"])
                    assert await (await db.execute("select n from pool_ten where n = ?", [n % 10])).fetchall() == [(n % 10,)]

            await asyncio.gather(*(one(n) for n in range(40)))
            now = pool.statistics
            assert len(jobs) == 3 == most
            assert (now["open"], now["idle"], now["waiting"], now["acquired"], now["connected"], now["dropped"]) == (3, 3, 0, 40, 3, 0)
            assert repr(pool) == f"<irislink.aio.Pool demo@127.0.0.1:{sandbox.port}/USER, 3 open, 3 idle>"
        assert pool.closed and pool.statistics["open"] == 0
        with pytest.raises(irislink.InterfaceError, match="The pool is closed"):
            await pool.acquire()

    run(work())


def test_what_comes_back_is_as_new(sandbox):
    async def work():
        async with aio.create_pool(sandbox.uri(), max_size=1) as pool:
            db = await pool.acquire()
            await db.execute("insert into pool_t values (1)")
            await db.set_isolation(irislink.Isolation.READ_COMMITTED)
            cursor = await db.execute("select n from pool_ten")
            await pool.release(db)
            await pool.release(db)
            await db.close()
            for call in (db.execute("select 1"), db.commit(), cursor.fetchone()):
                with pytest.raises(irislink.InterfaceError, match="went back to its pool"):
                    await call
            assert db.closed
            async with pool.acquire() as db:
                assert await (await db.execute("select n from pool_t")).fetchall() == [], "rolled back"
                assert await db.get_isolation() == irislink.Isolation.READ_UNCOMMITTED and db.autocommit is False
                await db.execute("insert into pool_t values (2)")
            with pytest.raises(KeyError):
                async with pool.acquire() as db:
                    await db.execute("insert into pool_t values (3)")
                    raise KeyError
            async with await pool.acquire() as db:
                await db.set_autocommit(True)
            async with pool.acquire() as db:
                assert db.autocommit is False
                assert await (await db.execute("select n from pool_t")).fetchall() == [(2,)], "committed, rolled back"
            assert pool.statistics["connected"] == 1

    run(work())


def test_who_waits_is_served_in_order_or_gets_an_error(sandbox):
    async def work():
        async with aio.create_pool(sandbox.uri(), max_size=1, acquire_timeout=0.2) as pool:
            first = await pool.acquire()
            began = time.monotonic()
            with pytest.raises(irislink.OperationalError) as caught:
                await pool.acquire()
            assert caught.value.sqlstate == "HYT00" and 0.15 < time.monotonic() - began < 5
            with pytest.raises(irislink.OperationalError):
                await pool.acquire(timeout=0)
            assert pool.statistics["timed_out"] == 2 and pool.statistics["waiting"] == 0
            order = []

            async def one(n):
                async with pool.acquire(timeout=30):
                    order.append(n)

            waiting = [asyncio.ensure_future(one(n)) for n in range(5)]
            await asyncio.sleep(0)
            assert pool.statistics["waiting"] == 5
            waiting[1].cancel()
            await asyncio.sleep(0)
            await pool.release(first)
            await asyncio.wait(waiting)
            assert order == [0, 2, 3, 4]
            assert pool.statistics["open"] == pool.statistics["idle"] == 1

    run(work())


def test_a_wait_that_is_cancelled_as_it_is_served_loses_nothing(sandbox):
    async def work():
        async with aio.create_pool(sandbox.uri(), max_size=1) as pool:
            db = await pool.acquire()
            waiting = asyncio.ensure_future(pool.acquire())
            await asyncio.sleep(0)
            leave = pool._leave

            def leave_and_cancel(member):
                leave(member)
                waiting.cancel()  # between the hand-over and the task's step

            pool._leave = leave_and_cancel
            await pool.release(db)
            pool._leave = leave
            with pytest.raises(asyncio.CancelledError):
                await waiting
            assert pool.statistics["idle"] == 1
            async with pool.acquire(timeout=1):
                pass
            assert pool.statistics["connected"] == 1

    run(work())


def test_what_is_cancelled_while_it_connects_leaves_its_place(sandbox):
    silent = socket.create_server(("127.0.0.1", 0))  # takes connections, and says nothing

    async def work():
        async with aio.create_pool(f"iris://demo:x@127.0.0.1:{silent.getsockname()[1]}/USER", max_size=1) as pool:
            waiting = asyncio.ensure_future(pool.acquire())
            next_one = asyncio.ensure_future(pool.acquire(timeout=1))
            await asyncio.sleep(0.1)
            assert pool.statistics["open"] == 1
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            with pytest.raises(irislink.OperationalError) as caught:
                await next_one
            assert caught.value.sqlstate == "HYT00"
            assert pool.statistics["open"] == 0

    try:
        run(work())
    finally:
        silent.close()


def test_opening_that_is_cancelled_leaves_no_places(sandbox):
    async def work():
        pool = aio.create_pool(sandbox.uri(), min_size=2, max_size=2)
        connect, made = pool._connect, []

        async def one_and_no_other(until):
            if made:
                await asyncio.sleep(60)
            made.append(None)
            made[0] = await connect(until)
            return made[0]

        pool._connect = one_and_no_other
        opening = asyncio.ensure_future(pool)
        while not made or made[0] is None:
            await asyncio.sleep(0.01)
        waiting = asyncio.ensure_future(pool.acquire())
        await asyncio.sleep(0)
        assert pool.statistics["open"] == 2 and pool.statistics["waiting"] == 1
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        assert pool.closed and pool.statistics["open"] == 0
        with pytest.raises(irislink.InterfaceError, match="The pool is closed"):
            await asyncio.wait_for(waiting, 10)
        await pool
        with pytest.raises(irislink.InterfaceError, match="The pool is closed"):
            await pool.acquire()
        while made[0].core.is_open:
            await asyncio.sleep(0.01)

    run(work())


def test_who_is_cancelled_while_something_ends_is_cancelled(sandbox):
    from irislink.aio.pool import _ended

    async def stubborn():
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await asyncio.sleep(0.2)
        return 5

    async def work():
        task = asyncio.ensure_future(stubborn())
        await asyncio.sleep(0)
        undone = []
        ending = asyncio.ensure_future(_ended(task, undone.append))
        await asyncio.sleep(0.05)
        ending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await ending
        assert undone == [5], "and all is in order"

    run(work())


def test_a_way_back_that_is_cancelled_leaves_its_place(sandbox):
    async def work():
        async with aio.create_pool(sandbox.uri(), max_size=1) as pool:
            db = await pool.acquire()
            await db._free.acquire()  # somebody is at work with it
            releasing = asyncio.ensure_future(db.close())
            waiting = asyncio.ensure_future(pool.acquire(timeout=20))
            await asyncio.sleep(0.05)
            for each in pool._tasks:
                each.cancel()
            with pytest.raises(asyncio.CancelledError):
                await releasing
            async with await asyncio.wait_for(waiting, 10) as other:
                assert await (await other.execute("select 1")).fetchone() == (1,)
            assert pool.statistics["open"] == 1 and pool.statistics["dropped"] == 1

    run(work())


def test_nobody_waits_for_a_connection_that_went_back(sandbox):
    async def work():
        async with aio.create_pool(sandbox.uri(), max_size=1) as pool:
            db = await pool.acquire()
            cursor = db.cursor()
            await cursor.callproc("PoolS.Two")
            running = asyncio.ensure_future(db.execute(SLOW))
            await asyncio.sleep(0.1)
            # It ends its results before it starts anew: two waits for the connection, one after another.
            waiting = [asyncio.ensure_future(each) for each in (cursor.callproc("PoolS.Two"), db.execute("select 1"), db.commit())]
            await asyncio.sleep(0)
            await pool.release(db)
            with pytest.raises(irislink.OperationalError):
                await running
            for each in waiting:
                with pytest.raises(irislink.InterfaceError, match="went back to its pool"):
                    await asyncio.wait_for(each, 10)
            async with pool.acquire() as db:
                assert await (await db.execute("select 1")).fetchone() == (1,)
            assert pool.statistics["connected"] == 1 and pool.statistics["dropped"] == 0

    run(work())


class Relay(Peer):
    """Between a client and the sandbox; cut() ends the lines that run through it."""

    def __init__(self, port):
        self._to = port
        self._lines = []
        super().__init__(self._relay)

    def _relay(self, near):
        with socket.create_connection(("127.0.0.1", self._to)) as far:
            self._lines += [near, far]
            back = threading.Thread(target=self._copy, args=(far, near), daemon=True)
            back.start()
            self._copy(near, far)
            back.join()

    @staticmethod
    def _copy(source, sink):
        try:
            while piece := source.recv(65536):
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def cut(self):
        for each in self._lines:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self._lines.clear()

    def close(self):
        super().close()
        self.cut()


def test_broken_connections_are_renewed(sandbox):
    relay = Relay(sandbox.port)

    async def work():
        target = sandbox.uri().replace(f":{sandbox.port}/", f":{relay.port}/")
        async with aio.create_pool(target, min_size=3, max_size=3, ping_after=0) as pool:
            relay.cut()  # while they are idle
            async with pool.acquire() as db:
                assert await (await db.execute("select 1")).fetchone() == (1,)
                relay.cut()  # while one is used
                with pytest.raises(irislink.OperationalError):
                    await db.execute("select 1")
                assert db.closed
            async with pool.acquire() as db:
                assert await (await db.execute("select 1")).fetchone() == (1,)
            now = pool.statistics
            assert (now["open"], now["idle"], now["connected"], now["dropped"]) == (1, 1, 5, 4)

    try:
        run(work())
    finally:
        relay.close()


def test_old_connections_go(sandbox):
    async def work():
        async with aio.create_pool(sandbox.uri(), max_size=4, idle_timeout=0.2) as pool:
            held = [await pool.acquire() for _ in range(4)]
            for each in held:
                await each.close()
            await asyncio.sleep(0.3)
            async with pool.acquire():
                assert pool.statistics["open"] == 1 and pool.statistics["dropped"] == 4
        async with aio.create_pool(sandbox.uri(), max_size=1, max_lifetime=0.1) as pool:
            async with pool.acquire() as db:
                first = await job(db)
            await asyncio.sleep(0.15)
            async with pool.acquire() as db:
                assert await job(db) != first

    run(work())


def test_a_statement_that_runs_on_keeps_nothing(sandbox):
    async def work():
        async with aio.create_pool(sandbox.uri(), max_size=1) as pool:
            db = await pool.acquire()
            running = asyncio.ensure_future(fetch(db))
            await asyncio.sleep(0.1)
            began = time.monotonic()
            await pool.release(db)
            with pytest.raises(irislink.OperationalError) as caught:
                await running
            assert caught.value.sqlstate == "HY008"
            async with pool.acquire() as db:
                assert await (await db.execute("select 1")).fetchone() == (1,)
            assert time.monotonic() - began < 10
            # A task that is cancelled has its statement stopped, and the connection goes back whole.
            running = asyncio.ensure_future(within(pool))
            await asyncio.sleep(0.2)
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
            async with pool.acquire() as db:
                assert await (await db.execute("select 1")).fetchone() == (1,)
            assert pool.statistics["connected"] == 1 and pool.statistics["dropped"] == 0

    async def fetch(db):
        return await (await db.execute(SLOW)).fetchall()

    async def within(pool):
        async with pool.acquire() as db:
            await fetch(db)

    run(work())


def test_what_nobody_gives_back_is_missed(sandbox):
    async def work():
        async with aio.create_pool(sandbox.uri(), max_size=1) as pool:
            db = await pool.acquire()
            db.me = db
            del db
            gc.collect()
            async with pool.acquire(timeout=5):
                pass
            assert pool.statistics["dropped"] == 1

    run(work())


def test_closing(sandbox):
    async def work():
        pool = await aio.create_pool(sandbox.uri(), max_size=1)
        db = await pool.acquire()
        waiting = asyncio.ensure_future(pool.acquire())
        await asyncio.sleep(0)
        await pool.close()
        with pytest.raises(irislink.InterfaceError, match="The pool is closed"):
            await waiting
        assert await (await db.execute("select 1")).fetchone() == (1,), "what is lent works on"
        await db.close()
        assert pool.statistics["open"] == 0
        await pool.close()

    run(work())


def test_misuse(sandbox):
    async def work():
        pool = aio.create_pool(sandbox.uri())
        with pytest.raises(irislink.ProgrammingError, match="not open"):
            await pool.acquire()
        await pool.close()
        for sizes in ({"max_size": 0}, {"min_size": 3, "max_size": 2}, {"min_size": -1}):
            with pytest.raises(irislink.InterfaceError):
                aio.create_pool(sandbox.uri(), **sizes)
        with pytest.raises(irislink.InterfaceError, match="stored TwoFactorToken"):
            await aio.create_pool(sandbox.uri(), two_factor="123456")
        with pytest.raises(irislink.OperationalError) as caught:
            await aio.create_pool(sandbox.uri(password="not-it"), min_size=2)
        assert caught.value.sqlstate == "28000"
        async with aio.create_pool(sandbox.uri()) as one, aio.create_pool(sandbox.uri()) as other:
            async with one.acquire() as db:
                with pytest.raises(irislink.ProgrammingError, match="another pool"):
                    await other.release(db)

    run(work())


def test_second_factors_are_asked_for_one_after_another(factor_server):
    at_once, most, asked = 0, 0, []

    async def code():
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        # Codes of the neighbouring steps are good too, each once.
        step = (0, -30, 30)[len(asked)]
        asked.append(step)
        await asyncio.sleep(0.05)
        at_once -= 1
        return factor_server.code(step)

    async def work():
        async with aio.create_pool(factor_server.uri(), two_factor=code, max_size=3) as pool:
            held = await asyncio.gather(pool.acquire(), pool.acquire(), return_exceptions=True)
            assert most == 1 and len(asked) == 2
            for each in held:
                if isinstance(each, aio.PoolConnection):
                    assert await (await each.execute("select 1")).fetchone() == (1,)
                    await each.close()
            assert any(isinstance(each, aio.PoolConnection) for each in held)

    run(work())
