#!/usr/bin/env bash
# run.sh BUILD-DIRECTORY: installs it under build/package, builds a project against the package and runs
# that against the installed sandbox.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$1
work=$root/build/package
rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --prefix "$work/root" >"$work/install.log"
# Nothing but the package: not the tree, not the build directory.
cmake -S "$root/tests/package" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$work/root" >"$work/configure.log"
cmake --build "$work/build" >"$work/build.log" || { cat "$work/build.log"; exit 1; }
"$work/build/package_wire_test"
. "$root/tests/package/sandbox.sh"
start_sandbox "$work/root/bin/irislink-sandbox" "$work"
[ "$("$work/build/package_test" "iris://demo:package-secret@$address/USER")" = 42 ]
[ "$("$work/build/package_readme" "iris://demo:package-secret@$address/USER")" = "Mars 🚀: 0.642" ]
[ "$("$work/root/bin/irislink" sql --format csv "iris://demo:package-secret@$address/USER" 'SELECT 1 AS One' | tail -n 1 | tr -d '\r')" = 1 ]
# What the template for odbcinst names is there.
for key in Driver Setup; do
    [ -f "$(sed -n "s/^$key=//p" "$work/root/share/irislink/odbcinst.ini")" ] || { echo "$key of the installed odbcinst.ini is no file"; exit 1; }
done
echo "the installed package works"
