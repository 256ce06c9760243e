"""Logging in, once or many times, with the same settings."""

from __future__ import annotations

import asyncio
from typing import Any

from .. import _core, exceptions
from .._target import describe, kerberos_of, make_settings
from ._post import Post, answer_of


class Login:
    """Settings that were resolved once, and the callables that a login asks. Made by Login.make()."""

    post: Post
    name: str
    messages: list[tuple[type, Any]]
    _two_factor: Any
    _token: Any
    _kerberos: Any
    _asks: list[int]
    _turns: asyncio.Lock
    _core: Any
    _connecting: Any
    _raised: BaseException | None
    _answering: Any

    @classmethod
    async def make(cls, arguments, keywords):
        self = cls()
        self.post = Post.of_this_loop()
        two_factor = keywords.pop("two_factor", None)
        if isinstance(two_factor, str):
            keywords["two_factor"] = two_factor
            two_factor = None
        token = keywords.pop("access_token", None)
        if token is not None and not callable(token):
            keywords["access_token"] = token
            token = None
        if "key_password" in keywords:
            keywords["key_password"] = await answer_of(keywords["key_password"])
        self._two_factor = two_factor
        self._token = token
        self._kerberos = kerberos_of(keywords)
        self._turns = asyncio.Lock()  # a code is good for one login, and a person has one phone
        self._connecting = None
        self._raised = None
        self._answering = None
        settings = make_settings(arguments, keywords)
        codes = self.post.listen(self._wants_code) if two_factor is not None else 0
        tickets = self.post.listen(self._wants_ticket) if self._kerberos is not None else 0
        self._asks = [codes, tickets]
        self._core = _core.Login(settings, self.post.box, codes, tickets, token is not None)
        self.name = describe(settings)
        self.messages = [(type(each), each) for each in settings.warnings()]
        return self

    @property
    def has_stored_code(self):
        return self._core.has_stored_code

    def end(self):
        """No more logins."""
        for token in self._asks:
            self.post.forget(token)

    async def open(self):
        """A connection of _core that is logged in."""
        if self._token is not None:
            text = await answer_of(self._token)
            if not isinstance(text, str):
                raise TypeError(f"access_token must give a str, not {type(text).__name__}")
            self._core.give_token(text)
        core = _core.AsyncConnection(self._core)
        if not any(self._asks):
            await self.post.ask(core.connect, core.stop)
            return core
        async with self._turns:
            self._connecting, self._raised, self._answering = core, None, None
            try:
                await self.post.ask(core.connect, core.stop)
            except exceptions.Error:
                if self._raised is not None:
                    raise self._raised from None
                raise
            finally:
                self._connecting = None
                if self._answering is not None:
                    self._answering.cancel()
        return core

    def _wants_code(self, give):
        def checked(code):
            if not isinstance(code, str):
                raise TypeError(f"two_factor must give a str, not {type(code).__name__}")
            give(code)

        def refuse():
            if self._connecting is core:
                core.stop()

        core = self._connecting
        if core is not None:
            self._begin(self._answer(core, self._two_factor, checked, refuse))

    def _wants_ticket(self, give):
        if self._connecting is not None:
            self._begin(self._answer(self._connecting, self._kerberos, give, give.refuse))

    def _begin(self, answer):
        self._answering = asyncio.get_running_loop().create_task(answer)

    async def _answer(self, core, function, give, refuse):
        try:
            give(await answer_of(function))
        except BaseException as failed:  # noqa: BLE001 - open() raises it
            if self._connecting is core:
                self._raised = failed
            refuse()
