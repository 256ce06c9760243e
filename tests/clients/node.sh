#!/usr/bin/env bash
# Node.js: the npm package odbc.
. "$(dirname "$0")/common.bash"
node_odbc
client node_odbc node "$here/node/odbc.js"
