"""What the suite may ask for. Closed is what IRIS, and so the sandbox, has not; each says why."""

from sqlalchemy.testing import exclusions
from sqlalchemy.testing.requirements import SuiteRequirements


class Requirements(SuiteRequirements):
    def get_isolation_levels(self, config):
        return {"default": "READ UNCOMMITTED", "supported": config.db.dialect.get_isolation_level_values(None)}


CLOSED = {}  # reasons by requirement


def close(reason, *names):
    for name in names:
        CLOSED[name] = reason
        setattr(Requirements, name, property(lambda self, reason=reason: exclusions.skip_if(lambda: True, reason)))


def have(*names):
    for name in names:
        setattr(Requirements, name, property(lambda self: exclusions.open()))


def only_if(reason, test, *names):
    for name in names:
        setattr(Requirements, name, property(lambda self: exclusions.only_if(test, reason)))


have("views", "view_column_reflection", "view_reflection", "schemas", "cross_schema_fk_reflection", "create_or_replace_view")
have(
    "foreign_key_constraint_reflection",
    "foreign_key_constraint_name_reflection",
    "foreign_key_constraint_option_reflection_ondelete",
    "foreign_key_constraint_option_reflection_onupdate",
    "fk_constraint_option_reflection_ondelete_noaction",
)
have(
    "unique_index_reflect_as_unique_constraints",
    "unique_constraints_reflect_as_index",
    "reflects_pk_names",
    "indexes_check_column_order",
    "repeated_column_foreign_keys",
)
have(
    "comment_reflection",
    "comment_reflection_full_unicode",
    "check_constraint_reflection",
    "inline_check_constraint_reflection",
    "column_collation_reflection",
    "unicode_ddl",
    "index_ddl_if_exists",
    "table_ddl_if_exists",
)
have(
    "empty_inserts",
    "insert_from_select",
    "window_functions",
    "intersect",
    "except_",
    "savepoints",
    "update_from",
    "isolation_level",
    "autocommit",
    "bound_limit_offset",
    "fetch_first",
    "fetch_no_order_by",
    "fetch_expression",
    "sql_expression_limit_offset",
    "dbapi_lastrowid",
    "supports_is_distinct_from",
    "supports_distinct_on",
    "table_value_constructor",
    "implicit_default_schema",
)
have(
    "datetime_microseconds",
    "timestamp_microseconds",
    "datetime_literals",
    "datetime_historic",
    "date_historic",
    "date_coerces_from_datetime",
    "text_type",
    "uuid_data_type",
    "server_defaults",
    "precision_numerics_enotation_small",
    "order_by_label_with_expression",
    "non_updating_cascade",
    "nvarchar_types",
    "percent_schema_names",
)
only_if("asyncio alone", lambda config: config.db.dialect.is_async, "async_dialect")
only_if("SQL_TIME_STRUCT has no fraction", lambda config: config.db.dialect.driver != "pyodbc", "time_microseconds")

close(
    "IRIS SQL has no temporary tables like these",
    "temp_table_names",
    "temporary_tables",
    "temporary_views",
    "temp_table_reflection",
    "has_temp_table",
    "temp_table_reflect_indexes",
    "create_temp_table_as",
)
close("IRIS has no WITH RECURSIVE, and WITH only before SELECT", "ctes", "ctes_with_update_delete", "ctes_on_dml", "ctes_with_values")
close("IRIS has no RETURNING", "insert_returning", "update_returning", "delete_returning")
close("IRIS has IDENTITY, but not as the standard writes it", "identity_columns", "identity_columns_standard")
close(
    "IRIS's parts of a UNION have no ORDER BY or LIMIT",
    "parens_in_union_contained_select_w_limit_offset",
    "parens_in_union_contained_select_wo_limit_offset",
    "order_by_col_from_union",
)
close("the suite knows the cursors of SQLAlchemy's own drivers alone", "server_side_cursors")
close("IRIS's NUMERIC has 18 digits", "precision_numerics_enotation_large", "precision_numerics_many_significant_digits", "precision_generic_float_type")
