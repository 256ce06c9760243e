import datetime
import enum
from decimal import Decimal
from typing import overload

from _typeshed import ReadableBuffer

class TypeObject:
    name: str
    codes: frozenset[int]
    def __init__(self, name: str, *codes: int) -> None: ...
    def __eq__(self, other: object) -> bool: ...
    def __hash__(self) -> int: ...

STRING: TypeObject
BINARY: TypeObject
NUMBER: TypeObject
DATE: TypeObject
TIME: TypeObject
DATETIME: TypeObject
TIMESTAMP: TypeObject
ROWID: TypeObject
UUID: TypeObject

Date = datetime.date
Time = datetime.time
Timestamp = datetime.datetime
Binary = bytes

def DateFromTicks(ticks: float) -> datetime.date: ...
def TimeFromTicks(ticks: float) -> datetime.time: ...
def TimestampFromTicks(ticks: float) -> datetime.datetime: ...
@overload
def list_from(value: None, encoding: str | None = None) -> None: ...
@overload
def list_from(value: str | ReadableBuffer, encoding: str | None = None) -> list[str | int | Decimal | float | None]: ...

class Isolation(enum.IntEnum):
    READ_UNCOMMITTED = 1
    READ_COMMITTED = 2
    READ_VERIFIED = 32
