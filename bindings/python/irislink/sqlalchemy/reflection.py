"""What there is in the database, by INFORMATION_SCHEMA."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exc, types
from sqlalchemy.engine import reflection

from .types import NAMES

DEFAULT_SCHEMA = "SQLUser"
DEFAULT_COLLATION = "SQLUPPER"  # of text, where nothing else is said

# Each is about the tables of a schema, called t, or about one of them: {one} is a condition then.
_COLUMNS = """
SELECT t.TABLE_NAME, t.COLUMN_NAME, t.DATA_TYPE, t.CHARACTER_MAXIMUM_LENGTH, t.NUMERIC_PRECISION, t.NUMERIC_SCALE, t.COLLATION_NAME, t.IS_NULLABLE,
  t.COLUMN_DEFAULT, t.AUTO_INCREMENT, t.DESCRIPTION
FROM INFORMATION_SCHEMA.COLUMNS t
WHERE t.TABLE_SCHEMA = ?{one}
ORDER BY t.TABLE_NAME, t.ORDINAL_POSITION
"""

_KEYS = """
SELECT t.TABLE_NAME, t.CONSTRAINT_TYPE, t.CONSTRAINT_NAME, t.COLUMN_NAME
FROM INFORMATION_SCHEMA.KEY_COLUMN_USAGE t
WHERE t.TABLE_SCHEMA = ?{one}
ORDER BY t.TABLE_NAME, t.CONSTRAINT_NAME, t.ORDINAL_POSITION
"""

# The columns that a foreign key refers to are those of the unique constraint that it names; none where it refers to the row id.
_FOREIGN_KEYS = """
SELECT t.TABLE_NAME, t.CONSTRAINT_NAME, t.COLUMN_NAME, r.UNIQUE_CONSTRAINT_SCHEMA, r.UNIQUE_CONSTRAINT_TABLE, u.COLUMN_NAME, r.UPDATE_RULE, r.DELETE_RULE
FROM INFORMATION_SCHEMA.KEY_COLUMN_USAGE t
JOIN INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS r
  ON r.CONSTRAINT_SCHEMA = t.CONSTRAINT_SCHEMA AND r.CONSTRAINT_TABLE_NAME = t.TABLE_NAME AND r.CONSTRAINT_NAME = t.CONSTRAINT_NAME
LEFT JOIN INFORMATION_SCHEMA.KEY_COLUMN_USAGE u
  ON u.CONSTRAINT_SCHEMA = r.UNIQUE_CONSTRAINT_SCHEMA AND u.TABLE_NAME = r.UNIQUE_CONSTRAINT_TABLE
 AND u.CONSTRAINT_NAME = r.UNIQUE_CONSTRAINT_NAME AND u.ORDINAL_POSITION = t.ORDINAL_POSITION
WHERE t.TABLE_SCHEMA = ?{one} AND t.CONSTRAINT_TYPE = 'FOREIGN KEY'
ORDER BY t.TABLE_NAME, t.CONSTRAINT_NAME, t.ORDINAL_POSITION
"""

_INDEXES = """
SELECT t.TABLE_NAME, t.INDEX_NAME, t.COLUMN_NAME, t.NON_UNIQUE, t.PRIMARY_KEY, t.ASC_OR_DESC
FROM INFORMATION_SCHEMA.INDEXES t
WHERE t.TABLE_SCHEMA = ?{one}
ORDER BY t.TABLE_NAME, t.INDEX_NAME, t.ORDINAL_POSITION
"""

_CHECKS = """
SELECT t.TABLE_NAME, c.CONSTRAINT_NAME, c.CHECK_CLAUSE
FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS t
JOIN INFORMATION_SCHEMA.CHECK_CONSTRAINTS c
  ON c.CONSTRAINT_SCHEMA = t.CONSTRAINT_SCHEMA AND c.CONSTRAINT_NAME = t.CONSTRAINT_NAME
WHERE t.TABLE_SCHEMA = ?{one} AND t.CONSTRAINT_TYPE = 'CHECK'
ORDER BY t.TABLE_NAME, c.CONSTRAINT_NAME
"""

_TABLES = "SELECT t.TABLE_NAME, t.DESCRIPTION FROM INFORMATION_SCHEMA.TABLES t WHERE t.TABLE_SCHEMA = ?{one}"


def _yes(value):
    return value in (True, "YES", "1")


def _type(name, length, precision, scale, collation):
    kind = NAMES.get(name.lower(), types.NullType)
    if kind is types.NUMERIC:
        return kind(precision, scale)
    if kind in (types.VARCHAR, types.CHAR):
        return kind(length, collation=None if collation in (None, "", DEFAULT_COLLATION) else collation)
    return kind(length) if kind is types.VARBINARY else kind()


class Reflection:
    """The part of a dialect that an Inspector asks. Names are compared as the server does it, without regard to case."""

    @staticmethod
    def _rows(connection, sql, *parameters):
        return connection.exec_driver_sql(sql, parameters).fetchall()

    def _names(self, connection, schema, kind):
        sql = "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = ? ORDER BY TABLE_NAME"
        return [row[0] for row in self._rows(connection, sql, schema or DEFAULT_SCHEMA, kind)]

    @reflection.cache
    def get_schema_names(self, connection, **kw):
        return [row[0] for row in self._rows(connection, "SELECT SCHEMA_NAME FROM INFORMATION_SCHEMA.SCHEMATA ORDER BY SCHEMA_NAME")]

    @reflection.cache
    def get_table_names(self, connection, schema=None, **kw):
        return self._names(connection, schema, "BASE TABLE")

    @reflection.cache
    def get_view_names(self, connection, schema=None, **kw):
        return self._names(connection, schema, "VIEW")

    @reflection.cache
    def has_table(self, connection, table_name, schema=None, **kw):
        return bool(self._about(connection, table_name, schema, _TABLES, **kw))

    @staticmethod
    def ask_for_the_whole_schema(schema, info_cache):
        """From now on what is asked of one of its tables is asked of all, as long as the cache lives."""
        info_cache.setdefault((_TABLES, schema), {})

    def _about(self, connection, table_name, schema, sql, **kw):
        """Rows about a table, without its name."""
        whole = kw.get("info_cache", {}).get((_TABLES, schema))
        if whole is None:
            return [row[1:] for row in self._rows(connection, sql.format(one=" AND t.TABLE_NAME = ?"), schema or DEFAULT_SCHEMA, table_name)]
        if sql not in whole:
            tables: dict[str, list[Any]] = {}
            whole[sql] = tables
            for name, *row in self._rows(connection, sql.format(one=""), schema or DEFAULT_SCHEMA):
                tables.setdefault(name.upper(), []).append(row)
        return whole[sql].get(table_name.upper(), [])

    def _of_table(self, connection, table_name, schema, sql, **kw):
        """Rows about a table; an error when there are none because there is no table."""
        rows = self._about(connection, table_name, schema, sql, **kw)
        if not rows and not self.has_table(connection, table_name, schema, **kw):
            raise exc.NoSuchTableError(f"{schema}.{table_name}" if schema else table_name)
        return rows

    @reflection.cache
    def get_columns(self, connection, table_name, schema=None, **kw):
        return [
            {
                "name": name,
                "type": _type(kind, length, precision, scale, collation),
                "nullable": _yes(nullable),
                "default": default,
                "autoincrement": _yes(counts),
                "comment": comment or None,
            }
            for name, kind, length, precision, scale, collation, nullable, default, counts, comment in self._of_table(
                connection, table_name, schema, _COLUMNS, **kw
            )
        ]

    def _keys(self, connection, table_name, schema, wanted, **kw):
        out: dict[str, list[str]] = {}
        for kind, name, column in self._of_table(connection, table_name, schema, _KEYS, **kw):
            if kind == wanted:
                out.setdefault(name, []).append(column)
        return out

    @reflection.cache
    def get_pk_constraint(self, connection, table_name, schema=None, **kw):
        for name, columns in self._keys(connection, table_name, schema, "PRIMARY KEY", **kw).items():
            return {"name": name, "constrained_columns": columns}
        return {"name": None, "constrained_columns": []}

    @reflection.cache
    def get_unique_constraints(self, connection, table_name, schema=None, **kw):
        keys = self._keys(connection, table_name, schema, "UNIQUE", **kw)
        return [{"name": name, "column_names": columns, "duplicates_index": name} for name, columns in keys.items()]

    @reflection.cache
    def get_foreign_keys(self, connection, table_name, schema=None, **kw):
        keys: dict[str, dict[str, Any]] = {}
        for name, column, to_schema, to_table, to_column, on_update, on_delete in self._of_table(connection, table_name, schema, _FOREIGN_KEYS, **kw):
            key = keys.setdefault(
                name,
                {
                    "name": name,
                    "constrained_columns": [],
                    "referred_schema": None if schema is None and to_schema == DEFAULT_SCHEMA else to_schema,
                    "referred_table": to_table,
                    "referred_columns": [],
                    "options": {word: rule for word, rule in (("onupdate", on_update), ("ondelete", on_delete)) if rule and rule != "NO ACTION"},
                },
            )
            key["constrained_columns"].append(column)
            key["referred_columns"].append(to_column or self._row_id(connection, to_schema, to_table))
        return list(keys.values())

    def _row_id(self, connection, schema, table_name):
        sql = "SELECT COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND IS_IDENTITY = 'YES'"
        for row in self._rows(connection, sql, schema, table_name):
            return row[0]
        return "ID"

    @reflection.cache
    def get_indexes(self, connection, table_name, schema=None, **kw):
        out: dict[str, dict[str, Any]] = {}
        for name, column, repeats, primary, direction in self._of_table(connection, table_name, schema, _INDEXES, **kw):
            if _yes(primary):
                continue
            index = out.setdefault(name, {"name": name, "unique": not _yes(repeats), "column_names": []})
            index["column_names"].append(column)
            if direction == "D":
                index.setdefault("column_sorting", {})[column] = ("desc",)
        return list(out.values())

    @reflection.cache
    def get_check_constraints(self, connection, table_name, schema=None, **kw):
        try:
            rows = self._of_table(connection, table_name, schema, _CHECKS, **kw)
        except exc.ProgrammingError:
            return []  # a server without checks has no table of them
        return [{"name": name, "sqltext": text} for name, text in rows]

    @reflection.cache
    def get_table_comment(self, connection, table_name, schema=None, **kw):
        rows = self._of_table(connection, table_name, schema, _TABLES, **kw)
        return {"text": rows[0][0] or None}

    @reflection.cache
    def get_view_definition(self, connection, view_name, schema=None, **kw):
        sql = "SELECT VIEW_DEFINITION FROM INFORMATION_SCHEMA.VIEWS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?"
        for row in self._rows(connection, sql, schema or DEFAULT_SCHEMA, view_name):
            return row[0]
        raise exc.NoSuchTableError(f"{schema}.{view_name}" if schema else view_name)
