#!/usr/bin/env bash
# The programs of samples/odbc for which the ordinary tests have no interpreter: PHP, R and JavaScript.
. "$(dirname "$0")/common.bash"
node_odbc
client samples env IRISLINK_SOURCE_DIR="$root" LC_ALL=C.UTF-8 /usr/bin/python3 "$here/python/samples_client.py"
