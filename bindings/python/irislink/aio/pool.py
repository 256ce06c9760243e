"""A pool of connections for irislink.aio, with the rules of the C++ client's connection_pool."""

from __future__ import annotations

import asyncio
import weakref
from collections import deque

from .. import exceptions
from ._login import Login
from ._opening import Opening
from .connection import Connection

_PATIENCE = 5.0  # seconds in which the server must have stopped what is not wanted any more


class _Member:
    """A connection of the pool, lent or idle."""

    def __init__(self, core, now):
        self.core = core
        self.made = now
        self.used = now


class PoolConnection(Connection):
    """A connection on loan. close(), and the end of ``async with``, give it back to its pool; it is of no more use
    then. What is open when it goes back is rolled back."""

    def __init__(self, pool, member):
        login = pool._login
        super().__init__(member.core, login.post, login.name, list(login.messages))
        self._pool = pool
        self._member = member
        # Should nobody give it back.
        self._lost = weakref.finalize(self, pool._lost, member)
        self._lost.atexit = False

    def _require_open(self):
        if self._member is None:
            self._post.require_here()
            raise exceptions.failure("08003", "The connection went back to its pool", "Acquire another one.")
        super()._require_open()

    async def close(self):
        """Gives the connection back. Harmless when that was done already."""
        await self._pool.release(self)

    def __repr__(self):
        return f"<irislink.aio.PoolConnection {self._name}{', closed' if self.closed else ''}>"


class Pool:
    """Connections that are logged in already, lent out one at a time; made by irislink.aio.create_pool().

    Who waits is served in the order of arrival. A pool belongs to the event loop that opened it. All its connections
    are made from the same settings, which are resolved once: none has less protection or another identity than the
    first. A connection that comes back is reset: its transaction is rolled back, statements and cursors are closed,
    autocommit and isolation are as the settings say; what another task still does with it is stopped first. One that is
    broken, has another namespace than the settings say, or cannot be reset within a few seconds, is dropped; the next
    who needs one connects anew.
    """

    def __init__(self, arguments, keywords, limits):
        self._settings = (arguments, keywords)
        self._limits = limits
        self._login = None
        self._closed = False
        self._open = 0
        self._idle = deque()  # the one used last at the right; empty while somebody waits
        self._queue = deque()  # futures of those who wait: a member, or None for a place to make one in
        self._tasks = set()  # connections on their way back
        self._counts = dict.fromkeys(("acquired", "connected", "dropped", "timed_out"), 0)

    # -- opening and closing -----------------------------------------------------------------------------------------

    def __await__(self):
        return self._opened().__await__()

    async def __aenter__(self):
        return await self._opened()

    async def __aexit__(self, kind, value, trace):
        await self.close()

    async def _opened(self):
        if self._login is not None or self._closed:
            return self
        arguments, keywords = self._settings
        login = await Login.make(arguments, dict(keywords))
        if login.has_stored_code:
            raise exceptions.make(
                "[HY000] A pool cannot use a stored TwoFactorToken: a code is good for one login (Give a callable.)",
                "HY000", step="settings", text="A pool cannot use a stored TwoFactorToken: a code is good for one login", hint="Give a callable.",
            )  # fmt: skip
        self._settings = None
        self._login = login
        wanted = self._limits["min_size"]
        self._open += wanted
        until = self._now() + self._limits["acquire_timeout"]
        tasks = [login.post.loop.create_task(self._connect(until)) for _ in range(wanted)]
        try:
            made = await asyncio.gather(*tasks, return_exceptions=True)
        except asyncio.CancelledError:
            # All have ended. The places go back, and nobody wants what has connected meanwhile.
            self._closed = True
            for each in tasks:
                self._leave(None if each.cancelled() or each.exception() is not None else each.result())
            await self.close()
            raise
        failed = [each for each in made if isinstance(each, BaseException)]
        for each in made:
            self._leave(None if isinstance(each, BaseException) else each)
        if failed:
            await self.close()
            raise failed[0]
        return self

    async def close(self):
        """Those who wait get an error, idle connections are closed, and those on loan when they come back. Any number
        of times."""
        self._closed = True
        for waiter in self._queue:
            if not waiter.done():
                waiter.set_exception(_is_closed())
        self._queue.clear()
        idle, self._idle = list(self._idle), deque()
        self._open -= len(idle)
        if self._login is None:
            return
        self._login.end()
        await asyncio.gather(*(self._end(each.core) for each in idle), *self._tasks)

    @property
    def closed(self):
        return self._closed

    @property
    def statistics(self):
        """Connections ``open`` (lent, idle and being made), ``idle``, tasks ``waiting``; how many were ``acquired``,
        ``connected``, ``dropped`` (broken, too old or idle for too long), and how many waits have ``timed_out``."""
        waiting = sum(not each.done() for each in self._queue)
        return {"open": self._open, "idle": len(self._idle), "waiting": waiting, **self._counts}

    # -- lending -----------------------------------------------------------------------------------------------------

    def acquire(self, timeout=None):
        """A connection within ``timeout`` seconds (the pool's when it is None), making one included: OperationalError
        HYT00 after it. To be awaited, and given back by release() or close(); or for ``async with``, which commits at
        its end, or rolls back when an exception leaves it, and gives it back."""
        return Opening(self._acquire(self._limits["acquire_timeout"] if timeout is None else timeout))

    async def _acquire(self, timeout):
        self._require_open()
        until = self._now() + timeout
        self._drop_stale()
        if self._idle:
            member = self._idle.pop()
        elif self._open < self._limits["max_size"]:
            self._open += 1
            member = None
        else:
            member = await self._turn(until)
        # The member, or its place, is in our hand from here.
        try:
            while member is not None and not await self._usable(member, until):
                self._counts["dropped"] += 1
                member.core.abort()
                member = None
                if self._idle:
                    self._open -= 1
                    member = self._idle.pop()
            if member is None:
                member = await self._connect(until)
            self._require_open()
        except BaseException:
            if member is not None:
                member.core.abort()
            self._leave(None)
            raise
        self._counts["acquired"] += 1
        return PoolConnection(self, member)

    async def release(self, connection):
        """Gives a connection back, whatever it is in the middle of. Harmless when that was done already."""
        if connection._pool is not self:
            raise exceptions.failure("HY010", "The connection belongs to another pool")
        member, connection._member = connection._member, None
        if member is None:
            return
        connection._closed = True
        connection._lost.detach()
        if not member.core.of_this_process:
            return
        task = asyncio.get_running_loop().create_task(self._take_back(member, connection._free))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # Who is cancelled meanwhile does not wait any longer; the connection comes back all the same.
        await asyncio.shield(task)

    async def _turn(self, until):
        loop = self._login.post.loop
        waiter = loop.create_future()

        def expire():
            if not waiter.done():
                self._counts["timed_out"] += 1
                waiter.set_exception(_timed_out("All connections of the pool are lent"))

        timer = loop.call_at(until, expire)
        self._queue.append(waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                self._leave(waiter.result())  # handed over at the same time
            raise
        finally:
            timer.cancel()
            if waiter in self._queue:
                self._queue.remove(waiter)

    async def _connect(self, until):
        core = await self._within(until, self._login.open(), lambda made: made.abort())
        self._counts["connected"] += 1
        return _Member(core, self._now())

    async def _usable(self, member, until):
        now = self._now()
        lifetime = self._limits["max_lifetime"]
        if not member.core.is_open or (lifetime > 0 and now - member.made >= lifetime):
            return False
        if now - member.used < self._limits["ping_after"]:
            return True
        try:
            await self._upkeep(member, False, until)
        except exceptions.Error:
            return False
        return True

    async def _upkeep(self, member, reset, until):
        core, post = member.core, self._login.post
        await self._within(until, post.ask(lambda token: core.upkeep(token, reset), core.stop))

    async def _within(self, until, work, undo=None):
        """The outcome of ``work``, or HYT00. It is cancelled, and its end waited for, when it is not wanted any more;
        ``undo`` is called with what it has given all the same."""
        task = self._login.post.loop.create_task(work)
        try:
            await asyncio.wait((task,), timeout=max(until - self._now(), 0) if until is not None else None)
            if task.done():
                return task.result()
        except asyncio.CancelledError:
            await _ended(task, undo)
            raise
        await _ended(task, undo)
        self._counts["timed_out"] += 1
        raise _timed_out("The server did not answer in time")

    async def _take_back(self, member, free):
        core = member.core
        good = not self._closed and core.is_open and not core.namespace_changed
        if good:
            try:
                if free.locked():
                    core.stop()
                    await self._within(self._now() + _PATIENCE, free.acquire(), lambda _: free.release())
                    # Whoever still waits for it hears that the connection went back.
                    free.release()
                await self._upkeep(member, True, None)
                member.used = self._now()
            except exceptions.Error:
                good = False  # what cannot be reset is not lent again
            except BaseException:
                self._counts["dropped"] += 1
                core.abort()
                self._leave(None)
                raise
        if good and core.is_open and not self._closed:
            self._leave(member)
            return
        self._counts["dropped"] += 1
        self._leave(None)
        if free.locked():
            core.abort()
        else:
            await self._end(core)

    async def _end(self, core):
        try:
            if core.is_open:
                await self._login.post.ask(core.close, core.stop)
        except exceptions.Error:
            pass  # the line is closed either way
        finally:
            core.abort()

    def _leave(self, member):
        """A connection, or its place, to the first who waits, or to the rest."""
        if self._closed:
            if member is not None:
                member.core.abort()
            self._open -= 1
            return
        while self._queue:
            waiter = self._queue.popleft()
            if not waiter.done():
                waiter.set_result(member)
                return
        if member is not None:
            self._idle.append(member)
        else:
            self._open -= 1

    def _lost(self, member):
        # From wherever the collector found it.
        loop = self._login.post.loop
        if member.core.of_this_process and loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._write_off, member)

    def _write_off(self, member):
        member.core.abort()
        self._counts["dropped"] += 1
        self._leave(None)

    def _drop_stale(self):
        longest = self._limits["idle_timeout"]
        if longest <= 0:
            return
        oldest = self._now() - longest
        while self._idle and self._open > self._limits["min_size"] and self._idle[0].used <= oldest:
            self._idle.popleft().core.abort()
            self._open -= 1
            self._counts["dropped"] += 1

    def _require_open(self):
        if self._login is None and not self._closed:
            raise exceptions.failure("HY010", "The pool is not open", "Write `await pool` or `async with pool`.")
        if self._login is not None:
            self._login.post.require_here()
        if self._closed:
            raise _is_closed()

    def _now(self):
        return self._login.post.loop.time()

    def __repr__(self):
        state = "closed" if self._closed else "not open" if self._login is None else f"{self._open} open, {len(self._idle)} idle"
        return f"<irislink.aio.Pool {self._login.name + ', ' if self._login else ''}{state}>"


async def _ended(task, undo):
    """Cancels a task and waits for its end, whatever else is cancelled; who was cancelled meanwhile is so then."""
    task.cancel()
    cancelled = None
    while not task.done():
        try:
            await asyncio.wait((task,))
        except asyncio.CancelledError as meanwhile:
            cancelled = meanwhile
    if not task.cancelled() and task.exception() is None and undo is not None:
        undo(task.result())
    if cancelled is not None:
        raise cancelled


def _is_closed():
    return exceptions.failure("08003", "The pool is closed")


def _timed_out(text):
    return exceptions.failure("HYT00", text, "Raise acquire_timeout or max_size, or give connections back sooner.")


def create_pool(*arguments, min_size=0, max_size=10, acquire_timeout=30.0, idle_timeout=600.0, max_lifetime=3600.0, ping_after=5.0, **keywords):
    """A pool of connections with the arguments of connect(); to be awaited, or for ``async with``.

    ``min_size`` connections are made when it opens, and kept when idle; there are never more than ``max_size``. Times
    are seconds: ``acquire_timeout`` is how long acquire() waits, connecting included, ``idle_timeout`` and ``max_lifetime``
    (0: none) how long a connection is kept, looked at when the pool is used; one that was idle for longer than
    ``ping_after`` is asked for a sign of life before it is lent. ``access_token`` is called for every login,
    ``two_factor`` when the server asks, one login at a time; a stored code is refused, as it is good for one.
    """
    if max_size < 1 or not 0 <= min_size <= max_size:
        raise exceptions.failure("HY024", "max_size of a pool is at least 1 and not less than min_size")
    limits = {
        "min_size": min_size,
        "max_size": max_size,
        "acquire_timeout": acquire_timeout,
        "idle_timeout": idle_timeout,
        "max_lifetime": max_lifetime,
        "ping_after": ping_after,
    }
    return Pool(arguments, keywords, limits)
