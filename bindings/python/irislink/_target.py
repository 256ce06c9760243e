"""What irislink.connect() takes, as settings. Every keyword of docs/configuration.md is one here, in any spelling that
a Python name can have: ``tls_ca_file``, ``TlsCaFile``, ``tlscafile``."""

from __future__ import annotations

import os
import re

from ._core import Settings, is_secret
from .exceptions import failure
from .types import Isolation

# The vendor's positional order: connect(hostname, port, namespace, username, password, timeout, sharedmemory, logfile).
_VENDOR_ORDER = ("hostname", "port", "namespace", "username", "password", "timeout", "sharedmemory", "logfile")
_VENDOR_STRING = re.compile(r"(?P<host>[^:/=?@]+|\[[^\]]+\]):(?P<port>\d+)/(?P<namespace>[^:/=?@]+)")
# The vendor's module takes them, and does nothing with them that has a meaning here.
_WITHOUT_MEANING = {"isolationlevel", "featureoptions", "sharedmemory", "logfile", "embedded"}


def _text(name, value):
    if is_secret(name) and not isinstance(value, str):
        # A number would have lost the zeros before it.
        raise TypeError(f"connect(): {name} is a str, not {type(value).__name__}")
    if value is True or value is False:
        return "1" if value else "0"
    if isinstance(value, Isolation):
        return str(int(value))
    if isinstance(value, (str, int, float)):
        return str(value)
    if isinstance(value, os.PathLike):
        return os.fsdecode(value)
    raise TypeError(f"connect(): {name} is a {type(value).__name__}, which is no setting")


def _named_arguments(arguments, keywords):
    """Positional arguments as keywords; the target, or None, beside them."""
    target = keywords.pop("dsn", None)
    string = keywords.pop("connectionstr", None)
    if not arguments:
        pass
    elif len(arguments) == 1:
        target = arguments[0]
    elif isinstance(arguments[1], int) or len(arguments) > 3:
        # hostname, port, namespace, username, password, ...
        if len(arguments) > len(_VENDOR_ORDER):
            raise TypeError(f"connect() takes at most {len(_VENDOR_ORDER)} positional arguments")
        for name, value in zip(_VENDOR_ORDER, arguments):
            if name in keywords:
                raise TypeError(f"connect() got {name} twice")
            keywords[name] = value
    else:
        # "host:port/namespace", username, password
        string = arguments[0]
        for name, value in zip(("username", "password"), arguments[1:]):
            if name in keywords:
                raise TypeError(f"connect() got {name} twice")
            keywords[name] = value
    if target is not None and not isinstance(target, str):
        raise TypeError(f"connect(): the target is a str, not a {type(target).__name__}")
    found = _VENDOR_STRING.fullmatch(string if string is not None else target or "")
    if found:
        target = None
        for name in ("host", "port", "namespace"):
            keywords[name] = found[name]
    elif string is not None:
        target = string
    return target, keywords


def _callable_or_text(settings, name, keyword, value):
    if value is None:
        return
    if callable(value):
        getattr(settings, name)(value)
    elif isinstance(value, str):
        settings.set(keyword, value)
    else:
        raise TypeError(f"connect(): {name} is a str or a callable, not a {type(value).__name__}")


def kerberos_of(keywords):
    kerberos = keywords.pop("kerberos", None)
    if kerberos is None or callable(kerberos):
        return kerberos
    raise TypeError(f"connect(): kerberos is a callable, not a {type(kerberos).__name__}")


def make_settings(arguments, keywords) -> Settings:
    """Checked as far as they can be without connecting."""
    two_factor = keywords.pop("two_factor", None)
    access_token = keywords.pop("access_token", None)
    key_password = keywords.pop("key_password", None)
    kerberos = kerberos_of(keywords)
    autocommit = keywords.pop("autocommit", keywords.pop("autoCommit", None))
    timeout = None
    for context in ("ssl_context", "sslcontext"):
        if keywords.pop(context, None) is not None:
            raise failure(
                "HYC00",
                f"connect(): {context} cannot be used: its certificates cannot be read back",
                "Use tls_ca_file, tls_cert_file, tls_key_file and the other Tls keywords.",
            )
    target, keywords = _named_arguments(arguments, keywords)
    if "timeout" in keywords:
        timeout = keywords.pop("timeout")
    settings = Settings(target) if target is not None else Settings()
    for name, value in keywords.items():
        if value is None or name.lower() in _WITHOUT_MEANING:
            continue
        spelling = name if name.upper() in ("TCP_NODELAY", "SO_RCVBUF", "SO_SNDBUF") else name.replace("_", "")
        advice = settings.set(spelling, _text(spelling, value))
        if advice is not None:
            raise TypeError(f"connect() has no keyword {name!r}. {advice}")
    if timeout is not None:
        # The vendor's: seconds until one is connected.
        settings.set("ConnectTimeout", _text("timeout", timeout))
        settings.set("LoginTimeout", _text("timeout", timeout))
    if autocommit is not None:
        settings.set("AutoCommit", "1" if autocommit else "0")
    elif settings.shown().get("AutoCommit", ("", "default"))[1] == "default":
        settings.set("AutoCommit", "0")  # PEP 249: off unless something says otherwise
    _callable_or_text(settings, "two_factor", "TwoFactorToken", two_factor)
    _callable_or_text(settings, "access_token", "AccessToken", access_token)
    _callable_or_text(settings, "key_password", "TlsKeyPassword", key_password)
    if kerberos is not None:
        settings.kerberos(kerberos)
    return settings


def describe(settings: Settings) -> str:
    """``user@host:port/NAMESPACE``, for people."""
    shown = settings.shown()

    def of(keyword):
        return shown.get(keyword, ("", ""))[0]

    user = of("UID")
    host = of("Server") or "127.0.0.1"
    port = of("Port") or "1972"
    return f"{user + '@' if user else ''}{host}{'' if ':' in host else ':' + port}/{of('Database') or 'USER'}"
