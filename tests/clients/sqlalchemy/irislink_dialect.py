"""irislink's dialect on pyodbc and the ODBC driver, for tests: what SQLAlchemy asks of a driver by way of ODBC."""

from sqlalchemy.connectors.pyodbc import PyODBCConnector

from irislink.sqlalchemy.base import LEVELS, BaseDialect


class Dialect(PyODBCConnector, BaseDialect):
    driver = "pyodbc"
    supports_statement_cache = True
    supports_sane_multi_rowcount = False  # pyodbc tells the last one
    _get_server_version_info = BaseDialect._get_server_version_info

    def __init__(self, **keywords):
        # The sandbox has both forms; the other is tried over irislink.
        super().__init__(supports_limit_offset=True, **keywords)

    @classmethod
    def import_dbapi(cls):
        import pyodbc

        return pyodbc

    def _server_version_text(self, dbapi_connection):
        return dbapi_connection.getinfo(18)

    def get_isolation_level_values(self, dbapi_connection):
        return [*LEVELS[:2], "AUTOCOMMIT"]

    def get_isolation_level(self, dbapi_connection):
        return "AUTOCOMMIT" if dbapi_connection.autocommit else getattr(self, "_level", LEVELS[0])

    def set_isolation_level(self, dbapi_connection, level):
        level = self._checked_level(level)
        dbapi_connection.autocommit = level == "AUTOCOMMIT"
        if level in LEVELS:
            dbapi_connection.set_attr(108, {"READ UNCOMMITTED": 1, "READ COMMITTED": 2}[level])
            self._level = level
