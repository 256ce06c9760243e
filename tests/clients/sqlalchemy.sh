#!/usr/bin/env bash
# SQLAlchemy's dialect test suite: over irislink and irislink.aio, over pyodbc with what the dialects share, and over
# irislink with SQLAlchemy 1.4. Two at a time.
. "$(dirname "$0")/common.bash"
venv sqlalchemy 'sqlalchemy>=2.1' greenlet 'pytest<9'
venv sqlalchemy20 'sqlalchemy<2.1' 'pyodbc>=5' 'pytest<9'
venv sqlalchemy14 'sqlalchemy<1.5' 'pytest<8'
cd "$here/sqlalchemy"

# suite NAME VENV DATABASE: DATABASE is one of setup.cfg.
suite() {
    client --limit 200 "$1" env PYTHONPATH="$root/build/$preset/python:$here/sqlalchemy" \
        "$work/$2/bin/python" -m pytest -p no:cacheprovider -q --tb=short --db "$3" test_suite.py
}

(suite sqlalchemy sqlalchemy default; exit $failed) &
first=$!
suite sqlalchemy-pyodbc sqlalchemy20 pyodbc
wait $first || failed=1
(suite sqlalchemy-aio sqlalchemy async; exit $failed) &
first=$!
suite sqlalchemy-14 sqlalchemy14 default
wait $first || failed=1
