"""The exceptions of PEP 249, chosen by SQLSTATE.

Every one carries what is known of the failure: ``sqlstate``, ``sqlcode`` (the server's SQLCODE), ``step`` (which part
of the work failed), ``text`` (the server's own words), ``hint`` (what to do about it), ``fatal`` (the connection is of
no more use) and ``row`` (1-based, of a batch; 0: none).
"""

from __future__ import annotations


class _Record:
    sqlstate: str = "HY000"
    sqlcode: int = 0
    step: str = ""
    text: str = ""
    hint: str = ""
    fatal: bool = False
    row: int = 0


class Warning(_Record, Exception):
    """Something odd that was done all the same."""


class Error(_Record, Exception):
    """The base of all that follows."""


class InterfaceError(Error):
    """The module was used in a way it cannot be: a closed connection, settings that contradict each other."""


class DatabaseError(Error):
    """What has to do with the database and has no class of its own."""


class DataError(DatabaseError):
    """A value: out of range, too long, no such date, or one that cannot be represented."""


class OperationalError(DatabaseError):
    """Not the program's doing: the network, a refused login, a timeout, a cancelled statement."""


class IntegrityError(DatabaseError):
    """A constraint of the database was violated."""


class InternalError(DatabaseError):
    """The state of a transaction or cursor is not what it should be."""


class ProgrammingError(DatabaseError):
    """The statement: its syntax, a table that is not there, a wrong number of values."""


class NotSupportedError(DatabaseError):
    """The server, or this module, has no such thing."""


_BY_STATE = {
    "HY008": OperationalError,  # cancelled
    "HYT00": OperationalError,
    "HYT01": OperationalError,
    "HY001": OperationalError,  # memory
    "HYC00": NotSupportedError,
    "IM001": NotSupportedError,
    "08003": InterfaceError,  # closed
    "08002": InterfaceError,
    "IM002": InterfaceError,
    "HY024": InterfaceError,
    "HY010": ProgrammingError,
    "HY090": ProgrammingError,
}

_BY_CLASS = {
    "01": Warning,
    "07": ProgrammingError,
    "08": OperationalError,
    "0A": NotSupportedError,
    "21": ProgrammingError,
    "22": DataError,
    "23": IntegrityError,
    "24": ProgrammingError,
    "25": InternalError,
    "26": ProgrammingError,
    "28": OperationalError,
    "2D": InternalError,
    "34": ProgrammingError,
    "37": ProgrammingError,
    "3B": InternalError,
    "3C": ProgrammingError,
    "3D": ProgrammingError,
    "3F": ProgrammingError,
    "40": OperationalError,
    "42": ProgrammingError,
    "44": IntegrityError,
    "S0": ProgrammingError,
}


def class_of(sqlstate: str, step: str = "") -> type[_Record]:
    """The exception class of a SQLSTATE. Settings that cannot be used are an InterfaceError, whatever theirs is."""
    if sqlstate[:2] == "01":
        return Warning
    if step == "settings":
        return InterfaceError
    return _BY_STATE.get(sqlstate) or _BY_CLASS.get(sqlstate[:2], DatabaseError)


def make(message, sqlstate, sqlcode=0, step="", text="", hint="", fatal=False, row=0):
    """An exception with all its facts. ``message`` is what str() of it says."""
    out = class_of(sqlstate, step)(message)
    out.sqlstate = sqlstate
    out.sqlcode = sqlcode
    out.step = step
    out.text = text or message
    out.hint = hint
    out.fatal = fatal
    out.row = row
    return out


def failure(sqlstate: str, text: str, hint: str = "") -> Exception:
    """One of this module's own."""
    message = f"[{sqlstate}] {text}"
    return make(f"{message} ({hint})" if hint else message, sqlstate, text=text, hint=hint)
