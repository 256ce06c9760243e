"""The connection of irislink.aio."""

from __future__ import annotations

import asyncio

from .. import exceptions
from ..types import Isolation
from ._login import Login
from ._opening import Opening
from .cursor import Cursor


class Connection:
    """A connection for one event loop; made by irislink.aio.connect(). See irislink.Connection."""

    def __init__(self, core, post, name, messages):
        self._core = core
        self._post = post
        self._name = name
        self._free = asyncio.Lock()
        self._closed = False
        self._statements = 0  # for what is only true until the next one
        self.messages = messages

    async def _ask(self, start):
        self._require_open()
        async with self._free:
            self._require_open()
            return await self._post.ask(start, self._core.stop)

    async def _execute(self, start):
        """As _ask(), of what counts as a statement, with its number: counted while nobody else executes anything."""
        number = 0

        def counted(token):
            nonlocal number
            number = self._statements = self._statements + 1
            start(token)

        return await self._ask(counted), number

    def _require_open(self):
        self._post.require_here()
        if self._closed:
            raise exceptions.failure("08003", "The connection is closed", "Connect again.")

    def cursor(self, *, stream_long=False):
        """A new cursor. With ``stream_long`` the long values of a row are to be read in pieces (LongStream)."""
        self._require_open()
        return Cursor(self, stream_long=stream_long)

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
            await self._execute(lambda token: self._core.finish(token, keep))

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
        level = Isolation(level) if not isinstance(level, str) else Isolation[level.upper().replace(" ", "_")]
        await self._ask(lambda token: self._core.isolation(token, int(level)))

    async def ping(self):
        """Asks the server for a sign of life."""
        await self._ask(self._core.ping)

    async def reset(self):
        """As new: rolled back, statements and cursors closed, autocommit and isolation as when connecting."""
        await self._execute(self._core.reset)

    @property
    def info(self):
        """What is known of the server and the line: version, address, protocol, tls_version, kerberos_principal ..."""
        return self._core.info()

    @property
    def closed(self):
        """Whether the connection is of no more use: closed, or lost."""
        return self._closed or not self._core.is_open

    async def close(self):
        """Ends the connection; what was not committed is rolled back. Harmless when it is closed already, and in a
        child of fork(), whose parent has it still."""
        if self._closed:
            return
        try:
            if self._core.is_open and self._core.of_this_process:
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


async def _connect(arguments, keywords):
    login = await Login.make(arguments, keywords)
    try:
        core = await login.open()
    finally:
        login.end()
    return Connection(core, login.post, login.name, login.messages)


def connect(*arguments, **keywords):
    """Connects, with the arguments of irislink.connect(); to be awaited, or for ``async with``. The callables
    ``two_factor``, ``access_token``, ``key_password`` and ``kerberos`` may be coroutine functions; ``two_factor`` is called
    when the server asks, ``kerberos`` when there is no ticket, the others before."""
    return Opening(_connect(arguments, keywords))
