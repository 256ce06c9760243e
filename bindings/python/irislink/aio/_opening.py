"""What may be awaited, or entered."""

from __future__ import annotations

from collections.abc import Coroutine


class Opening(Coroutine):
    """A coroutine that gives something to enter: to be awaited, or for ``async with``."""

    def __init__(self, work):
        self._work = work
        self._entered = None

    def send(self, value):
        return self._work.send(value)

    def throw(self, kind, value=None, trace=None):
        return self._work.throw(kind) if value is None and trace is None else self._work.throw(kind, value, trace)

    def close(self):
        self._work.close()

    def __await__(self):
        return self._work.__await__()

    async def __aenter__(self):
        self._entered = await self._work
        return await self._entered.__aenter__()

    async def __aexit__(self, kind, value, trace):
        return await self._entered.__aexit__(kind, value, trace)
