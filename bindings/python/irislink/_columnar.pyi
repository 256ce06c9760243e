# What cursors are made of. Not for programs; the names may change.

from collections.abc import Iterable, Iterator
from typing import Any

from ._core import Batches

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

BATCH: int

def chosen(description: tuple[tuple[Any, ...], ...], labels: Iterable[str]) -> list[bool]: ...
def arrow_batches(batches: Batches) -> Iterator[Any]: ...
def arrow_table(batches: Batches, unify: bool) -> Any: ...
def polars_frame(batches: Batches) -> Any: ...
def numpy_columns(batches: Batches) -> dict[str, Any]: ...
def pandas_frame(batches: Batches, dtype_backend: str) -> Any: ...
def capsules_of(rows: object) -> Any: ...
def rows_of_numpy(rows: Any) -> Iterable[Any]: ...
def plain_of(scalar: Any) -> tuple[Any, tuple[str, str, str] | None]: ...
