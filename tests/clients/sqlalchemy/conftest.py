from sqlalchemy.dialects import registry

registry.register("irislink", "irislink_dialect", "Dialect")
registry.register("irislink.pyodbc", "irislink_dialect", "Dialect")

import pytest  # noqa: E402

pytest_plugins = ["suite_plugin"]

pytest.register_assert_rewrite("sqlalchemy.testing.assertions")

from sqlalchemy.testing.plugin.pytestplugin import *  # noqa: E402, F403
