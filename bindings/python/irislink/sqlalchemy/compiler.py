"""What of SQL and DDL IRIS writes in its own way."""

from __future__ import annotations

import re

from sqlalchemy import exc, func, select
from sqlalchemy import types as sqltypes
from sqlalchemy.sql import column, compiler, elements, literal_column, visitors
from sqlalchemy.sql import util as sql_util

# VARCHAR alone has room for one character.
STRING_LENGTH = 4000
TEXT_LENGTH = 65535
LONGEST_VARCHAR = 3641144

_ROW_NUMBER = "irislink_row"
_ALL_ROWS = 2**31 - 1

RESERVED_WORDS = frozenset(
    """
    absolute add all allocate alter and any are as asc assertion at authorization avg begin between bit bit_length both by cascade case cast
    char character character_length char_length check close coalesce collate commit connect connection constraint constraints continue convert
    corresponding count create cross current current_date current_time current_timestamp current_user cursor date day deallocate dec decimal
    declare default deferrable deferred delete desc describe descriptor diagnostics disconnect distinct domain double drop else end endexec
    escape except exception exec execute exists external extract false fetch first float for foreign found from full get global go goto grant
    group having hour identity immediate in indicator initially inner input insensitive insert int integer intersect interval into is isolation
    join key language last leading left level like limit local lower match max min minute minus module month names national natural nchar next
    no not null nullif numeric octet_length of off offset on only open option or order outer output overlaps pad partial percent position
    precision prepare preserve primary prior privileges procedure public read real references relative restrict revoke right role rollback
    row rows savepoint schema scroll second section select session session_user set shard size smallint some space sqlerror sqlstate statistics
    substring sum sysdate system_user table temporary then time timestamp timezone_hour timezone_minute to top trailing transaction trim true
    union unique unknown update upper user using value values varchar varying view when whenever where with work write year
    """.split()  # noqa: SIM905 - 300 lines otherwise
)


def _row_limit(statement):
    """What LIMIT or FETCH FIRST of a statement says, or None."""
    if getattr(statement, "_fetch_clause", None) is not None:
        if any(statement._fetch_clause_options.values()):
            raise exc.CompileError("IRIS has no PERCENT and no WITH TIES")
        return statement._fetch_clause
    return statement._limit_clause


def _order_of(statement):
    """What a statement is ordered by, with the labels of its columns as these columns."""

    def resolve(element, **kw):
        if isinstance(element, elements._label_reference):
            return element.element
        if isinstance(element, elements._textual_label_reference):
            selected = statement.selected_columns
            return selected[element.element] if element.element in selected else literal_column(element.element)
        return None

    return [visitors.replacement_traverse(each, {}, resolve) for each in statement._order_by_clause.clauses]


def _unlimited(statement):
    """The statement without order and limits."""
    out = statement._generate()
    out._limit_clause = out._offset_clause = out._fetch_clause = None
    return out.order_by(None)


class SQLCompiler(compiler.SQLCompiler):
    # Servers from 2025.1 on have LIMIT and OFFSET, with a number or a parameter. Those before have TOP, for a number of rows
    # of one SELECT. All else is made of ROW_NUMBER().

    def _limits_as_they_stand(self, statement):
        limit, offset = _row_limit(statement), statement._offset_clause
        if offset is not None and not (self.dialect.supports_limit_offset and statement._simple_int_clause(offset)):
            return False
        return limit is None or bool(statement._simple_int_clause(limit))

    def get_select_precolumns(self, select, **kw):
        by = getattr(select, "_distinct_on", ())
        text = f"DISTINCT BY ({', '.join(self.process(each, **kw) for each in by)}) " if by else super().get_select_precolumns(select, **kw)
        if not self.dialect.supports_limit_offset and select._has_row_limiting_clause and self._limits_as_they_stand(select):
            text += f"TOP {self.process(_row_limit(select), **kw)} "
        return text

    def limit_clause(self, select, **kw):
        if not self.dialect.supports_limit_offset:
            return ""
        limit, offset = _row_limit(select), select._offset_clause
        text = f"\n LIMIT {_ALL_ROWS if limit is None else self.process(limit, **kw)}"
        return text if offset is None else f"{text} OFFSET {self.process(offset, **kw)}"

    def fetch_clause(self, select, **kw):
        return self.limit_clause(select, **kw)

    def visit_compound_select(self, cs, **kw):
        if not cs._has_row_limiting_clause or (self.dialect.supports_limit_offset and self._limits_as_they_stand(cs)):
            return super().visit_compound_select(cs, **kw)
        # The rows of a UNION are limited from outside.
        rows = _unlimited(cs).alias()
        adapt = sql_util.ClauseAdapter(rows)
        out = select(*rows.c).order_by(*[adapt.traverse(each) for each in _order_of(cs)])
        out._limit_clause, out._offset_clause = _row_limit(cs), cs._offset_clause
        return self.process(out, **kw)

    def translate_select_structure(self, select_stmt, **kwargs):
        statement = select_stmt
        if not statement._has_row_limiting_clause or self._limits_as_they_stand(statement):
            return statement
        limit, offset = _row_limit(statement), statement._offset_clause
        order = _order_of(statement)
        rows = _unlimited(statement)
        if statement._distinct:
            # Numbered after the rows that are the same have become one.
            distinct = rows.alias()
            adapt = sql_util.ClauseAdapter(distinct)
            rows = select(*distinct.c)
            order = [adapt.traverse(each) for each in order]
        numbered = rows.add_columns(func.ROW_NUMBER().over(order_by=order or None).label(_ROW_NUMBER)).alias()
        number = column(_ROW_NUMBER)
        out = select(*[each for each in numbered.c if each.key != _ROW_NUMBER])
        if offset is not None:
            out = out.where(number > offset)
        if limit is not None:
            out = out.where(number <= (limit if offset is None else limit + offset))
        return out.order_by(number)

    def order_by_clause(self, select, **kw):
        # The rows of a subquery have no order, and IRIS does not take one unless it says which rows there are.
        if self.is_subquery() and not select._has_row_limiting_clause:
            return ""
        return super().order_by_clause(select, **kw)

    def for_update_clause(self, select, **kw):
        return ""  # rows are locked by the isolation level and by changes

    def visit_mod_binary(self, binary, operator, **kw):
        return f"MOD({self.process(binary.left, **kw)}, {self.process(binary.right, **kw)})"

    def visit_collate_binary(self, binary, operator, **kw):
        return f"%{_collation(binary.right.collation)}({self.process(binary.left, **kw)})"

    def visit_is_distinct_from_binary(self, binary, operator, **kw):
        return self._same(binary, "0 ELSE 1", **kw)

    def visit_is_not_distinct_from_binary(self, binary, operator, **kw):
        return self._same(binary, "1 ELSE 0", **kw)

    def _same(self, binary, then, **kw):
        # Each is processed where it stands: parameters are counted.
        one = f"{self.process(binary.left, **kw)} = {self.process(binary.right, **kw)}"
        none = f"{self.process(binary.left, **kw)} IS NULL AND {self.process(binary.right, **kw)} IS NULL"
        return f"CASE WHEN {one} OR ({none}) THEN {then} END = 1"

    def visit_true(self, element, **kw):
        return "1"

    def visit_false(self, element, **kw):
        return "0"

    def visit_empty_set_expr(self, element_types, **kw):
        return "SELECT " + ", ".join("1" for _ in element_types or [None]) + " WHERE 1 = 0"


def _collation(name):
    """EXACT, SQLUPPER and their like, with or without the sign that functions have."""
    name = name.lstrip("%")
    if not re.fullmatch(r"\w+", name):
        raise exc.CompileError(f"'{name}' is no collation of IRIS")
    return name.upper()


class DDLCompiler(compiler.DDLCompiler):
    def get_column_specification(self, column, **kw):
        if column.computed is not None:
            raise exc.CompileError("IRIS computes columns by ObjectScript: write the DDL as text")
        text = self.preparer.format_column(column)
        if self.is_identity(column):
            text += " IDENTITY"
        else:
            text += " " + self.dialect.type_compiler.process(column.type, type_expression=column)
            default = self.get_column_default_string(column)
            if default is not None:
                text += f" DEFAULT {default}"
        if not column.nullable:
            text += " NOT NULL"
        return text + self._description(column)

    @staticmethod
    def is_identity(column):
        identity = column.identity
        if identity is not None:
            if identity.start not in (None, 1) or identity.increment not in (None, 1):
                raise exc.CompileError("An IDENTITY of IRIS counts 1, 2, 3")
            return True
        return column.table is not None and column is column.table._autoincrement_column and column.server_default is None and not column.foreign_keys

    def _description(self, described):
        if not described.comment:
            return ""
        return " %DESCRIPTION " + self.sql_compiler.render_literal_value(described.comment, sqltypes.String())

    def create_table_constraints(self, table, **kw):
        parts = [super().create_table_constraints(table, **kw), self._description(table).lstrip()]
        return ", \n\t".join(part for part in parts if part)

    def post_create_table(self, table):
        # So that rows may be inserted with the keys they have.
        return " WITH %CLASSPARAMETER ALLOWIDENTITYINSERT = 1" if any(self.is_identity(each) for each in table.columns) else ""

    def visit_set_table_comment(self, create, **kw):
        raise exc.CompileError("The description of an IRIS table is given when it is made")

    visit_drop_table_comment = visit_set_column_comment = visit_drop_column_comment = visit_set_table_comment

    def visit_drop_index(self, drop, **kw):
        index = drop.element
        exists = "IF EXISTS " if getattr(drop, "if_exists", False) else ""
        return f"\nDROP INDEX {exists}{self._prepared_index_name(index, include_schema=False)} ON {self.preparer.format_table(index.table)}"


class TypeCompiler(compiler.GenericTypeCompiler):
    def visit_BOOLEAN(self, type_, **kw):
        return "BIT"

    def visit_TINYINT(self, type_, **kw):
        return "TINYINT"

    def visit_FLOAT(self, type_, **kw):
        return "DOUBLE"

    visit_DOUBLE = visit_DOUBLE_PRECISION = visit_REAL = visit_FLOAT

    def visit_NUMERIC(self, type_, **kw):
        if type_.precision is None:
            return "NUMERIC(18,6)"
        return f"NUMERIC({type_.precision},{type_.scale or 0})"

    visit_DECIMAL = visit_NUMERIC

    def visit_VARCHAR(self, type_, **kw):
        collation = f" COLLATE {_collation(type_.collation)}" if type_.collation else ""
        return f"VARCHAR({type_.length or STRING_LENGTH}){collation}"

    visit_NVARCHAR = visit_VARCHAR

    def visit_TEXT(self, type_, **kw):
        """Characters that can be compared; LONGVARCHAR is for what is longer."""
        length = type_.length or TEXT_LENGTH
        if length > LONGEST_VARCHAR:
            return "LONGVARCHAR"
        collation = f" COLLATE {_collation(type_.collation)}" if type_.collation else ""
        return f"VARCHAR({length}){collation}"

    def visit_JSON(self, type_, **kw):
        return f"VARCHAR({LONGEST_VARCHAR})"

    def visit_LONGVARCHAR(self, type_, **kw):
        return "LONGVARCHAR"

    visit_CLOB = visit_NCLOB = visit_LONGVARCHAR

    def visit_LONGVARBINARY(self, type_, **kw):
        return "LONGVARBINARY"

    visit_BLOB = visit_LONGVARBINARY

    def visit_VARBINARY(self, type_, **kw):
        return f"VARBINARY({type_.length or STRING_LENGTH})"

    visit_BINARY = visit_VARBINARY

    def visit_TIME(self, type_, **kw):
        return "TIME(6)"

    def visit_DATETIME(self, type_, **kw):
        return "TIMESTAMP"

    visit_TIMESTAMP = visit_DATETIME

    def visit_UNIQUEIDENTIFIER(self, type_, **kw):
        return "UNIQUEIDENTIFIER"

    visit_UUID = visit_UNIQUEIDENTIFIER

    def visit_uuid(self, type_, **kw):
        return self.visit_UNIQUEIDENTIFIER(type_) if getattr(type_, "native_uuid", True) else "VARCHAR(32)"


class IdentifierPreparer(compiler.IdentifierPreparer):
    reserved_words = compiler.RESERVED_WORDS | RESERVED_WORDS
    illegal_initial_characters = compiler.ILLEGAL_INITIAL_CHARACTERS | {"_"}
