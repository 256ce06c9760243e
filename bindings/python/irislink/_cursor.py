"""What the blocking and the asynchronous cursor have in common: everything that waits for nobody."""

from __future__ import annotations

import re
from collections.abc import Mapping

from . import _columnar, _display, _named
from .exceptions import failure

NOTHING = object()
PIECE = 64 * 1024  # bytes of a long value that are asked for at once
MAY_BE_CALL = re.compile(r"\s*(?:\{|call\b)", re.IGNORECASE)
INSERT = re.compile(r"(?:\s|--[^\n]*\n|/\*(?:[^*]|\*(?!/))*\*/)*insert\b", re.IGNORECASE)


def call_of(text, parameters):
    """The text of a call and its values, which may come by :names."""
    if not isinstance(parameters, Mapping):
        return text, parameters
    text, names = _named.positional(text)
    if parameters and not names:
        raise failure("07002", "The parameters of a procedure have an order", "Give a sequence, or :names in a call.")
    return text, _named.values_of(parameters, names)


class CursorBase:
    """The state of a cursor. `_batches_type` builds columns, `_name` and `_has_rows` are how it is shown."""

    arraysize = 1
    _batches_type = None
    _name = ""
    _has_rows = ""

    def __init__(self, connection, *, stream_long=False):
        self.connection = connection
        self._stream_long = stream_long
        self._result = None
        self._call = None  # of a procedure, whose results come one after another
        self._closed = False
        self._forget()

    def _forget(self):
        """Nothing was executed yet."""
        self.description = None
        self.rowcount = -1
        self.return_value = None
        self._executed = False
        self._inserted = None  # the number of the statement whose key is asked for
        self._lastrowid = None

    def _show(self, result):
        self._executed = True
        self._result = result
        self.description = None if result is None else result.description

    def setinputsizes(self, sizes):
        """Accepted, and not needed: a parameter is sent as what it is."""
        self._require_open()

    def setoutputsize(self, size, column=None):
        """Accepted, and not needed: see the keyword LongValueLimit and cursors with stream_long."""
        self._require_open()

    def _require_open(self):
        raise NotImplementedError

    def _require_executed(self):
        self._require_open()
        if not self._executed:
            raise failure("24000", "There are no result sets: nothing was executed")

    def _rows(self):
        self._require_open()
        if self._result is None:
            raise failure("24000", "There are no rows: no statement that gives any was executed")
        return self._result

    def _whole_rows(self):
        result = self._rows()
        if self._stream_long and result.has_long_columns:
            raise failure("HY010", "Long values that are read as streams belong to one row", "Use fetchone() or iterate.")
        return result

    def _size_of(self, size):
        """Of fetchmany()."""
        size = self.arraysize if size is None else size
        if size < 0:
            raise failure("HY090", f"A number of rows is not negative: {size}")
        return size

    def _rows_to_pass(self, value, mode):
        """Of scroll()."""
        if mode not in ("relative", "absolute"):
            raise failure("HY090", f"The mode of scroll() is 'relative' or 'absolute', not {mode!r}")
        self._rows()
        left = value if mode == "relative" else value - self.rownumber
        if left < 0:
            raise failure("HYC00", "A result cannot be scrolled backwards", "Execute the statement again.")
        return left

    def _batches(self, max_bytes, dictionary, large_offsets, timestamp_unit):
        result = self._rows()
        if not isinstance(dictionary, bool):
            dictionary = _columnar.chosen(self.description, dictionary)
        return self._batches_type(result, max_bytes, 0, dictionary, large_offsets, timestamp_unit)

    def __repr__(self):
        return _display.text_of(self, self._name)

    def _repr_html_(self):
        """What notebooks show: the columns. The rows stay where they are, for the cell that asks for them."""
        return _display.html_of(self, self._has_rows)
