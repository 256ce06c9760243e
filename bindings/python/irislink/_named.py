"""Parameters by name: ``:name`` in a statement, for values that come as a mapping."""

from __future__ import annotations

import functools
import re

from .exceptions import failure

_TOKEN = re.compile(
    r"""
    '(?:[^']|'')*'?            # a literal
    | "(?:[^"]|"")*"?          # a delimited identifier
    | --[^\n]*                 # a comment
    | /\*.*?(?:\*/|\Z)         # another one
    | ::                       # no parameter
    | :(?P<name>[A-Za-z_]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)


@functools.lru_cache(maxsize=512)
def positional(sql: str) -> tuple[str, tuple[str, ...]]:
    """The statement with ? in the place of its names, and the names in their order."""
    names: list[str] = []

    def mark(found):
        name = found.group("name")
        if name is None:
            return found.group()
        names.append(name)
        return "?"

    return _TOKEN.sub(mark, sql), tuple(names)


def values_of(row, names):
    """The values of one mapping, in the order of the names."""
    try:
        return tuple(row[name] for name in names)
    except KeyError as missing:
        raise failure("07002", f"There is no value for the parameter :{missing.args[0]}") from None
