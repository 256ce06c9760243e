"""The cursor of PEP 249."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping

from . import _columnar, _core, _named
from ._cursor import INSERT, MAY_BE_CALL, NOTHING, PIECE, CursorBase, call_of
from .exceptions import failure
from .types import BINARY


class Cursor(CursorBase):
    """Executes statements and gives their rows, as tuples. Made by Connection.cursor(); for one thread at a time."""

    _batches_type = _core.Batches
    _name = "irislink.Cursor"
    _has_rows = "cursor.fetch_pandas()"

    def __init__(self, connection, *, stream_long=False):
        super().__init__(connection, stream_long=stream_long)
        self.messages = []

    # -- executing ---------------------------------------------------------------------------------------------------

    def execute(self, sql, parameters=None):
        """Executes a statement. ``parameters`` take the place of its ? marks, or, when they are a mapping, of its
        :names. Returns the cursor itself. ``{call p(?)}`` and ``CALL p(?)`` call a procedure: see callproc()."""
        core = self._start()
        if isinstance(parameters, Mapping):
            sql, names = _named.positional(sql)
            parameters = _named.values_of(parameters, names)
        if MAY_BE_CALL.match(sql) and _core.is_call(sql):
            self._make_call(core, sql, parameters)
            return self
        result, count, number = core.execute(sql, parameters)
        self._show(result)
        if result is None:
            self.rowcount = count
            if count and INSERT.match(sql):
                self._inserted = number
        return self

    def executemany(self, sql, seq_of_parameters):
        """Executes a statement once per element of any iterable, in messages of about a megabyte. With one ? mark an
        element that is no tuple or list is the value itself. Stops at the first one that fails: the exception's
        ``row`` says which, ``rowcount`` how many rows were changed before. Returns the cursor itself.

        Arrow tables and batches (anything with ``__arrow_c_stream__`` or ``__arrow_c_array__``: pyarrow, polars,
        pandas with pyarrow) are sent straight from their buffers, a column per ? mark. NumPy arrays are taken by
        rows: a structured or two-dimensional one has a column per ? mark, a plain one a value per row."""
        core = self._start()
        # The rows of a cursor are sent as rows: what a column of Arrow could not hold is no matter.
        capsules = None if isinstance(seq_of_parameters, Cursor) else _columnar.capsules_of(seq_of_parameters)
        if capsules is not None:
            self.rowcount, failed, _ = core.execute_arrow(sql, capsules)
            if failed is not None:
                raise failed
            return self
        rows = iter(_columnar.rows_of_numpy(seq_of_parameters))
        first = next(rows, NOTHING)
        if first is NOTHING:
            self.rowcount = 0
            return self
        if isinstance(first, Mapping):
            sql, names = _named.positional(sql)
            source = rows
            head = _named.values_of(first, names)
            rows = (_named.values_of(each, names) for each in source)
        else:
            head = first
        self.rowcount, failed, _ = core.execute_many(sql, _chain(head, rows))
        if failed is not None:
            raise failed
        return self

    def callproc(self, name, parameters=()):
        """Calls a stored procedure and gives a list: ``parameters`` with what came out in the place of what went in.

        ``name`` is its name, ``Schema.Name``, or a call with ? marks and literals: ``{call Schema.Name(?, 'x')}``,
        ``{? = call Schema.Name(?)}``. Parameters at the end may be left out: those that only come out, and those
        that have a DEFAULT. Of a call by name the list goes on to the last parameter that comes out, given or not;
        of one with ? marks it has a value for each, and ``? =`` has the returned value first. ``return_value`` has it
        either way. The rows of the first result set are fetched as those of a query; nextset() goes on."""
        return self._make_call(self._start(), name, parameters)

    def _make_call(self, core, text, parameters):
        text, parameters = call_of(text, parameters)
        self._call, values, self.return_value = core.call(text, parameters)
        self.rowcount = self._call.changed
        self._show(self._call.rows())
        return values

    def nextset(self):
        """Goes on to the next result set of a procedure, whether the current one was read or not: True, or None when
        there is no further one. Queries have one."""
        self._require_executed()
        call = self._call
        result = None if call is None else call.next()
        self._end_result()
        self._show(result)
        if call is not None:
            self.rowcount = call.changed
        return None if result is None else True

    # -- fetching ----------------------------------------------------------------------------------------------------

    def fetchone(self):
        """The next row, or None at the end."""
        result = self._rows()
        row = result.fetch_one(self._stream_long)
        if self._stream_long and row is not None and Ellipsis in row:
            number = result.row_number
            row = tuple(LongStream.of(result, i, number, self.description[i][1]) if cell is Ellipsis else cell for i, cell in enumerate(row))
        return row

    def fetchmany(self, size=None):
        """The next ``size`` rows (arraysize when it is not given) as a list; fewer at the end."""
        size = self._size_of(size)
        return self._whole_rows().fetch(size)

    def fetchall(self):
        """All rows that are left, as a list."""
        return self._whole_rows().fetch(-1)

    def scroll(self, value, mode="relative"):
        """Passes over rows: ``value`` of them, or, with ``mode="absolute"``, those up to row number ``value`` (from 0).
        Results go forward only. An IndexError behind the last row."""
        left = self._rows_to_pass(value, mode)
        while left > 0:
            rows = self.fetchmany(min(left, 1000))
            if not rows:
                raise IndexError("scroll() behind the last row")
            left -= len(rows)

    # -- columns -----------------------------------------------------------------------------------------------------
    # Options of all of these: ``max_bytes`` bounds a batch (one row may be larger), ``dictionary`` encodes repeated
    # text, in every text column (True) or in those of these labels, ``large_offsets`` has 64-bit offsets in every
    # text and binary column, ``timestamp_unit`` ("s", "ms", "us", "ns") replaces the unit that a column's fraction
    # digits ask for. A value that does not fit its column is a DataError with ``row`` and the column's name.

    def fetch_arrow_batches(self, max_bytes=_columnar.BATCH, *, dictionary=False, large_offsets=False, timestamp_unit=None):
        """The rows that are left as an iterator of pyarrow.RecordBatch of about ``max_bytes`` bytes each."""
        return _columnar.arrow_batches(self._batches(max_bytes, dictionary, large_offsets, timestamp_unit))

    def fetch_arrow_table(self, max_bytes=_columnar.BATCH, *, dictionary=False, large_offsets=False, timestamp_unit=None):
        """The rows that are left as a pyarrow.Table, of one chunk per batch."""
        batches = self._batches(max_bytes, dictionary, large_offsets, timestamp_unit)
        with self._as_a_whole():
            return _columnar.arrow_table(batches, bool(dictionary))

    def fetch_arrow_stream(self, max_bytes=_columnar.BATCH, *, dictionary=False, large_offsets=False, timestamp_unit=None):
        """The rows that are left as an object with ``__arrow_c_stream__``, for any library that speaks Arrow."""
        return self._batches(max_bytes, dictionary, large_offsets, timestamp_unit)

    def __arrow_c_stream__(self, requested_schema=None):
        """The rows that are left as a capsule of Arrow's C stream interface; needs no Arrow library."""
        return self.fetch_arrow_stream().__arrow_c_stream__(requested_schema)

    def fetch_polars(self, **options):
        """The rows that are left as a polars.DataFrame, by way of Arrow; options as above."""
        batches = self.fetch_arrow_stream(**options)
        with self._as_a_whole():
            return _columnar.polars_frame(batches)

    def fetch_numpy(self, max_bytes=_columnar.BATCH, *, timestamp_unit=None):
        """The rows that are left as a dict of numpy.ma.MaskedArray, one per column; the mask says what is NULL.
        Numbers have the width of their SQL type, timestamps and dates are datetime64, times timedelta64; text, bytes,
        Decimal and UUID are objects."""
        batches = self._batches(max_bytes, False, False, timestamp_unit)
        with self._as_a_whole():
            return _columnar.numpy_columns(batches)

    def fetch_pandas(self, max_bytes=_columnar.BATCH, *, dtype_backend="numpy_nullable", timestamp_unit=None):
        """The rows that are left as a pandas.DataFrame with types that depend on the columns alone: nullable integers,
        booleans, floats and strings, datetime64, timedelta64, and objects for dates, Decimal, bytes and UUID. With
        ``dtype_backend="pyarrow"`` the columns stay Arrow's (pandas.ArrowDtype)."""
        batches = self._batches(max_bytes, False, False, timestamp_unit)
        with self._as_a_whole():
            return _columnar.pandas_frame(batches, dtype_backend)

    @contextlib.contextmanager
    def _as_a_whole(self):
        # What was read when something raises is gone: better no rows than the rest of them.
        result = self._rows()
        try:
            yield
        except ImportError:
            raise
        except BaseException:
            if self._result is result:
                self._end_result()
            raise

    def __iter__(self):
        result = self._rows()
        # Row by row without a step of Python code for each.
        return self if self._stream_long else iter(result.fetch_one, None)

    def __next__(self):
        row = self.fetchone()
        if row is None:
            raise StopIteration
        return row

    next = __next__

    @property
    def rownumber(self):
        """The 0-based number of the next row; None without a result."""
        return None if self._result is None else self._result.row_number

    @property
    def lastrowid(self):
        """The row id of the row that this cursor has inserted, asked of the server when this is read: None when the
        last statement was no INSERT, or when the connection has executed something else since."""
        core = self.connection._core
        if self._inserted is not None:
            if self._inserted == core.statements:
                result, *_ = core.execute("SELECT LAST_IDENTITY()", None)
                row = result.fetch_one()
                result.close()
                self._lastrowid = row[0] if row else None
            self._inserted = None
        return self._lastrowid

    # -- the rest ----------------------------------------------------------------------------------------------------

    def close(self):
        """Ends the cursor and its result. Harmless when it is closed already."""
        self._closed = True
        self._drop()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.close()

    def _require_open(self):
        if self._closed:
            raise failure("24000", "The cursor is closed")
        if self.connection._core.is_closed:
            raise failure("08003", "The connection is closed", "Connect again.")

    def _start(self):
        self._require_open()
        self._drop()
        del self.messages[:]
        self._forget()
        return self.connection._core

    def _drop(self):
        call, self._call = self._call, None
        self._end_result()
        if call is not None and not self.connection._core.is_closed:
            call.close()

    def _end_result(self):
        result, self._result = self._result, None
        if result is not None and not self.connection._core.is_closed:
            result.close()


def _chain(first, rest):
    yield first
    yield from rest


class _LongBytes(io.RawIOBase):
    """One long value as a file; good until the next row is fetched."""

    def __init__(self, result, column, row, first):
        self._source = (result, column, row)
        self._left = first
        self._ended = not first

    def readable(self):
        return True

    def readinto(self, buffer):
        if not self._left and not self._ended:
            result, column, row = self._source
            self._left = result.read_stream(column, row, max(len(buffer), 4)) or b""
            self._ended = not self._left
        size = min(len(self._left), len(buffer))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size

    def close(self):
        self._source = None
        self._ended = True
        self._left = b""
        super().close()


class LongStream:
    """How cursors with ``stream_long`` give long values: text as an io.TextIOBase, binary as an io.BufferedIOBase.
    Memory holds one piece of at most 256 KiB. A stream is good until the cursor goes to the next row."""

    @staticmethod
    def of(result, column, row, type_code):
        """The stream of a cell; None when the value is NULL, which its first piece tells."""
        first = result.read_stream(column, row, PIECE)
        if first is None:
            return None
        source = io.BufferedReader(_LongBytes(result, column, row, first), PIECE)
        return source if type_code == BINARY else io.TextIOWrapper(source, "utf-8", newline="")
