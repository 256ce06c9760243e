"""irislink for asyncio.

    async with await irislink.aio.connect("iris://demo@localhost/USER", password="...") as db:
        async for name, mass in await db.execute("select Name, Mass from Planet"):
            print(name, mass)

One thread of the module does the network's work for all connections of the process; what it has done is given to the
event loop through a file descriptor. A connection belongs to the loop in which it was made. Its operations wait for
each other; a task that is cancelled while its statement runs has the statement stopped on the server, and the
connection lives on.
"""

from __future__ import annotations

import asyncio
import atexit
import inspect
import itertools
import weakref
from collections.abc import AsyncIterable, Mapping

from . import _core, _named, exceptions
from ._target import describe, make_settings
from .types import Isolation

__all__ = ["Connection", "Cursor", "connect"]

_NOTHING = object()

atexit.register(_core.stop_network_thread)


class _Post:
    """The mailbox of one event loop, and who waits for which letter."""

    _of: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Post] = weakref.WeakKeyDictionary()

    @classmethod
    def of_this_loop(cls):
        loop = asyncio.get_running_loop()
        post = cls._of.get(loop)
        if post is None:
            post = cls._of[loop] = cls(loop)
        return post

    def __init__(self, loop):
        self.box = _core.Mailbox()
        self._loop = weakref.ref(loop)
        self._tokens = itertools.count(1)
        self._waiting = {}
        loop.add_reader(self.box.fileno(), self._deliver)

    def token(self, receive):
        """A token whose letter calls receive(exception or None, value)."""
        token = next(self._tokens)
        self._waiting[token] = receive
        return token

    def forget(self, token):
        self._waiting.pop(token, None)

    def _deliver(self):
        for token, failed, value in self.box.take():
            receive = self._waiting.pop(token, None)
            if receive is not None:
                receive(failed, value)

    async def ask(self, start, stop=None):
        """Starts an operation by start(token) and waits for its answer. When the task is cancelled, stop() is called,
        and the answer waited for all the same: until then the connection is not free."""
        answer = asyncio.get_running_loop().create_future()

        def receive(failed, value):
            if answer.done():
                return
            if failed is not None:
                answer.set_exception(failed)
            else:
                answer.set_result(value)

        start(self.token(receive))
        try:
            return await asyncio.shield(answer)
        except asyncio.CancelledError:
            if answer.done():
                raise
            if stop is not None:
                stop()
            while not answer.done():
                try:
                    await asyncio.wait([answer])
                except asyncio.CancelledError:
                    continue
            if not answer.cancelled():
                answer.exception()
            raise


async def _text_of(value):
    """What a callable gives, which may be awaited for."""
    if callable(value):
        value = value()
        if inspect.isawaitable(value):
            value = await value
    return value


class Connection:
    """A connection for one event loop; made by irislink.aio.connect(). See irislink.Connection."""

    def __init__(self, core, post, name, messages):
        self._core = core
        self._post = post
        self._name = name
        self._free = asyncio.Lock()
        self._closed = False
        self.messages = messages

    async def _ask(self, start):
        async with self._free:
            self._require_open()
            return await self._post.ask(start, self._core.stop)

    def _require_open(self):
        if self._closed:
            raise exceptions.failure("08003", "The connection is closed", "Connect again.")

    def cursor(self):
        """A new cursor."""
        self._require_open()
        return Cursor(self)

    async def execute(self, sql, parameters=None):
        """A new cursor, on which the statement was executed."""
        return await self.cursor().execute(sql, parameters)

    async def commit(self):
        """Makes permanent what was done since the last commit. Without effect when autocommit is on."""
        await self._finish(True)

    async def rollback(self):
        """Takes back what was done since the last commit. Without effect when autocommit is on."""
        await self._finish(False)

    async def _finish(self, keep):
        self._require_open()
        if not self._core.autocommit:
            await self._ask(lambda token: self._core.finish(token, keep))

    @property
    def autocommit(self):
        """Whether every statement is a transaction of its own; see set_autocommit()."""
        return self._core.autocommit

    async def set_autocommit(self, on):
        if self._core.autocommit != bool(on):
            await self._ask(lambda token: self._core.set_autocommit(token, bool(on)))

    async def get_isolation(self):
        """The isolation level in force, as the server says."""
        return Isolation(await self._ask(lambda token: self._core.isolation(token, 0)))

    async def set_isolation(self, level):
        await self._ask(lambda token: self._core.isolation(token, int(Isolation(level))))

    async def ping(self):
        """Asks the server for a sign of life."""
        await self._ask(self._core.ping)

    @property
    def closed(self):
        """Whether the connection is of no more use: closed, or lost."""
        return self._closed or not self._core.is_open

    async def close(self):
        """Ends the connection; what was not committed is rolled back. Harmless when it is closed already."""
        if self._closed:
            return
        try:
            if self._core.is_open:
                await self._ask(self._core.close)
        except exceptions.Error:
            pass  # the line is closed either way
        finally:
            self._closed = True
            self._core.abort()

    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, value, trace):
        try:
            if not self.closed:
                await self._finish(kind is None)
        finally:
            await self.close()

    def __repr__(self):
        return f"<irislink.aio.Connection {self._name}{', closed' if self.closed else ''}>"


class Cursor:
    """Executes statements and gives their rows. Made by Connection.cursor(); for one task at a time."""

    arraysize = 1

    def __init__(self, connection):
        self.connection = connection
        self.description = None
        self.rowcount = -1
        self._result = None
        self._closed = False
        self._ahead = iter(())  # rows of the block that is here, for `async for`

    async def execute(self, sql, parameters=None):
        """Executes a statement, with values for its ? marks or, by a mapping, its :names. Returns the cursor."""
        self._start()
        if isinstance(parameters, Mapping):
            sql, names = _named.positional(sql)
            parameters = _named.values_of(parameters, names)
        core = self.connection._core
        done = await self.connection._ask(lambda token: core.execute(token, sql, parameters))
        if isinstance(done, int):
            self.rowcount = done
        else:
            self._result = done
            self.description = done.description
        return self

    async def executemany(self, sql, seq_of_parameters):
        """Executes a statement once per element of an iterable, or of an asynchronous one, in messages of about a
        megabyte. Returns the cursor."""
        self._start()
        self.rowcount = 0
        if isinstance(seq_of_parameters, AsyncIterable):
            seq_of_parameters = [row async for row in seq_of_parameters]
        rows = iter(seq_of_parameters)
        first = next(rows, _NOTHING)
        if first is _NOTHING:
            return self
        rows = itertools.chain((first,), rows)
        if isinstance(first, Mapping):
            sql, names = _named.positional(sql)
            named = rows
            rows = (_named.values_of(each, names) for each in named)
        batch = self.connection._core.batch(sql)
        try:
            while batch.fill(rows):
                if not await self.connection._ask(batch.send):
                    raise batch.failure
        finally:
            self.rowcount = batch.total
        return self

    async def _read(self, count):
        """The next rows as a list; all when count is negative."""
        self._require_open()
        if self._result is None:
            raise exceptions.failure("24000", "There are no rows: no statement that gives any was executed")
        rows = list(self._ahead) if count < 0 else list(itertools.islice(self._ahead, count))
        result = self._result
        connection = self.connection
        async with connection._free:
            connection._require_open()
            # Rows are read while the connection is not at work: it is ours here.
            while (got := result.read(rows, count)) is False:
                if await connection._post.ask(result.fetch, connection._core.stop) is False:
                    result.end()
            del got
        return rows

    async def fetchone(self):
        """The next row, or None at the end."""
        rows = await self._read(1)
        return rows[0] if rows else None

    async def fetchmany(self, size=None):
        """The next ``size`` rows (arraysize when it is not given) as a list; fewer at the end."""
        size = self.arraysize if size is None else size
        if size < 0:
            raise exceptions.failure("HY090", f"A number of rows is not negative: {size}")
        return await self._read(size)

    async def fetchall(self):
        """All rows that are left, as a list."""
        return await self._read(-1)

    def __aiter__(self):
        return self

    async def __anext__(self):
        row = next(self._ahead, None)
        if row is None:
            # Some hundred rows at once: a step of the loop for each would cost more than the rows.
            rows = await self._read(256)
            if not rows:
                raise StopAsyncIteration
            self._ahead = iter(rows)
            row = next(self._ahead)
        return row

    async def close(self):
        """Ends the cursor and its result."""
        self._closed = True
        self._drop()

    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, value, trace):
        await self.close()

    def _require_open(self):
        if self._closed:
            raise exceptions.failure("24000", "The cursor is closed")
        self.connection._require_open()

    def _start(self):
        self._require_open()
        self._drop()
        self.description = None
        self.rowcount = -1

    def _drop(self):
        result, self._result = self._result, None
        self._ahead = iter(())
        if result is not None:
            result.close()

    def __repr__(self):
        return f"<irislink.aio.Cursor of {self.connection!r}{', closed' if self._closed else ''}>"


async def connect(*arguments, **keywords):
    """Connects, with the arguments of irislink.connect(). The callables ``two_factor``, ``access_token`` and
    ``key_password`` may be coroutine functions; ``two_factor`` is called when the server asks, the others before."""
    post = _Post.of_this_loop()
    two_factor = keywords.pop("two_factor", None)
    if isinstance(two_factor, str):
        keywords["two_factor"] = two_factor
        two_factor = None
    for name in ("access_token", "key_password"):
        if name in keywords:
            keywords[name] = await _text_of(keywords[name])
    settings = make_settings(arguments, keywords)
    raised = []
    asking = set()

    async def answer(give):
        try:
            code = await _text_of(two_factor)
            if not isinstance(code, str):
                raise TypeError(f"two_factor must give a str, not {type(code).__name__}")
            give(code)
        except BaseException as failed:  # noqa: BLE001 - connect() raises it
            raised.append(failed)
            core.stop()

    def asked(failed, give):
        task = asyncio.get_running_loop().create_task(answer(give))
        asking.add(task)
        task.add_done_callback(asking.discard)

    asks = post.token(asked) if two_factor is not None else 0
    core = _core.AsyncConnection(settings, post.box, asks)
    try:
        await post.ask(core.connect, core.stop)
    except exceptions.Error:
        if raised:
            raise raised[0] from None
        raise
    finally:
        post.forget(asks)
        for each in asking:
            each.cancel()
    return Connection(core, post, describe(settings), [(type(each), each) for each in settings.warnings()])
