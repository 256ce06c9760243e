"""iris+irislink:// for create_async_engine(): irislink.aio behind the blocking interface that SQLAlchemy's engine speaks,
which is run in a greenlet and left wherever something has to be waited for."""

from __future__ import annotations

from collections import deque

from sqlalchemy import pool
from sqlalchemy.engine import AdaptedConnection
from sqlalchemy.util.concurrency import await_only

import irislink
import irislink.aio

from ..types import Isolation
from .base import ExecutionContext
from .sync import Dialect


class AsyncAdaptedCursor:
    """A cursor whose rows are all here once it has executed something."""

    def __init__(self, connection):
        self._cursor = connection.cursor()
        self._rows: deque[tuple] = deque()
        self.arraysize = 1

    @property
    def description(self):
        return self._cursor.description

    @property
    def rowcount(self):
        return self._cursor.rowcount

    def execute(self, operation, parameters=None):
        await_only(self._execute(operation, parameters))

    async def _execute(self, operation, parameters):
        self._rows.clear()
        try:
            await self._cursor.execute(operation, parameters)
            if self._cursor.description:
                self._rows.extend(await self._cursor.fetchall())
        finally:
            # close() cannot wait: nothing may be left on the server for it. SQLAlchemy has no further results of a CALL.
            self._cursor._drop()
            await self._cursor._end_call()

    def executemany(self, operation, seq_of_parameters):
        self._rows.clear()
        await_only(self._cursor.executemany(operation, seq_of_parameters))

    def setinputsizes(self, sizes):
        """Not needed."""

    def fetchone(self):
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size=None):
        size = self.arraysize if size is None else size
        return [self._rows.popleft() for _ in range(min(size, len(self._rows)))]

    def fetchall(self):
        rows = list(self._rows)
        self._rows.clear()
        return rows

    def __iter__(self):
        while self._rows:
            yield self._rows.popleft()

    def close(self):
        # Nothing has to be said to the server: its result was read to the end, and a call was ended.
        self._rows.clear()

    async def _async_soft_close(self):
        """Asked for by SQLAlchemy before rows are read outside of the greenlet; they are here."""


class AsyncAdaptedStreamingCursor(AsyncAdaptedCursor):
    """A cursor that fetches as it is read: for stream() and stream_results."""

    async def _execute(self, operation, parameters):
        await self._cursor.execute(operation, parameters)

    def fetchone(self):
        return await_only(self._cursor.fetchone())

    def fetchmany(self, size=None):
        return await_only(self._cursor.fetchmany(self.arraysize if size is None else size))

    def fetchall(self):
        return await_only(self._cursor.fetchall())

    def __iter__(self):
        return iter(self.fetchone, None)

    def close(self):
        await_only(self._cursor.close())


class AsyncAdaptedConnection(AdaptedConnection):
    """A connection of irislink.aio, as irislink.Connection looks."""

    def __init__(self, connection):
        self._connection = connection

    @property
    def info(self):
        return self._connection.info

    @property
    def closed(self):
        return self._connection.closed

    @property
    def autocommit(self):
        return self._connection.autocommit

    @autocommit.setter
    def autocommit(self, on):
        await_only(self._connection.set_autocommit(on))

    @property
    def isolation(self):
        return await_only(self._connection.get_isolation())

    @isolation.setter
    def isolation(self, level):
        await_only(self._connection.set_isolation(Isolation[level.replace(" ", "_")]))

    def cursor(self, server_side=False):
        return (AsyncAdaptedStreamingCursor if server_side else AsyncAdaptedCursor)(self._connection)

    def execute(self, operation, parameters=None):
        cursor = self.cursor()
        cursor.execute(operation, parameters)
        return cursor

    def commit(self):
        await_only(self._connection.commit())

    def rollback(self):
        await_only(self._connection.rollback())

    def ping(self):
        await_only(self._connection.ping())

    def close(self):
        await_only(self._connection.close())

    def terminate(self):
        """Ends it without a word to the server: where nothing can be waited for."""
        self._connection._core.abort()


class AsyncModule:
    """The names of PEP 249 for SQLAlchemy."""

    def __init__(self):
        for name in (
            "Warning",
            "Error",
            "InterfaceError",
            "DatabaseError",
            "DataError",
            "OperationalError",
            "IntegrityError",
            "InternalError",
            "ProgrammingError",
            "NotSupportedError",
            "Binary",
            "paramstyle",
            "__version__",
        ):
            setattr(self, name, getattr(irislink, name))

    def connect(self, *arguments, async_creator_fn=None, **keywords):
        create = async_creator_fn or irislink.aio.connect
        return AsyncAdaptedConnection(await_only(create(*arguments, **keywords)))


class AsyncExecutionContext(ExecutionContext):
    def create_server_side_cursor(self):
        return self._dbapi_connection.cursor(server_side=True)


class AsyncDialect(Dialect):
    """SQLAlchemy's asyncio dialect on irislink.aio, chosen by create_async_engine("iris+irislink://...");
    ``iris+irislink_async://`` is its own name, which SQLAlchemy 1.4 needs."""

    driver = "irislink_async"
    is_async = True
    has_terminate = True
    supports_statement_cache = True
    supports_server_side_cursors = True
    execution_ctx_cls = AsyncExecutionContext

    @classmethod
    def import_dbapi(cls):
        return AsyncModule()

    @classmethod
    def dbapi(cls):
        return cls.import_dbapi()

    @classmethod
    def get_pool_class(cls, url):
        return pool.AsyncAdaptedQueuePool

    def get_driver_connection(self, connection):
        return connection._connection

    def do_terminate(self, dbapi_connection):
        dbapi_connection.terminate()
