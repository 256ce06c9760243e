"""callproc() and nextset() of irislink.aio."""

import asyncio
import decimal
import gc
import time

import pytest

import irislink
from irislink import aio


@pytest.fixture(autouse=True, scope="module")
def procedures(make_procedures):
    make_procedures(
        "AioT",
        "AioS",
        "Fine(in n integer, out t timestamp) dynamic result sets begin set t = '2024-01-02 03:04:05.123456789'; select N from T; select V from T; end",
    )


def run(sandbox, work):
    async def connected():
        async with aio.connect(sandbox.uri(), autocommit=True) as db:
            await work(db)

    asyncio.run(asyncio.wait_for(connected(), 60))


def test_what_comes_out(sandbox):
    async def work(db):
        cursor = db.cursor()
        with pytest.raises(irislink.ProgrammingError, match="nothing was executed"):
            await cursor.nextset()
        assert await cursor.callproc("AioS.Mix", (7, decimal.Decimal("1.25"))) == [7, decimal.Decimal("8.25"), "got 7"]
        assert cursor.return_value == 14 and cursor.description is None and cursor.rowcount == 0
        assert await cursor.nextset() is None
        assert await cursor.callproc("{? = call AioS.Mix(?, 3, ?)}", (7,)) == [14, 7, "got 7"]
        await cursor.execute("{call AioS.Put(?, ?)}", (100, "x"))
        await cursor.execute("call AioS.Put(101)")
        assert await cursor.callproc("{call AioS.Mix(:a, :b, :c)}", {"a": 7, "b": 1, "c": None}) == [7, 8, "got 7"]
        with pytest.raises(irislink.ProgrammingError, match="have an order"):
            await cursor.callproc("AioS.Put", {"n": 1})
        assert await cursor.callproc("AioS.Put", [102]) == [102]
        await cursor.execute("select N, V from AioT where N >= 100 order by N")
        assert await cursor.fetchall() == [(100, "x"), (101, "none"), (102, "none")]
        assert cursor.return_value is None
        # Longer than a message has room for, and fetched before the rows.
        assert await cursor.callproc("AioS.Long", (200_000,)) == [200_000, "ä" * 200_000]
        assert await cursor.fetchall() == [(1,)]
        with pytest.raises(irislink.DatabaseError, match="not found"):
            await cursor.callproc("AioS.Nowhere", ())
        with pytest.raises(irislink.ProgrammingError):
            await cursor.callproc("{call AioS.Put(?)}", (1, 2))

    run(sandbox, work)


def test_one_result_set_after_another(sandbox):
    async def work(db):
        cursor = db.cursor()
        assert await cursor.callproc("AioS.Several", (3,)) == [3, 5]
        assert [each[0] for each in cursor.description] == ["N"]
        assert await cursor.fetchall() == [(1,), (2,)]
        assert await cursor.nextset() is True
        assert [each[0] for each in cursor.description] == ["V", "N"]
        assert [row async for row in cursor][:2] == [("row 3", 3), ("row 4", 4)]
        assert await cursor.nextset() is None and cursor.description is None
        # As Arrow; and a result set that is left in the middle.
        await cursor.callproc("AioS.Many", (2,))
        assert len(await cursor.fetchmany(3)) == 3
        assert await cursor.nextset() is True
        assert sum(len(batch) for batch in await cursor.fetch_arrow_stream()) == 1
        await cursor.callproc("AioS.Many", (2,))
        await cursor.fetchone()
        await cursor.execute("select 1")
        assert await cursor.fetchall() == [(1,)]
        async with db.cursor() as other:
            await other.callproc("AioS.Many", (2,))
        assert await cursor.execute("select 2") is cursor and await cursor.fetchone() == (2,)

    run(sandbox, work)


async def cancelled_as_it_is_answered(operation):
    """The answer is there when the task is cancelled, and nobody has looked."""
    task = asyncio.ensure_future(operation)
    await asyncio.sleep(0)
    time.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_cancelled_nextset_loses_no_result_set(sandbox):
    async def work(db):
        cursor = db.cursor()
        await cursor.callproc("AioS.Several", (3,))
        assert await cursor.fetchone() == (1,)
        await cancelled_as_it_is_answered(cursor.nextset())
        assert await cursor.nextset() is True
        assert [each[0] for each in cursor.description] == ["V", "N"] and await cursor.fetchone() == ("row 3", 3)
        assert await cursor.nextset() is None
        # Nobody comes for it: it is in nobody's way.
        await cursor.callproc("AioS.Many", (2,))
        await cancelled_as_it_is_answered(cursor.nextset())
        assert await (await cursor.execute("select 1")).fetchall() == [(1,)]
        await cursor.callproc("AioS.Several", (3,))
        await cancelled_as_it_is_answered(cursor.nextset())
        await cursor.close()
        assert await (await db.execute("select 1")).fetchall() == [(1,)]

    run(sandbox, work)


def test_a_cancelled_call_leaves_no_result_sets_on_the_server(sandbox):
    async def work(db):
        cursor = db.cursor()
        await cancelled_as_it_is_answered(cursor.callproc("AioS.Many", (2,)))
        with pytest.raises(irislink.ProgrammingError, match="nothing was executed"):
            await cursor.nextset()
        assert cursor._call.more
        await cursor.execute("select 1")
        assert cursor._call is None and await cursor.fetchall() == [(1,)]

    run(sandbox, work)


def test_a_call_that_nobody_has_is_ended_on_the_server(sandbox, traced):
    keywords, requests = traced

    def ended():
        return requests(b"MR")

    async def work():
        async with aio.connect(sandbox.uri(), **keywords) as db:
            with pytest.raises(irislink.DataError, match="Column 't'"):
                await db.cursor().callproc("AioS.Fine", [1])
            gc.collect()  # the exception's frames had it
            assert await (await db.execute("select 1")).fetchall() == [(1,)] and ended() == 1
            # Nor one whose end was waited for by a task that was cancelled.
            cursor = db.cursor()
            await cursor.callproc("AioS.Several", [3])
            async with db._free:
                task = asyncio.ensure_future(cursor.close())
                await asyncio.sleep(0)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            await cursor.close()
            assert ended() == 2 and cursor._call is None

    asyncio.run(asyncio.wait_for(work(), 60))
