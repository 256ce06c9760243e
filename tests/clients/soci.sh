#!/usr/bin/env bash
# C++: SOCI's ODBC backend.
. "$(dirname "$0")/common.bash"
g++ -std=c++17 -O0 -o "$work/soci" "$here/cpp/soci.cpp" -lsoci_odbc -lsoci_core -lodbc
client soci "$work/soci"
