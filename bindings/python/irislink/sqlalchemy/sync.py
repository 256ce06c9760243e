"""iris+irislink:// for create_engine()."""

from __future__ import annotations

import contextlib

from sqlalchemy import exc, pool

from ..exceptions import Error
from .base import LEVELS, BaseDialect, driver_connection

with contextlib.suppress(ModuleNotFoundError):
    from . import alembic as _alembic  # noqa: F401 - tells Alembic what it needs, where it is installed


class Dialect(BaseDialect):
    """SQLAlchemy's dialect on irislink.

    ``iris+irislink://user:password@host:1972/NAMESPACE?tls_ca_file=ca.pem``: every keyword of irislink.connect() can stand
    in the query part; callables (``two_factor``, ``access_token``) go into ``connect_args`` of create_engine().
    """

    driver = "irislink"
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls):
        import irislink

        return irislink

    @classmethod
    def dbapi(cls):  # its name in SQLAlchemy 1.4
        return cls.import_dbapi()

    @classmethod
    def get_pool_class(cls, url):
        return pool.QueuePool

    @classmethod
    def get_async_dialect_cls(cls, url):
        from .aio import AsyncDialect

        return AsyncDialect

    def create_connect_args(self, url):
        keywords = {"host": url.host, "port": url.port, "namespace": url.database, "user": url.username, "password": url.password}
        keywords = {name: value for name, value in keywords.items() if value not in (None, "")}
        for name, value in url.query.items():
            if not isinstance(value, str):
                raise exc.ArgumentError(f"{name} is given {len(value)} times in the URL")
            if name.lower() == "autocommit":
                raise exc.ArgumentError('Autocommit is asked for by isolation_level="AUTOCOMMIT"')
            keywords[name] = value
        return [], keywords

    def _server_version_text(self, dbapi_connection):
        return dbapi_connection.info["version"]

    def get_isolation_level(self, dbapi_connection):
        dbapi_connection = driver_connection(dbapi_connection)
        return "AUTOCOMMIT" if dbapi_connection.autocommit else dbapi_connection.isolation.name.replace("_", " ")

    def set_isolation_level(self, dbapi_connection, level):
        level = self._checked_level(level)
        dbapi_connection = driver_connection(dbapi_connection)
        dbapi_connection.autocommit = level == "AUTOCOMMIT"
        if level in LEVELS:
            dbapi_connection.isolation = level

    def is_disconnect(self, e, connection, cursor):
        if not isinstance(e, Error):
            return False
        return e.fatal or e.sqlstate.startswith("08") or (connection is not None and bool(getattr(connection, "closed", False)))

    def do_ping(self, dbapi_connection):
        dbapi_connection.ping()
        return True
