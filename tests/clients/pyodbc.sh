#!/usr/bin/env bash
# pyodbc, the last of series 4 and the newest.
. "$(dirname "$0")/common.bash"
venv pyodbc4 'pyodbc<5'
venv pyodbc5 'pyodbc>=5'
client pyodbc4 "$work/pyodbc4/bin/python" "$here/python/pyodbc_client.py"
client pyodbc5 "$work/pyodbc5/bin/python" "$here/python/pyodbc_client.py"
