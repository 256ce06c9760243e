"""What the suite may ask for. Closed is what IRIS, and so the sandbox, has not; each says why."""

from sqlalchemy.testing import exclusions
from sqlalchemy.testing.requirements import SuiteRequirements


class Requirements(SuiteRequirements):
    pass


CLOSED = {}  # reasons by requirement


def close(reason, *names):
    for name in names:
        CLOSED[name] = reason
        assert hasattr(SuiteRequirements, name), name
        setattr(Requirements, name, property(lambda self, reason=reason: exclusions.skip_if(lambda: True, reason)))


def have(*names):
    for name in names:
        assert hasattr(SuiteRequirements, name), name
        setattr(Requirements, name, property(lambda self: exclusions.open()))


have(
    "views",
    "view_column_reflection",
    "view_reflection",
    "schemas",
    "foreign_key_constraint_reflection",
    "unique_index_reflect_as_unique_constraints",
    "unique_constraints_reflect_as_index",
)
have("reflects_pk_names")
have(
    "bound_limit_offset",
    "empty_inserts",
    "insert_from_select",
    "window_functions",
    "intersect",
    "except_",
    "savepoints",
    "update_from",
    "datetime_microseconds",
    "timestamp_microseconds",
    "date_coerces_from_datetime",
    "text_type",
)

close(
    "IRIS SQL has no temporary tables",
    "temp_table_names",
    "temporary_tables",
    "temporary_views",
    "temp_table_reflection",
    "has_temp_table",
    "temp_table_reflect_indexes",
)
close("IRIS has no WITH RECURSIVE, and WITH only before SELECT", "ctes", "ctes_with_update_delete", "ctes_on_dml")
close("IRIS has no RETURNING", "insert_returning", "update_returning", "delete_returning")
close("IRIS has no comments on tables", "comment_reflection", "comment_reflection_full_unicode")
close("IRIS has no IS DISTINCT FROM", "supports_is_distinct_from")
close("IRIS has IDENTITY, but not as the standard writes it", "identity_columns", "identity_columns_standard")
close("IRIS takes a number or a parameter in LIMIT, no expression", "sql_expression_limit_offset")
close(
    "IRIS's parts of a UNION have no ORDER BY or LIMIT",
    "parens_in_union_contained_select_w_limit_offset",
    "parens_in_union_contained_select_wo_limit_offset",
    "order_by_col_from_union",
)
close("IRIS's NUMERIC has 18 digits", "precision_numerics_enotation_large", "precision_generic_float_type")
close("SQL_TIME_STRUCT has no fraction", "time_microseconds")
