from sqlalchemy.dialects import registry

# What the entry points of the package say where it is installed.
registry.register("iris.irislink", "irislink.sqlalchemy.sync", "Dialect")
registry.register("iris.irislink_async", "irislink.sqlalchemy.aio", "AsyncDialect")
registry.register("iris.pyodbc", "irislink_dialect", "Dialect")
registry.register("iris", "irislink.sqlalchemy.sync", "Dialect")

import pytest  # noqa: E402

pytest_plugins = ["suite_plugin"]

pytest.register_assert_rewrite("sqlalchemy.testing.assertions")

from sqlalchemy.testing.plugin.pytestplugin import *  # noqa: E402, F403
