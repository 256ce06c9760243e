from .connection import Connection, connect
from .cursor import Cursor, LongStream
from .pool import Pool, PoolConnection, create_pool

__all__ = ["Connection", "Cursor", "LongStream", "Pool", "PoolConnection", "connect", "create_pool"]
