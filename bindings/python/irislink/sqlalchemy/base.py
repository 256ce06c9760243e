"""What is the same for every driver by which SQLAlchemy can reach IRIS."""

from __future__ import annotations

import re

from sqlalchemy import exc
from sqlalchemy.engine import default

from .compiler import DDLCompiler, IdentifierPreparer, SQLCompiler, TypeCompiler
from .reflection import DEFAULT_SCHEMA, Reflection
from .types import COLSPECS, NAMES

LEVELS = ("READ UNCOMMITTED", "READ COMMITTED", "READ VERIFIED")


def driver_connection(connection):
    """The driver's own connection; SQLAlchemy 1.4 gives now it, now what its pool has put around it."""
    return getattr(connection, "dbapi_connection", connection)


class ExecutionContext(default.DefaultExecutionContext):
    def get_lastrowid(self):
        cursor = self.create_cursor()
        try:
            cursor.execute("SELECT LAST_IDENTITY()")
            row = cursor.fetchone()
        finally:
            cursor.close()
        return None if row is None or row[0] is None else int(row[0])


class BaseDialect(Reflection, default.DefaultDialect):
    """SQL, types and reflection of IRIS.

    ``supports_limit_offset`` is found out from the server's version when the first connection is made, and may be given
    to create_engine(): servers before 2025.1 have TOP in the place of LIMIT.
    """

    name = "iris"
    statement_compiler = SQLCompiler
    ddl_compiler = DDLCompiler
    type_compiler = type_compiler_cls = TypeCompiler  # SQLAlchemy 1.4 has the first name
    preparer = IdentifierPreparer
    execution_ctx_cls = ExecutionContext
    default_schema_name = DEFAULT_SCHEMA
    default_paramstyle = "qmark"
    colspecs = COLSPECS
    ischema_names = NAMES
    max_identifier_length = 128

    supports_statement_cache = True
    supports_native_boolean = False  # there are BIT columns, but no conditions that are one
    supports_native_decimal = True
    supports_native_uuid = True
    supports_sane_rowcount = True
    supports_sane_multi_rowcount = True
    supports_default_values = True
    supports_empty_insert = True
    supports_multivalues_insert = True
    supports_sequences = False
    supports_identity_columns = True
    supports_alter = True
    supports_schemas = True
    supports_views = True
    supports_comments = True
    inline_comments = True
    supports_is_distinct_from = True
    supports_simple_order_by_label = True
    insert_returning = update_returning = delete_returning = False
    postfetch_lastrowid = True
    div_is_floordiv = False
    requires_name_normalize = False
    returns_native_bytes = True
    supports_limit_offset = True

    def __init__(self, supports_limit_offset=None, json_serializer=None, json_deserializer=None, **keywords):
        super().__init__(**keywords)
        self._json_serializer = json_serializer
        self._json_deserializer = json_deserializer
        self._limit_offset_given = supports_limit_offset is not None
        if self._limit_offset_given:
            self.supports_limit_offset = supports_limit_offset

    def initialize(self, connection):
        super().initialize(connection)
        if not self._limit_offset_given:
            self.supports_limit_offset = self.server_version_info >= (2025, 1)

    def _default_multi_reflect(self, single_tbl_method, connection, kind, schema, filter_names, scope, **kw):
        # SQLAlchemy 2 is about to ask for many tables, one by one.
        if filter_names is None or len(filter_names) > 3:
            self.ask_for_the_whole_schema(schema, kw.setdefault("info_cache", {}))
        return super()._default_multi_reflect(single_tbl_method, connection, kind, schema, filter_names, scope, **kw)

    def _get_default_schema_name(self, connection):
        return DEFAULT_SCHEMA

    def _server_version_text(self, dbapi_connection):
        raise NotImplementedError

    def _get_server_version_info(self, connection):
        found = re.search(r"\b(\d{4})\.(\d+)(?:\.(\d+))?", self._server_version_text(driver_connection(connection.connection)))
        return tuple(int(part) for part in found.groups() if part) if found else (0,)

    def get_isolation_level_values(self, dbapi_connection):
        return [*LEVELS, "AUTOCOMMIT"]

    def _checked_level(self, level):
        level = level.upper().replace("_", " ")
        known = self.get_isolation_level_values(None)
        if level not in known:
            raise exc.ArgumentError(f"Invalid value '{level}' for isolation_level. Valid isolation levels for iris are {', '.join(known)}")
        return level

    def do_release_savepoint(self, connection, name):
        """IRIS keeps savepoints until the transaction ends."""
