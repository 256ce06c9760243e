#!/usr/bin/env bash
# env.sh: what scripts/env prints makes the release build's programs, its Python module and its ODBC driver the first.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
unset ODBCINI
eval "$("$root/scripts/env")"
[ "$(command -v irislink)" = "$root/build/release/bin/irislink" ] || { echo "irislink is $(command -v irislink)"; exit 1; }
[ "${PYTHONPATH%%:*}" = "$root/build/release/python" ] || { echo "PYTHONPATH is $PYTHONPATH"; exit 1; }
registered=$(odbcinst -q -d -n irislink)
for key in Driver Setup; do
    [ -f "$(sed -n "s/^$key=//p" <<<"$registered")" ] || { echo "$key of the registered driver is no file: $registered"; exit 1; }
done
irislink dsn list --system | grep -q '^irislink-sandbox  *system  *irislink' || { irislink dsn list; exit 1; }
echo "scripts/env works"
