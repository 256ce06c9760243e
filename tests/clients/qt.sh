#!/usr/bin/env bash
# Qt 5 and Qt 6: QODBC.
. "$(dirname "$0")/common.bash"
for series in 5 6; do
    g++ -std=c++17 -fPIC -O0 -o "$work/qt$series" "$here/cpp/qt.cpp" $(pkg-config --cflags --libs Qt${series}Sql Qt${series}Core) &
done
wait
for series in 5 6; do
    client qt$series env QT_QPA_PLATFORM=offscreen LC_ALL=C.UTF-8 "$work/qt$series"
done
