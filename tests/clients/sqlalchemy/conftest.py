from sqlalchemy.dialects import registry

# iris+irislink and iris+irislink_async are entry points of the package.
registry.register("iris.pyodbc", "irislink_dialect", "Dialect")
registry.register("iris", "irislink.sqlalchemy.sync", "Dialect")

import pytest  # noqa: E402

pytest_plugins = ["suite_plugin"]

pytest.register_assert_rewrite("sqlalchemy.testing.assertions")

from sqlalchemy.testing.plugin.pytestplugin import *  # noqa: E402, F403
