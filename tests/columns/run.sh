#!/usr/bin/env bash
# tests/columns/run.sh BUILD: results as Arrow, NumPy, pandas and polars and back, SQLAlchemy's ORM, with those libraries from PyPI, by
# the Python module of that build; and the samples that need others. Caches under build/columns.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/$1
work=$root/build/columns
mkdir -p "$work"
rm -f "$work/junit.xml"
[ -x "$work/venv/bin/python" ] || /usr/bin/python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install -q --disable-pip-version-check pytest numpy pandas polars pyarrow matplotlib tqdm fastapi uvicorn sqlalchemy greenlet alembic
export IRISLINK_BIN_DIR=$build/bin IRISLINK_SANDBOX=$build/bin/irislink-sandbox PYTHONDONTWRITEBYTECODE=1
export PYTHONPATH=$build/python:$root/tests/integration/cli
cd "$root/tests/columns"
exec "$work/venv/bin/python" -m pytest -q -p no:cacheprovider --junitxml "$work/junit.xml" .
