"""Results as columns of Arrow, NumPy, pandas and polars, and their tables as parameters.

None of these libraries is needed to import this module; each is imported by the function that gives its objects. The
batches are built by irislink._core, without a Python object per cell.
"""

from __future__ import annotations

import datetime

from .exceptions import Error, failure

BATCH = 16 << 20  # bytes of a batch

__all__ = [
    "BATCH",
    "arrow_batches",
    "arrow_table",
    "capsules_of",
    "chosen",
    "numpy_columns",
    "pandas_frame",
    "plain_of",
    "polars_frame",
    "rows_of_numpy",
]


def chosen(description, labels):
    """True for the columns that ``labels`` name."""
    labels = {labels} if isinstance(labels, str) else set(labels)
    unknown = labels - {each[0] for each in description}
    if unknown:
        raise failure("42S22", f"There is no column {sorted(map(str, unknown))[0]!r}")
    return [each[0] in labels for each in description]


# -- Arrow -----------------------------------------------------------------------------------------------------------


def arrow_batches(batches):
    import pyarrow

    return map(pyarrow.record_batch, batches)


def arrow_table(batches, unify):
    import pyarrow

    table = pyarrow.Table.from_batches(list(arrow_batches(batches)), pyarrow.schema(batches))
    # Each batch has a dictionary of its own.
    return table.unify_dictionaries() if unify else table


def polars_frame(batches):
    import polars

    return polars.DataFrame(batches)


# -- NumPy and pandas ------------------------------------------------------------------------------------------------

_WIDTHS = {"c": "i1", "s": "i2", "i": "i4", "l": "i8", "g": "f8", "tdD": "i4", "tts": "i4", "ttm": "i4", "ttu": "i8", "ttn": "i8"}
_UNITS = {"s": "s", "m": "ms", "u": "us", "n": "ns"}


def _values(numpy, batch, column, kind):
    """One column of a batch: (values, mask)."""
    rows = len(batch)
    validity = batch.buffer(column, 0, 0)
    mask = numpy.zeros(rows, bool)
    if validity is not None:
        mask = numpy.unpackbits(numpy.frombuffer(validity, numpy.uint8), count=rows, bitorder="little") == 0
    if kind == "b":
        bits = numpy.frombuffer(batch.buffer(column, 1, 0), numpy.uint8)
        return numpy.unpackbits(bits, count=rows, bitorder="little").astype(bool), mask
    if kind.startswith("ts"):
        width = "i8"
    elif kind in _WIDTHS:
        width = _WIDTHS[kind]
    else:
        values = numpy.empty(rows, object)
        values[:] = batch.objects(column)
        return values, mask
    values = numpy.frombuffer(batch.buffer(column, 1, int(width[1])), width)
    if kind == "tdD":
        values = values.astype("i8").view("M8[D]")
    elif kind.startswith("tt"):
        values = values.astype("i8").view(f"m8[{_UNITS[kind[2]]}]")
    elif kind.startswith("ts"):
        values = values.view(f"M8[{_UNITS[kind[2]]}]")
    return values, mask


def _columns(batches):
    """[(label, Arrow format, values, mask)] of all rows that are left."""
    import numpy

    shape = batches.shape
    parts = [[] for _ in shape]
    for batch in batches:
        for column, (_, kind) in enumerate(shape):
            parts[column].append(_values(numpy, batch, column, kind))
    out = []
    for (label, kind), found in zip(shape, parts):
        pieces = found or [_values(numpy, batches.empty(), len(out), kind)]
        values = numpy.concatenate([each[0] for each in pieces])
        mask = numpy.concatenate([each[1] for each in pieces])
        out.append((label, kind, values, mask))
    return out


def numpy_columns(batches):
    import numpy

    out = {}
    for label, _, values, mask in _columns(batches):
        if label in out:
            raise failure("07009", f"Two columns are called {label!r}", "Give one of them an alias, or use fetch_arrow_table().")
        if values.dtype.kind in "Mm":
            values[mask] = "NaT"
        out[label] = numpy.ma.MaskedArray(values, mask)
    return out


def _series(pandas, kind, values, mask):
    if kind in ("c", "s", "i", "l"):
        return pandas.arrays.IntegerArray(values, mask)
    if kind == "b":
        return pandas.arrays.BooleanArray(values, mask)
    if kind == "g":
        return pandas.arrays.FloatingArray(values, mask)
    if kind in ("u", "U"):
        return pandas.array(values, dtype="string")
    if kind == "tdD":
        values = values.astype(object)  # datetime.date
        values[mask] = None
        return pandas.Series(values, dtype=object)
    if kind.startswith("t"):
        values[mask] = "NaT"
        return pandas.Series(values)
    return pandas.Series(values, dtype=object)


def pandas_frame(batches, dtype_backend):
    import pandas

    if dtype_backend == "pyarrow":
        return arrow_table(batches, False).to_pandas(types_mapper=pandas.ArrowDtype)
    if dtype_backend != "numpy_nullable":
        raise failure("HY024", f"The dtype_backend is 'numpy_nullable' or 'pyarrow', not {dtype_backend!r}")
    columns = _columns(batches)
    try:
        series = {number: _series(pandas, kind, values, mask) for number, (_, kind, values, mask) in enumerate(columns)}
    except pandas.errors.OutOfBoundsDatetime as failed:
        # pandas before 2 has nanoseconds only.
        raise failure("22008", f"A date is beyond what this pandas holds: {failed}", "Use fetch_numpy().") from failed
    out = pandas.DataFrame(series)
    out.columns = [label for label, *_ in columns]
    return out


# -- parameters ------------------------------------------------------------------------------------------------------


def capsules_of(rows):
    """The capsules of an Arrow table or batch; None for anything else."""
    # The types of values of their own that some sequences have are none of this.
    if hasattr(type(rows), "__arrow_c_stream__"):
        return rows.__arrow_c_stream__()
    if hasattr(type(rows), "__arrow_c_array__"):
        return rows.__arrow_c_array__()
    return None


def rows_of_numpy(rows):
    """The rows of a NumPy array as Python values; anything else as it is."""
    if type(rows).__module__.partition(".")[0] != "numpy" or not hasattr(rows, "dtype"):
        return rows
    if rows.dtype.names is not None and rows.ndim == 1:
        return zip(*(_plain(rows[name]) for name in rows.dtype.names))
    if rows.ndim == 2:
        return zip(*(_plain(rows[:, column]) for column in range(rows.shape[1])))
    if rows.ndim == 1:
        return ((each,) for each in _plain(rows))
    raise failure("07002", f"A NumPy array of {rows.ndim} dimensions has no rows of values", "Send a structured or a two-dimensional one.")


def _plain(column):
    """A column as a list of Python values; None for what is masked and for NaT."""
    import numpy

    kind = column.dtype.kind
    if column.ndim != 1:
        raise failure("07006", "A NumPy column whose values are arrays cannot be sent", "Make it a column for each of their elements.")
    if kind in "biufSUO":
        return column.tolist()
    if kind not in "Mm":
        raise failure("07006", f"A NumPy column of type {column.dtype} cannot be sent")
    unit = "D" if column.dtype == "M8[D]" else "us"
    exact = column.astype(f"{kind}8[{unit}]")
    nothing = numpy.isnat(numpy.ma.getdata(column)) | numpy.ma.getmaskarray(column)
    if numpy.datetime_data(column.dtype)[0] == "generic" and not nothing.all():
        raise failure("07006", f"A {column.dtype} without a unit cannot be sent", "Give it one: numpy.timedelta64(5, 's').")
    if not (numpy.ma.getdata(exact.astype(column.dtype) == column) | nothing).all():
        raise failure("22008", f"A {column.dtype} has a fraction or a range that Python's types do not", "Send it as an Arrow table.")
    out = numpy.ma.getdata(exact).tolist()
    if kind == "m":
        out = [None if each is None else _time_of(each) for each in out]
    elif any(isinstance(each, int) for each in out):
        raise failure("22007", "A datetime64 is not within the years 1 to 9999")
    return [None if null else each for each, null in zip(out, nothing)]


def plain_of(scalar):
    """A datetime64 or timedelta64 as a column of it has it: (value, None), or (None, (SQLSTATE, text, hint))."""
    import numpy

    try:
        return _plain(numpy.array([scalar]))[0], None
    except Error as failed:
        return None, (failed.sqlstate, failed.text, failed.hint)


def _time_of(since_midnight):
    if not datetime.timedelta(0) <= since_midnight < datetime.timedelta(days=1):
        raise failure("22007", "A timedelta64 that is stored as a time is not within a day")
    return (datetime.datetime.min + since_midnight).time()
