"""The cursor of irislink.aio."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import functools
import itertools
from collections.abc import AsyncIterable, Mapping

from .. import _columnar, _core, _named
from .._cursor import INSERT, MAY_BE_CALL, NOTHING, PIECE, CursorBase, call_of
from ..exceptions import Error, failure
from ..types import BINARY

_AHEAD = 256  # rows that `async for` makes at once: a step of the event loop for each would cost more than they do
_SOME = 4096  # rows of an asynchronous iterable that are sent together


class Cursor(CursorBase):
    """Executes statements and gives their rows. Made by Connection.cursor(); for one task at a time."""

    _batches_type = _core.AsyncBatches
    _name = "irislink.aio.Cursor"
    _has_rows = "await cursor.fetch_pandas()"

    def __init__(self, connection, *, stream_long=False):
        super().__init__(connection, stream_long=stream_long)
        self._ahead = iter(())  # rows of the block that is here, for `async for`

    # -- executing ---------------------------------------------------------------------------------------------------

    async def execute(self, sql, parameters=None):
        """Executes a statement, with values for its ? marks or, by a mapping, its :names. Returns the cursor.
        ``{call p(?)}`` and ``CALL p(?)`` call a procedure: see callproc()."""
        await self._start()
        if isinstance(parameters, Mapping):
            sql, names = _named.positional(sql)
            parameters = _named.values_of(parameters, names)
        if MAY_BE_CALL.match(sql) and _core.is_call(sql):
            await self._make_call(sql, parameters)
            return self
        connection = self.connection
        core = connection._core
        done, number = await connection._execute(lambda token: core.execute(token, sql, parameters))
        if isinstance(done, int):
            self._show(None)
            self.rowcount = done
            if done and INSERT.match(sql):
                self._inserted = number
        else:
            self._show(done)
        return self

    async def executemany(self, sql, seq_of_parameters):
        """Executes a statement once per element of an iterable, or of an asynchronous one, in messages of about a
        megabyte; Arrow tables and NumPy arrays as irislink.Cursor.executemany() takes them. Returns the cursor."""
        await self._start()
        self.rowcount = 0
        if isinstance(seq_of_parameters, AsyncIterable):
            await self._execute_asynchronous(sql, seq_of_parameters)
            return self
        capsules = _columnar.capsules_of(seq_of_parameters)
        if capsules is not None:
            batch = self.connection._core.batch(sql)
            await self._send(batch, batch.fill_arrow, _core.ArrowRows(capsules))
            return self
        rows = iter(_columnar.rows_of_numpy(seq_of_parameters))
        first = next(rows, NOTHING)
        if first is NOTHING:
            return self
        sql, rows = _with_names(sql, first, itertools.chain((first,), rows))
        batch = self.connection._core.batch(sql)
        await self._send(batch, batch.fill, rows)
        return self

    async def _execute_asynchronous(self, sql, source):
        batch = names = None
        part = []

        async def send():
            nonlocal batch, names
            if batch is None:
                text = sql
                if isinstance(part[0], Mapping):
                    text, names = _named.positional(sql)
                batch = self.connection._core.batch(text)
            rows = iter(part) if names is None else (_named.values_of(each, names) for each in part)
            await self._send(batch, batch.fill, rows)
            part.clear()

        async for row in source:
            part.append(row)
            if len(part) == _SOME:
                await send()
        if part:
            await send()

    async def _send(self, batch, fill, rows):
        try:
            while fill(rows):
                goes_on, _ = await self.connection._execute(batch.send)
                if not goes_on:
                    raise batch.failure
        finally:
            self.rowcount = batch.total

    async def callproc(self, name, parameters=()):
        """Calls a stored procedure and gives a list: ``parameters`` with what came out in the place of what went in;
        see irislink.Cursor.callproc(). The rows of the first result set are fetched as those of a query."""
        await self._start()
        return await self._make_call(name, parameters)

    async def _make_call(self, text, parameters):
        connection = self.connection
        text, parameters = call_of(text, parameters)
        call = self._call = connection._core.call(text, parameters)
        post, stop = connection._post, connection._core.stop
        async with connection._free:
            connection._require_open()
            connection._statements += 1
            output = await post.ask(call.send, stop)
            rows = [()]
            if output is not None:
                # Before the results: their end is that of long values that come out.
                rows = []
                while output.read(rows, 1) is False:
                    await post.ask(output.fetch, stop)
                if not rows:
                    raise failure("08S01", "The parameters of the call are incomplete")
        values, self.return_value = call.outcome(rows[0])
        self.rowcount = call.changed
        self._show(call.rows())
        return values

    async def nextset(self):
        """Goes on to the next result set of a procedure, whether the current one was read or not: True, or None when
        there is no further one. Queries have one."""
        self._require_executed()
        call = self._call
        if call is not None and not call.has_rows:  # or they came when the task that waited for them was cancelled
            await self.connection._ask(call.next)
        result = None if call is None else call.rows()
        self._drop()
        self._show(result)
        if call is not None:
            self.rowcount = call.changed
        return None if result is None else True

    async def get_lastrowid(self):
        """The row id of the row that this cursor has inserted: None when the last statement was no INSERT, or when the
        connection has executed something else since."""
        connection = self.connection
        core, post = connection._core, connection._post
        if self._inserted is not None:
            connection._require_open()
            async with connection._free:
                connection._require_open()
                # Nobody else executes anything between this look and the question.
                if self._inserted == connection._statements:
                    result = await post.ask(lambda token: core.execute(token, "SELECT LAST_IDENTITY()", None), core.stop)
                    rows = []
                    while result.read(rows, 1) is False:
                        await post.ask(result.fetch, core.stop)
                    result.close()
                    self._lastrowid = rows[0][0] if rows else None
            self._inserted = None
        return self._lastrowid

    # -- fetching ----------------------------------------------------------------------------------------------------

    async def _read(self, count):
        """The next rows as a list; all when count is negative."""
        result = self._rows()
        rows = list(self._ahead) if count < 0 else list(itertools.islice(self._ahead, count))
        connection = self.connection
        post, stop = connection._post, connection._core.stop
        try:
            async with connection._free:
                connection._require_open()
                # Rows are read while the connection is not at work: it is ours here.
                while result.read(rows, count, self._stream_long) is False:
                    await post.ask(result.fetch, stop)
        except BaseException:
            self._put_back(result, rows)
            raise
        return rows

    def _put_back(self, result, rows):
        # Whoever goes on, after a cancellation say, misses none.
        if self._result is result:
            self._ahead = iter(rows + list(self._ahead))

    async def fetchone(self):
        """The next row, or None at the end."""
        rows = await self._read(1)
        if not rows:
            return None
        row = rows[0]
        if self._stream_long and Ellipsis in row:
            result = self._result
            cells = []
            try:
                for column, cell in enumerate(row):
                    cells.append(await LongStream._of(self, result, column) if cell is Ellipsis else cell)
            except BaseException as failed:
                if not isinstance(failed, Error):  # a value that cannot be read would never let anyone past it
                    self._put_back(result, rows)
                raise
            row = tuple(cells)
        return row

    async def fetchmany(self, size=None):
        """The next ``size`` rows (arraysize when it is not given) as a list; fewer at the end."""
        size = self._size_of(size)
        self._whole_rows()
        return await self._read(size)

    async def fetchall(self):
        """All rows that are left, as a list."""
        self._whole_rows()
        return await self._read(-1)

    async def scroll(self, value, mode="relative"):
        """Passes over rows, forward only; see irislink.Cursor.scroll()."""
        left = self._rows_to_pass(value, mode)
        while left > 0:
            rows = await self.fetchmany(min(left, 1000))
            if not rows:
                raise IndexError("scroll() behind the last row")
            left -= len(rows)

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self._stream_long:
            row = await self.fetchone()
            if row is None:
                raise StopAsyncIteration
            return row
        row = next(self._ahead, None)
        if row is not None:
            return row
        rows = await self._read(_AHEAD)
        if not rows:
            raise StopAsyncIteration
        self._ahead = iter(rows)
        return next(self._ahead)

    @property
    def rownumber(self):
        """The 0-based number of the next row; None without a result."""
        return None if self._result is None else self._result.row_number - self._ahead.__length_hint__()

    # -- columns -----------------------------------------------------------------------------------------------------
    # Options and types are those of irislink.Cursor. Batches are built by the network's thread while the event loop
    # goes on; what makes Python objects of them, or imports a library for it, runs in the loop's executor.

    async def fetch_arrow_batches(self, max_bytes=_columnar.BATCH, *, dictionary=False, large_offsets=False, timestamp_unit=None):
        """The rows that are left as an asynchronous iterator of pyarrow.RecordBatch of about ``max_bytes`` bytes each."""
        batches = self._batches(max_bytes, dictionary, large_offsets, timestamp_unit)
        result = self._result
        import pyarrow

        while True:
            with self._as_a_whole(result):
                batch = await self.connection._ask(batches.next)
                if batch is None:
                    return
                batch = pyarrow.record_batch(batch)
            yield batch

    async def fetch_arrow_table(self, max_bytes=_columnar.BATCH, *, dictionary=False, large_offsets=False, timestamp_unit=None):
        """The rows that are left as a pyarrow.Table, of one chunk per batch."""
        batches = self._batches(max_bytes, dictionary, large_offsets, timestamp_unit)
        return await self._gather(batches, _columnar.arrow_table, bool(dictionary))

    async def fetch_arrow_stream(self, max_bytes=_columnar.BATCH, *, dictionary=False, large_offsets=False, timestamp_unit=None):
        """All rows that are left, read whole, as an object with ``__arrow_c_stream__``."""
        return await self._gather(self._batches(max_bytes, dictionary, large_offsets, timestamp_unit))

    async def fetch_polars(self, **options):
        """The rows that are left as a polars.DataFrame, by way of Arrow; options as above."""
        result = self._result
        batches = await self.fetch_arrow_stream(**options)
        with self._as_a_whole(result):
            return await _beside(_columnar.polars_frame, batches)

    async def fetch_numpy(self, max_bytes=_columnar.BATCH, *, timestamp_unit=None):
        """The rows that are left as a dict of numpy.ma.MaskedArray, one per column; see irislink.Cursor."""
        return await self._gather(self._batches(max_bytes, False, False, timestamp_unit), _columnar.numpy_columns)

    async def fetch_pandas(self, max_bytes=_columnar.BATCH, *, dtype_backend="numpy_nullable", timestamp_unit=None):
        """The rows that are left as a pandas.DataFrame; see irislink.Cursor."""
        return await self._gather(self._batches(max_bytes, False, False, timestamp_unit), _columnar.pandas_frame, dtype_backend)

    def _batches(self, max_bytes, dictionary, large_offsets, timestamp_unit):
        self._rows()
        if self._ahead.__length_hint__():
            raise failure("HY010", "Rows were read ahead by `async for`", "Go on with it, or with fetchall().")
        return super()._batches(max_bytes, dictionary, large_offsets, timestamp_unit)

    async def _gather(self, batches, make=None, *options):
        with self._as_a_whole(self._result):
            whole = await self.connection._ask(batches.gather)
            return whole if make is None else await _beside(make, whole, *options)

    @contextlib.contextmanager
    def _as_a_whole(self, result):
        # What was read when something raises is gone: better no rows than the rest of them.
        try:
            yield
        except BaseException:
            if self._result is result:
                self._drop()
            raise

    # -- the rest ----------------------------------------------------------------------------------------------------

    async def close(self):
        """Ends the cursor and its result. Harmless when it is closed already."""
        self._closed = True
        self._drop()
        await self._end_call()

    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, value, trace):
        await self.close()

    def _require_open(self):
        if self._closed:
            raise failure("24000", "The cursor is closed")
        self.connection._require_open()

    async def _start(self):
        self._require_open()
        self._drop()
        await self._end_call()
        self._forget()

    def _drop(self):
        result, self._result = self._result, None
        self._ahead = iter(())
        if result is not None:
            result.close()

    async def _end_call(self):
        call = self._call
        if call is not None and call.more and not self.connection.closed:
            try:
                await self.connection._ask(call.close)
            except Error:
                pass  # whoever uses the line next hears what is wrong with it
        # Not before: whoever is cancelled in here has it still.
        self._call = None


def _with_names(sql, first, rows):
    if not isinstance(first, Mapping):
        return sql, rows
    sql, names = _named.positional(sql)
    return sql, (_named.values_of(each, names) for each in rows)


async def _beside(work, *arguments):
    return await asyncio.get_running_loop().run_in_executor(None, functools.partial(work, *arguments))


class LongStream:
    """How cursors with ``stream_long`` give a long value: ``await read(size)`` gives str or bytes, ``async for`` the
    pieces as they come. Memory holds one piece of at most 256 KiB. Good until the cursor goes to the next row."""

    def __init__(self, connection, source, first, text):
        self._connection = connection
        self._source = source
        self._decoder = codecs.getincrementaldecoder("utf-8")() if text else None
        self._ended = not first
        self._left = self._taken(first)

    @classmethod
    async def _of(cls, cursor, result, column):
        """The stream of a cell of the current row; None when the value is NULL, which its first piece tells."""
        source = _core.AsyncStream(result, column)
        first = await cursor.connection._ask(lambda token: source.read(token, PIECE))
        return None if first is None else cls(cursor.connection, source, first, BINARY != cursor.description[column][1])

    def _taken(self, piece):
        return piece if self._decoder is None else self._decoder.decode(piece, final=not piece)

    async def _more(self):
        piece = await self._connection._ask(lambda token: self._source.read(token, PIECE))
        self._ended = not piece
        return self._taken(piece or b"")

    async def read(self, size=-1):
        """The next ``size`` characters or bytes, fewer at the end; all that is left when it is negative."""
        parts = [self._left]
        got = len(self._left)
        while (size < 0 or got < size) and not self._ended:
            parts.append(await self._more())
            got += len(parts[-1])
        whole = parts[0][:0].join(parts)
        if size < 0:
            size = len(whole)
        self._left = whole[size:]
        return whole[:size]

    def __aiter__(self):
        return self

    async def __anext__(self):
        while not self._left and not self._ended:
            self._left = await self._more()
        piece, self._left = self._left, self._left[:0]
        if not piece:
            raise StopAsyncIteration
        return piece
