"""The blocking connection of PEP 249."""

from __future__ import annotations

import atexit
import contextlib
import weakref

from . import _core, exceptions
from ._target import describe, make_settings
from .cursor import Cursor
from .types import Isolation

_live: weakref.WeakSet[Connection] = weakref.WeakSet()


@atexit.register
def _say_goodbye():
    # While the interpreter is whole: the network is not used when it is being taken apart.
    for each in list(_live):
        _live.discard(each)
        with contextlib.suppress(Exception):  # the process ends either way
            each._core.close(at_exit=True)


class Connection:
    """A connection to a server; made by irislink.connect().

    Threads may share a connection: their calls wait for each other. cancel() alone waits for nothing. In a ``with``
    statement the transaction is committed at the end, or rolled back when an exception leaves it, and the connection
    is closed.
    """

    # PEP 249, optional extensions.
    Warning = exceptions.Warning
    Error = exceptions.Error
    InterfaceError = exceptions.InterfaceError
    DatabaseError = exceptions.DatabaseError
    DataError = exceptions.DataError
    OperationalError = exceptions.OperationalError
    IntegrityError = exceptions.IntegrityError
    InternalError = exceptions.InternalError
    ProgrammingError = exceptions.ProgrammingError
    NotSupportedError = exceptions.NotSupportedError

    def __init__(self, *arguments, **keywords):
        settings = make_settings(arguments, keywords)
        self.messages = [(type(each), each) for each in settings.warnings()]
        self._name = describe(settings)
        self._core = _core.Connection(settings)
        _live.add(self)

    def cursor(self, *, stream_long=False):
        """A new cursor. With ``stream_long`` the long values of a row are files to read from (irislink.LongStream)."""
        if self._core.is_closed:
            raise exceptions.failure("08003", "The connection is closed", "Connect again.")
        return Cursor(self, stream_long=stream_long)

    def execute(self, sql, parameters=None):
        """A new cursor, on which the statement was executed."""
        return self.cursor().execute(sql, parameters)

    def commit(self):
        """Makes permanent what was done since the last commit. Without effect when autocommit is on."""
        self._finish(True)

    def rollback(self):
        """Takes back what was done since the last commit. Without effect when autocommit is on."""
        self._finish(False)

    def _finish(self, keep):
        del self.messages[:]
        if self._core.autocommit:
            return
        if keep:
            self._core.commit()
        else:
            self._core.rollback()

    @property
    def autocommit(self):
        """Whether every statement is a transaction of its own. Off at first, as PEP 249 has it."""
        return self._core.autocommit

    @autocommit.setter
    def autocommit(self, on):
        self._core.autocommit = bool(on)

    @property
    def isolation(self):
        """The isolation level in force, as the server says: an irislink.Isolation, which may also be set."""
        return Isolation(self._core.isolation(0))

    @isolation.setter
    def isolation(self, level):
        level = Isolation(level) if not isinstance(level, str) else Isolation[level.upper().replace(" ", "_")]
        self._core.isolation(int(level))

    def cancel(self):
        """Any thread: stops the running statement on the server, which then fails with SQLSTATE HY008. False when
        nothing was running."""
        return self._core.cancel()

    def ping(self):
        """Asks the server for a sign of life."""
        self._core.ping()

    def reset(self):
        """As new: rolled back, statements and cursors closed, autocommit and isolation as when connecting."""
        self._core.reset()

    def two_factor_required(self):
        """Whether the server waits for a second factor: for programs that ask for the code after connecting."""
        return self._core.two_factor_required()

    def send_two_factor(self, code):
        """Sends the one-time code that the server waits for."""
        self._core.send_two_factor(code)

    @property
    def info(self):
        """What is known of the server and the line: version, address, protocol, tls_version, kerberos_principal ..."""
        return self._core.info()

    @property
    def closed(self):
        """Whether the connection is of no more use: closed, or lost."""
        return not self._core.is_open

    def close(self):
        """Ends the connection; what was not committed is rolled back. Cursors of it may be used no more. Harmless
        when it is closed already."""
        _live.discard(self)
        self._core.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        try:
            if not self.closed:
                self._finish(kind is None)
        finally:
            self.close()

    def __repr__(self):
        return f"<irislink.Connection {self._name}{', closed' if self.closed else ''}>"


def connect(*arguments, **keywords):
    """Connects to an IRIS server.

    connect("iris://user@host:1972/USER", password=...), connect("name of a data source"),
    connect("Server=...;UID=..."), connect(host=..., namespace=..., user=..., password=...), or as the vendor's module
    is called: connect(hostname, port, namespace, username, password).

    Every keyword of docs/configuration.md is one here: ``tls_ca_file=``, ``query_timeout=`` (seconds) and so on.
    ``two_factor=`` and ``access_token=`` take a str, or a callable that gives one when it is needed; ``key_password=``
    likewise; ``kerberos=`` a callable that gives (principal, password) or the name of a credential cache.
    ``autocommit=`` is off unless something says otherwise. Raises irislink.Error; nothing is ever sent with less
    protection than was asked for.
    """
    return Connection(*arguments, **keywords)
