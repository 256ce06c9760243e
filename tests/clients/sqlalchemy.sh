#!/usr/bin/env bash
# SQLAlchemy's dialect test suite over pyodbc.
. "$(dirname "$0")/common.bash"
venv sqlalchemy 'sqlalchemy<2.1' 'pyodbc>=5' 'pytest<9'
cd "$here/sqlalchemy"
client --limit 240 sqlalchemy env PYTHONPATH="$here/sqlalchemy" "$work/sqlalchemy/bin/python" -m pytest -p no:cacheprovider -q --tb=short --db default test_suite.py
