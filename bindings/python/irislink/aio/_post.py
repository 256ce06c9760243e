"""Between the module's network thread and the event loops."""

from __future__ import annotations

import asyncio
import atexit
import inspect
import itertools
import os
import weakref

from .. import _core
from ..exceptions import failure

atexit.register(_core.stop_network_thread)


class Post:
    """The mailbox of one event loop, and who waits for which letter."""

    _of: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Post] = weakref.WeakKeyDictionary()

    @classmethod
    def of_this_loop(cls):
        loop = asyncio.get_running_loop()
        post = cls._of.get(loop)
        if post is None or post._process != os.getpid():
            post = cls._of[loop] = cls(loop)
        return post

    def __init__(self, loop):
        self.box = _core.Mailbox()
        self._loop = weakref.ref(loop)
        self._process = os.getpid()
        self._tokens = itertools.count(1)
        self._waiting = {}  # token: the future of whoever waits
        self._listening = {}  # token: a weak reference to a method
        self._letters = []  # that were taken out of the box and not handed over yet
        loop.add_reader(self.box.fileno(), self._deliver)

    @property
    def loop(self):
        """The event loop; None when it is gone."""
        return self._loop()

    def require_here(self):
        """Raises where no letter would ever come."""
        if self._process != os.getpid():
            raise failure("HY010", "The connection belongs to the process that made it", "Connect anew after fork().")
        if self._loop() is not asyncio.get_running_loop():
            raise failure("HY010", "The connection belongs to another event loop", "Connect in the loop that uses it.")

    def listen(self, method):
        """A token whose letters call ``method(value)``, as long as its object lives or until forget()."""
        token = next(self._tokens)
        self._listening[token] = weakref.WeakMethod(method)
        return token

    def forget(self, token):
        self._listening.pop(token, None)

    def _deliver(self):
        # A signal's handler may raise anywhere in here. What was taken is kept, and the loop comes again until the box is
        # settled: who waits for the rest gets it all the same.
        letters = self._letters
        self.box.take(letters)
        while letters:
            self._hand_over(letters)
        self.box.settle()

    def _hand_over(self, letters):
        """The first letter, to whom it belongs."""
        token, failed, value = letters[0]
        answer = self._waiting.get(token)
        if answer is None:
            letters.pop(0)
            if failed is not None:
                raise failed  # nobody else would hear of it
            method = self._listening.get(token, _nobody)()
            if method is not None:
                method(value)
            return
        wanted = not answer.done()  # or who waited for it was cancelled
        if wanted:
            if failed is None:
                answer.set_result(value)
            elif isinstance(failed, StopIteration):
                answer.set_exception(RuntimeError("StopIteration was raised"))  # futures refuse it
            else:
                answer.set_exception(failed)
        # Not before: whoever is interrupted in here hands it over once more.
        self._waiting.pop(token, None)
        letters.pop(0)
        if not wanted and not isinstance(failed, (Exception, type(None))):
            raise failed  # Ctrl-C, which has come while the answer was made

    async def ask(self, start, stop=None):
        """Starts an operation by start(token) and waits for its answer. When the task is cancelled, stop() is called,
        and the answer waited for all the same: until then the connection is not free."""
        waiting = self._waiting
        loop = asyncio.get_running_loop()
        token = next(self._tokens)
        answer = waiting[token] = loop.create_future()
        try:
            start(token)
        except BaseException:
            del waiting[token]
            raise
        try:
            return await answer
        except asyncio.CancelledError:
            if not answer.cancelled():
                answer.exception()  # it came at the same time
            if stop is not None and token in waiting:
                stop()
            while token in waiting:
                answer = waiting[token] = loop.create_future()
                try:
                    await answer
                except asyncio.CancelledError:
                    continue
                except Exception:  # noqa: BLE001 - nobody waits for it any more
                    break
            raise


def _nobody():
    return None


async def answer_of(value):
    """What a callable gives, which may be awaited for."""
    if callable(value):
        value = value()
        if inspect.isawaitable(value):
            value = await value
    return value
