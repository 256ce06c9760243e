"""The dialect ``iris+irislink`` for SQLAlchemy 2 and 1.4; docs/sqlalchemy.md.

    engine = create_engine("iris+irislink://demo:password@localhost:1972/USER")
    engine = create_async_engine("iris+irislink://demo:password@localhost:1972/USER")

SQLAlchemy finds it by the entry points of the package; this module has the types that are IRIS's own.
"""

from .sync import Dialect
from .types import LONGVARBINARY, LONGVARCHAR, TINYINT, UNIQUEIDENTIFIER

__all__ = ["LONGVARBINARY", "LONGVARCHAR", "TINYINT", "UNIQUEIDENTIFIER", "Dialect"]
