#!/usr/bin/env bash
# C++: POCO's Data::ODBC.
. "$(dirname "$0")/common.bash"
g++ -std=c++17 -O0 -o "$work/poco" "$here/cpp/poco.cpp" -lPocoDataODBC -lPocoData -lPocoFoundation
client poco "$work/poco"
