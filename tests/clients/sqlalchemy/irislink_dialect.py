"""A SQLAlchemy dialect on pyodbc and this driver, as small as its test suite allows: reflection goes by the driver's
catalog functions. For tests; it is not a product."""

import decimal

from sqlalchemy import exc, types
from sqlalchemy.connectors.pyodbc import PyODBCConnector
from sqlalchemy.engine import default, interfaces, reflection
from sqlalchemy.sql import compiler

DEFAULT_SCHEMA = "SQLUser"


class Compiler(compiler.SQLCompiler):
    def limit_clause(self, select, **kw):
        limit, offset = select._limit_clause, select._offset_clause
        text = "" if limit is None else "\n LIMIT " + self.process(limit, **kw)
        if offset is None:
            return text
        return text + ("\n" if limit is None else "") + " OFFSET " + self.process(offset, **kw) + (" ROWS" if limit is None else "")

    def visit_mod_binary(self, binary, operator, **kw):
        return f"MOD({self.process(binary.left, **kw)}, {self.process(binary.right, **kw)})"

    def render_bind_cast(self, type_, dbapi_type, sqltext):
        return f"CAST({sqltext} AS {self.dialect.type_compiler_instance.process(dbapi_type)})"

    def visit_true(self, element, **kw):
        return "1"

    def visit_false(self, element, **kw):
        return "0"

    def visit_empty_set_expr(self, element_types, **kw):
        return "SELECT " + ", ".join("1" for _ in element_types or [None]) + " WHERE 1 = 0"


class DDLCompiler(compiler.DDLCompiler):
    def get_column_specification(self, column, **kw):
        name = self.preparer.format_column(column)
        if column.identity is not None or (column is column.table._autoincrement_column and column.server_default is None and not column.foreign_keys):
            return f"{name} SERIAL NOT NULL"
        default_value = self.get_column_default_string(column)
        text = f"{name} {self.dialect.type_compiler_instance.process(column.type, type_expression=column)}"
        if default_value is not None:
            text += f" DEFAULT {default_value}"
        return text if column.nullable else f"{text} NOT NULL"


class TypeCompiler(compiler.GenericTypeCompiler):
    def visit_BOOLEAN(self, type_, **kw):
        return "BIT"

    def visit_TEXT(self, type_, **kw):
        return "LONGVARCHAR"

    def visit_BLOB(self, type_, **kw):
        return "LONGVARBINARY"

    def visit_DATETIME(self, type_, **kw):
        return "TIMESTAMP"

    visit_TIMESTAMP = visit_DATETIME

    def visit_FLOAT(self, type_, **kw):
        return "DOUBLE"

    visit_DOUBLE = visit_REAL = visit_FLOAT

    def visit_VARCHAR(self, type_, **kw):
        return f"VARCHAR({type_.length or 4000})"  # alone it would be VARCHAR(1)

    visit_NVARCHAR = visit_VARCHAR

    def visit_VARBINARY(self, type_, **kw):
        return f"VARBINARY({type_.length or 4000})"

    def visit_NUMERIC(self, type_, **kw):
        if type_.precision is None:
            return "NUMERIC(18,6)"
        return f"NUMERIC({type_.precision},{type_.scale or 0})"

    visit_DECIMAL = visit_NUMERIC


class Preparer(compiler.IdentifierPreparer):
    # What the suite calls columns that the server keeps for itself.
    reserved_words = compiler.RESERVED_WORDS | {
        "value",
        "count",
        "date",
        "time",
        "timestamp",
        "position",
        "top",
        "percent",
        "domain",
        "schema",
        "session",
        "section",
        "exec",
    }


class ExecutionContext(default.DefaultExecutionContext):
    def get_lastrowid(self):
        cursor = self.create_cursor()
        cursor.execute("SELECT LAST_IDENTITY()")
        (value,) = cursor.fetchone()
        cursor.close()
        return None if value is None else int(value)


class Numeric(types.Numeric):
    """What the server makes of a division is DOUBLE."""

    def result_processor(self, dialect, coltype):
        return (
            (lambda value: None if value is None else decimal.Decimal(str(value)))
            if self.asdecimal
            else (lambda value: None if value is None else float(value))
        )


def cast_when_bound(kind):
    """A parameter in a list of results has no type by itself; the server takes it for text."""
    return type(kind.__name__, (kind,), {"render_bind_cast": True})


# By what SQLColumns says in TYPE_NAME.
TYPES = {
    "BIT": types.BOOLEAN,
    "TINYINT": types.SMALLINT,
    "SMALLINT": types.SMALLINT,
    "INTEGER": types.INTEGER,
    "BIGINT": types.BIGINT,
    "NUMERIC": types.NUMERIC,
    "DOUBLE": types.DOUBLE,
    "VARCHAR": types.VARCHAR,
    "LONGVARCHAR": types.TEXT,
    "VARBINARY": types.VARBINARY,
    "LONGVARBINARY": types.BLOB,
    "DATE": types.DATE,
    "TIME": types.TIME,
    "TIMESTAMP": types.TIMESTAMP,
}


class Dialect(PyODBCConnector, default.DefaultDialect):
    name = "irislink"
    driver = "pyodbc"
    statement_compiler = Compiler
    ddl_compiler = DDLCompiler
    type_compiler_cls = TypeCompiler
    preparer = Preparer
    execution_ctx_cls = ExecutionContext
    default_schema_name = DEFAULT_SCHEMA
    supports_statement_cache = True
    supports_native_boolean = False
    supports_sane_rowcount = True
    supports_sane_multi_rowcount = False
    supports_default_values = True
    supports_empty_insert = True
    supports_sequences = False
    supports_alter = True
    supports_schemas = True
    supports_views = True
    supports_multivalues_insert = False
    div_is_floordiv = False
    bind_typing = interfaces.BindTyping.RENDER_CASTS
    colspecs = {
        types.Date: cast_when_bound(types.Date),
        types.DateTime: cast_when_bound(types.DateTime),
        types.Time: cast_when_bound(types.Time),
        types.Numeric: Numeric,
        types.Float: types.Float,
    }
    postfetch_lastrowid = True
    max_identifier_length = 128
    requires_name_normalize = False
    insert_returning = update_returning = delete_returning = False

    def do_release_savepoint(self, connection, name):
        """There is no RELEASE SAVEPOINT."""

    def _get_default_schema_name(self, connection):
        return DEFAULT_SCHEMA

    def _get_server_version_info(self, connection, *_, **__):
        return tuple(int(part) for part in connection.connection.dbapi_connection.getinfo(18).split(".") if part.isdigit())

    def get_isolation_level_values(self, dbapi_connection):
        return ["READ UNCOMMITTED", "READ COMMITTED", "AUTOCOMMIT"]

    def get_default_isolation_level(self, dbapi_connection):
        return "READ UNCOMMITTED"

    def get_isolation_level(self, dbapi_connection):
        return getattr(self, "_level", "READ UNCOMMITTED")

    def set_isolation_level(self, dbapi_connection, level):
        dbapi_connection.autocommit = level == "AUTOCOMMIT"
        if level != "AUTOCOMMIT":
            dbapi_connection.set_attr(108, 1 if level == "READ UNCOMMITTED" else 2)
        self._level = level

    def reset_isolation_level(self, dbapi_connection):
        self.set_isolation_level(dbapi_connection, "READ UNCOMMITTED")

    # ---- reflection by catalog functions ----

    def _catalog(self, connection, function, *arguments, **named):
        cursor = connection.connection.cursor()
        try:
            return getattr(cursor, function)(*arguments, **named).fetchall()
        finally:
            cursor.close()

    @staticmethod
    def _pattern(name):
        return name.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%")

    def _tables(self, connection, schema, kind, name="%"):
        return [row.table_name for row in self._catalog(connection, "tables", table=name, schema=self._pattern(schema or DEFAULT_SCHEMA), tableType=kind)]

    @reflection.cache
    def get_schema_names(self, connection, **kw):
        return sorted({row.table_schem for row in self._catalog(connection, "tables", table="", catalog="", schema="%")} - {None})

    @reflection.cache
    def get_table_names(self, connection, schema=None, **kw):
        return self._tables(connection, schema, "TABLE")

    @reflection.cache
    def get_view_names(self, connection, schema=None, **kw):
        return self._tables(connection, schema, "VIEW")

    @reflection.cache
    def has_table(self, connection, table_name, schema=None, **kw):
        return bool(self._tables(connection, schema, "TABLE,VIEW", self._pattern(table_name)))

    def _there(self, connection, table_name, schema, rows, **kw):
        """The rows; an error when there are none because there is no table."""
        if not rows and not self.has_table(connection, table_name, schema, **kw):
            raise exc.NoSuchTableError(f"{schema}.{table_name}" if schema else table_name)
        return rows

    @reflection.cache
    def get_columns(self, connection, table_name, schema=None, **kw):
        found = self._catalog(connection, "columns", table=self._pattern(table_name), schema=self._pattern(schema or DEFAULT_SCHEMA))
        out = []
        for row in self._there(connection, table_name, schema, found, **kw):
            kind = TYPES[row.type_name.upper()]
            if kind in (types.VARCHAR, types.VARBINARY):
                made = kind(row.column_size)
            elif kind is types.NUMERIC:
                made = kind(row.column_size, row.decimal_digits)
            else:
                made = kind()
            out.append({"name": row.column_name, "type": made, "nullable": row.nullable != 0, "default": row.column_def})
        return out

    @reflection.cache
    def get_pk_constraint(self, connection, table_name, schema=None, **kw):
        rows = self._there(connection, table_name, schema, self._catalog(connection, "primaryKeys", table_name, schema=schema or DEFAULT_SCHEMA), **kw)
        return {"constrained_columns": [row.column_name for row in sorted(rows, key=lambda r: r.key_seq)], "name": rows[0].pk_name if rows else None}

    @reflection.cache
    def get_foreign_keys(self, connection, table_name, schema=None, **kw):
        rows = self._catalog(connection, "foreignKeys", foreignTable=table_name, foreignSchema=schema or DEFAULT_SCHEMA)
        keys = {}
        for row in self._there(connection, table_name, schema, rows, **kw):
            referred = None if row.pktable_schem == DEFAULT_SCHEMA and schema is None else row.pktable_schem
            made = keys.setdefault(
                row.fk_name,
                {
                    "name": row.fk_name,
                    "constrained_columns": [],
                    "referred_schema": referred,
                    "referred_table": row.pktable_name,
                    "referred_columns": [],
                    "options": {},
                },
            )
            made["constrained_columns"].append(row.fkcolumn_name)
            made["referred_columns"].append(row.pkcolumn_name)
        return sorted(keys.values(), key=lambda key: key["name"])

    def _indexes(self, connection, table_name, schema, **kw):
        rows = self._catalog(connection, "statistics", table_name, schema=schema or DEFAULT_SCHEMA, unique=False)
        primary = self.get_pk_constraint(connection, table_name, schema, **kw)["name"]
        made = {}
        for row in rows:
            if row.index_name is not None and row.index_name != primary:
                made.setdefault(row.index_name, {"name": row.index_name, "unique": row.non_unique == 0, "column_names": []})["column_names"].append(
                    row.column_name
                )
        return sorted(made.values(), key=lambda index: index["name"])

    @reflection.cache
    def get_indexes(self, connection, table_name, schema=None, **kw):
        return self._indexes(connection, table_name, schema, **kw)

    @reflection.cache
    def get_unique_constraints(self, connection, table_name, schema=None, **kw):
        text = "SELECT CONSTRAINT_NAME FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND CONSTRAINT_TYPE = 'UNIQUE'"
        names = {row[0] for row in connection.exec_driver_sql(text, (schema or DEFAULT_SCHEMA, table_name))}
        return [
            {"name": each["name"], "column_names": each["column_names"], "duplicates_index": each["name"]}
            for each in self._indexes(connection, table_name, schema, **kw)
            if each["name"] in names
        ]

    @reflection.cache
    def get_view_definition(self, connection, view_name, schema=None, **kw):
        text = "SELECT VIEW_DEFINITION FROM INFORMATION_SCHEMA.VIEWS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?"
        row = connection.exec_driver_sql(text, (schema or DEFAULT_SCHEMA, view_name)).fetchone()
        if row is None:
            raise exc.NoSuchTableError(view_name)
        return row[0]
