"""irislink for asyncio.

    async with irislink.aio.connect("iris://demo@localhost/USER", password="...") as db:
        async for name, mass in await db.execute("select Name, Mass from Planet"):
            print(name, mass)

    async with irislink.aio.create_pool("iris://demo@localhost/USER", password="...", max_size=20) as pool:
        async with pool.acquire() as db:
            await db.execute("update Planet set Mass = ? where Name = ?", [Decimal("0.06"), "Mercury"])

One thread of the module does the network's work for all connections of the process; what it has done is given to the
event loop through a file descriptor. A connection belongs to the loop in which it was made. Its operations wait for
each other; a task that is cancelled while its statement runs has the statement stopped on the server, and the
connection lives on.
"""

from .connection import Connection, connect
from .cursor import Cursor, LongStream
from .pool import Pool, PoolConnection, create_pool

__all__ = ["Connection", "Cursor", "LongStream", "Pool", "PoolConnection", "connect", "create_pool"]
