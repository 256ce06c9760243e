"""How cursors look in a shell and in a notebook. Rows are given once, so nothing here takes any: a look changes nothing."""

from __future__ import annotations

import html

_NAMES = {
    -11: "UNIQUEIDENTIFIER",
    -7: "BIT",
    -6: "TINYINT",
    -5: "BIGINT",
    -4: "LONGVARBINARY",
    -3: "VARBINARY",
    -2: "BINARY",
    -1: "LONGVARCHAR",
    1: "CHAR",
    2: "NUMERIC",
    3: "DECIMAL",
    4: "INTEGER",
    5: "SMALLINT",
    6: "FLOAT",
    7: "REAL",
    8: "DOUBLE",
    12: "VARCHAR",
    91: "DATE",
    92: "TIME",
    93: "TIMESTAMP",
}
_FEW = 8  # columns that a line of text names


def text_of(cursor, name):
    """What repr() says: the connection without any secret, the columns when there are some."""
    state = ""
    if cursor._closed:
        state = ", closed"
    elif cursor.description:
        labels = [str(column[0]) for column in cursor.description]
        state = f": {', '.join(labels[:_FEW])}{', ...' if len(labels) > _FEW else ''}"
    return f"<{name} of {cursor.connection!r}{state}>"


def html_of(cursor, how):
    """What a notebook shows: a table of the columns, and how to have the rows. None, which makes it show repr(), when
    there are no columns."""
    if cursor._closed or not cursor.description:
        return None
    rows = "".join(f"<tr><td>{html.escape(str(label))}</td><td>{html.escape(_type_of(rest))}</td></tr>" for label, *rest in cursor.description)
    return (
        f"<table><caption>{html.escape(repr(cursor.connection))}</caption><thead><tr><th>column</th><th>type</th></tr></thead>"
        f"<tbody>{rows}</tbody></table><p>To show rows would take them: <code>{html.escape(how)}</code> gives all that are left.</p>"
    )


def _type_of(column):
    code, display_size, _, precision, scale, _ = column
    name = _NAMES.get(code, f"type {code}")
    if name in ("NUMERIC", "DECIMAL") and precision:
        name += f"({precision}, {scale})" if scale is not None else f"({precision})"
    elif name in ("CHAR", "VARCHAR", "BINARY", "VARBINARY") and display_size:
        name += f"({display_size})"
    return name
