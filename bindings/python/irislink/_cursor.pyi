# What cursors are made of. Not for programs; the names may change.

import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal

NOTHING: object
PIECE: int
MAY_BE_CALL: re.Pattern[str]
INSERT: re.Pattern[str]

_Row = tuple[Any, ...]
_Unit = Literal["s", "ms", "us", "ns"] | None
_Labels = bool | Iterable[str]

def call_of(text: str, parameters: Any) -> tuple[str, Any]: ...

class CursorBase:
    arraysize: int
    description: tuple[tuple[str, int, int | None, None, int | None, int | None, bool | None], ...] | None
    rowcount: int
    return_value: Any
    def __init__(self, connection: Any, *, stream_long: bool = False) -> None: ...
    def setinputsizes(self, sizes: Sequence[Any]) -> None: ...
    def setoutputsize(self, size: int, column: int | None = None) -> None: ...
    def _repr_html_(self) -> str | None: ...
