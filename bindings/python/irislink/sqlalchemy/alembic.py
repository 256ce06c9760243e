"""Migrations by Alembic: what ALTER TABLE is called here. Alembic finds it because the dialect imports it where Alembic is
installed."""

from __future__ import annotations

from alembic.ddl import base
from alembic.ddl.impl import DefaultImpl
from sqlalchemy.ext.compiler import compiles

from .compiler import DDLCompiler


class IrisImpl(DefaultImpl):
    __dialect__ = "iris"

    def compare_type(self, inspector_column, metadata_column):
        # An identity is a BIGINT, whatever its model says.
        return not DDLCompiler.is_identity(metadata_column) and super().compare_type(inspector_column, metadata_column)


def _alter(element, compiler, what):
    return f"{base.alter_table(compiler, element.table_name, element.schema)} {what}"


def _column(element, compiler):
    return f"ALTER COLUMN {base.format_column_name(compiler, element.column_name)}"


@compiles(base.RenameTable, "iris")
def _rename_table(element, compiler, **kw):
    return _alter(element, compiler, f"RENAME {base.format_table_name(compiler, element.new_table_name, None)}")


@compiles(base.ColumnName, "iris")
def _rename_column(element, compiler, **kw):
    return _alter(element, compiler, f"{_column(element, compiler)} RENAME {base.format_column_name(compiler, element.newname)}")


@compiles(base.ColumnType, "iris")
def _change_type(element, compiler, **kw):
    return _alter(element, compiler, f"{_column(element, compiler)} {base.format_type(compiler, element.type_)}")


@compiles(base.ColumnNullable, "iris")
def _change_nullable(element, compiler, **kw):
    return _alter(element, compiler, f"{_column(element, compiler)} {'NULL' if element.nullable else 'NOT NULL'}")


@compiles(base.ColumnDefault, "iris")
def _change_default(element, compiler, **kw):
    what = "DROP DEFAULT" if element.default is None else f"SET DEFAULT {base.format_server_default(compiler, element.default)}"
    return _alter(element, compiler, f"{_column(element, compiler)} {what}")


@compiles(base.DropColumn, "iris")
def _drop_column(element, compiler, **kw):
    return _alter(element, compiler, f"DROP COLUMN {base.format_column_name(compiler, element.column.name)}")
