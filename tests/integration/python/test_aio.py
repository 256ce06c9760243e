"""asyncio: many connections on one thread, cancellation that reaches the server, second factors that are awaited."""

import asyncio
import subprocess
import sys
import threading
import time

import pytest

import irislink
from irislink import aio

SLOW = "select count(*) from aio_ten a, aio_ten b, aio_ten c, aio_ten d, aio_ten e, aio_ten f, aio_ten g, aio_ten h"


@pytest.fixture(autouse=True, scope="module")
def tables(sandbox):
    with irislink.connect(sandbox.uri(), autocommit=True) as db:
        db.execute("create table aio_ten (n integer)")
        db.cursor().executemany("insert into aio_ten values (?)", range(10))
        db.execute("create table aio_t (n integer primary key, s varchar(100), body longvarchar)")
        yield


def run(work):
    asyncio.run(asyncio.wait_for(work, 60))


def test_statements_and_rows(sandbox):
    async def work():
        async with await aio.connect(sandbox.uri(), autocommit=True) as db:
            assert repr(db) == f"<irislink.aio.Connection demo@127.0.0.1:{sandbox.port}/USER>"
            await db.execute("delete from aio_t")
            cursor = await db.cursor().executemany("insert into aio_t values (?, ?, ?)", ((n, f"Ж{n}", None) for n in range(5000)))
            assert cursor.rowcount == 5000
            await db.execute("update aio_t set body = :body where n = :n", {"n": 7, "body": "😀" * 100_000})
            cursor = await db.execute("select n, s from aio_t order by n")
            assert [each[0] for each in cursor.description] == ["n", "s"]
            assert await cursor.fetchone() == (0, "Ж0")
            assert await cursor.fetchmany(2) == [(1, "Ж1"), (2, "Ж2")]
            seen = []
            async for n, s in cursor:
                assert s == f"Ж{n}"
                seen.append(n)
                if n == 10:
                    break
            assert seen == list(range(3, 11))
            assert (await cursor.fetchmany(1))[0][0] == 11, "rows that were read ahead are not lost"
            rest = await cursor.fetchall()
            assert [row[0] for row in rest] == list(range(12, 5000))
            assert await cursor.fetchone() is None and await cursor.fetchall() == []
            cursor = await db.execute("select body from aio_t where n in (6, 7) order by n")
            assert await cursor.fetchall() == [(None,), ("😀" * 100_000,)]
            assert await db.get_isolation() == 1
            await db.set_isolation(irislink.Isolation.READ_COMMITTED)
            assert await db.get_isolation() is irislink.Isolation.READ_COMMITTED

            async def rows():
                for n in (6000, 6001):
                    yield {"n": n, "s": None}

            assert (await db.cursor().executemany("insert into aio_t (n, s) values (:n, :s)", rows())).rowcount == 2

    run(work())


def test_errors(sandbox):
    async def work():
        db = await aio.connect(sandbox.uri(), autocommit=True)
        with pytest.raises(irislink.ProgrammingError) as caught:
            await db.execute("select * from Nowhere")
        assert caught.value.sqlstate == "42S02"
        with pytest.raises(irislink.DataError):
            await db.execute("select ?", [2**64])
        cursor = db.cursor()
        with pytest.raises(irislink.IntegrityError) as caught:
            await cursor.executemany("insert into aio_t (n) values (?)", [9001, 9002, 9001])
        assert caught.value.row == 3 and cursor.rowcount == 2
        with pytest.raises(irislink.ProgrammingError):
            await cursor.fetchone()
        assert await (await db.execute("select 1")).fetchall() == [(1,)]
        await db.close()
        await db.close()
        assert db.closed
        for call in (db.execute("select 1"), db.commit(), db.ping()):
            with pytest.raises(irislink.InterfaceError):
                await call
        with pytest.raises(irislink.OperationalError) as caught:
            await aio.connect(sandbox.uri(password="not-it"))
        assert caught.value.sqlstate == "28000" and "not-it" not in str(caught.value)

    run(work())


def test_transactions(sandbox):
    async def work():
        async with await aio.connect(sandbox.uri()) as db:
            assert db.autocommit is False
            await db.execute("insert into aio_t (n) values (9100)")
            await db.rollback()
            await db.execute("insert into aio_t (n) values (9101)")
            await db.set_autocommit(True)
            assert db.autocommit is True
        with pytest.raises(KeyError):
            async with await aio.connect(sandbox.uri()) as db:
                await db.execute("insert into aio_t (n) values (9102)")
                raise KeyError
        async with await aio.connect(sandbox.uri()) as db:
            assert await (await db.execute("select n from aio_t where n between 9100 and 9109")).fetchall() == [(9101,)]

    run(work())


def test_cancellation_stops_the_statement_on_the_server(sandbox):
    async def work():
        async with await aio.connect(sandbox.uri()) as db:
            began = time.monotonic()
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for((await slowly(db)), 0.3)
            assert time.monotonic() - began < 15
            assert await (await db.execute("select 1")).fetchall() == [(1,)], "the connection lives on"

    async def slowly(db):
        async def fetch():
            return await (await db.execute(SLOW)).fetchall()

        return fetch()

    run(work())


def test_many_connections_on_few_threads(sandbox):
    async def one(number):
        async with await aio.connect(sandbox.uri()) as db:
            total = 0
            for n in range(10):
                rows = await (await db.execute("select n from aio_ten where n >= ?", [n])).fetchall()
                total += len(rows)
            assert total == 55
            return number

    async def work():
        before = threading.active_count()
        with open("/proc/self/status", encoding="ascii") as status:
            native = next(int(line.split()[1]) for line in status if line.startswith("Threads:"))
        done = await asyncio.gather(*(one(n) for n in range(40)))
        assert done == list(range(40))
        assert threading.active_count() == before
        with open("/proc/self/status", encoding="ascii") as status:
            now = next(int(line.split()[1]) for line in status if line.startswith("Threads:"))
        assert now <= native + 2, "the network's thread, and what resolves names"

    run(work())


def test_tasks_share_a_connection_in_turns(sandbox):
    async def work():
        async with await aio.connect(sandbox.uri()) as db:

            async def one(n):
                cursor = await db.execute("select ? from aio_ten a, aio_ten b, aio_ten c", [str(n)])
                rows = []
                while part := await cursor.fetchmany(77):
                    rows += part
                assert rows == [(str(n),)] * 1000

            await asyncio.gather(*(one(n) for n in range(8)))

    run(work())


def test_two_factor_and_access_token_may_be_awaited(factor_server):
    asked = []

    async def code():
        asked.append(1)
        await asyncio.sleep(0.05)
        return factor_server.code()

    async def no_phone():
        raise LookupError("no phone at hand")

    async def work():
        with pytest.raises(LookupError, match="no phone at hand"):
            await aio.connect(factor_server.uri(), two_factor=no_phone)
        with pytest.raises(TypeError, match="two_factor must give a str"):
            await aio.connect(factor_server.uri(), two_factor=lambda: 123456)
        async with await aio.connect(factor_server.uri(), two_factor=code) as db:
            assert await (await db.execute("select 1")).fetchall() == [(1,)]
        assert asked == [1]

    run(work())


PROGRAM = """
import asyncio, sys
from irislink import aio
async def work():
    global db, cursor
    db = await aio.connect(sys.argv[1])
    cursor = await db.execute("select 1 union all select 2")
    asyncio.get_running_loop().create_task(db.execute(sys.argv[2]))
    await asyncio.sleep(0.1)
    print(await asyncio.sleep(0, "done"))
asyncio.run(work())
"""


def test_the_interpreter_ends_with_open_connections(sandbox):
    done = subprocess.run([sys.executable, "-c", PROGRAM, sandbox.uri(), SLOW], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")


def test_scrolling_forward(sandbox):
    async def work():
        async with aio.connect(sandbox.uri()) as db:
            cursor = await db.execute("select a.n * 100 + b.n * 10 + c.n as k from aio_ten a, aio_ten b, aio_ten c order by k")
            assert [row async for row in _first(cursor, 2)] == [(0,), (1,)]
            await cursor.scroll(2)
            assert cursor.rownumber == 4 and await cursor.fetchone() == (4,)
            await cursor.scroll(500, mode="absolute")
            assert await cursor.fetchone() == (500,)
            for value, mode, state in ((-1, "relative", "HYC00"), (7, "absolute", "HYC00"), (1, "sideways", "HY090")):
                with pytest.raises(irislink.Error) as caught:
                    await cursor.scroll(value, mode)
                assert caught.value.sqlstate == state
            with pytest.raises(IndexError):
                await cursor.scroll(1000)

    async def _first(cursor, count):
        async for row in cursor:
            yield row
            count -= 1
            if not count:
                return

    asyncio.run(asyncio.wait_for(work(), 60))
