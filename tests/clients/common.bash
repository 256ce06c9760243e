# Shared by the clients beside it: `client [--limit SECONDS] NAME command...` runs one third-party program against
# a sandbox of its own, as the data source `box`, and counts its cases in build/test-results/clients-NAME.xml.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
preset=${CLIENTS_PRESET:-release} # whose driver and sandbox are tried
here=$root/tests/clients
work=$root/build/clients
mkdir -p "$work"
cd "$root"
failed=0
trap 'status=$?; [ $status -ne 0 ] || exit $failed' EXIT

client() {
    env IRISLINK_BIN_DIR="$root/build/$preset/bin" IRISLINK_ODBC_DRIVER="$root/build/$preset/lib/libirislinkodbc.so" \
        PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$root/tests/integration/cli:$root/tests/integration/odbc" \
        /usr/bin/python3 "$here/run.py" --results "$root/build/test-results" "$@" || failed=1
}

# venv NAME package...: a folder of Python packages under build/clients, made anew when the list changes.
venv() {
    local folder=$work/$1
    shift
    [ "$(cat "$folder/packages" 2>/dev/null)" = "$*" ] && return 0
    rm -rf "$folder"
    /usr/bin/python3 -m venv "$folder"
    "$folder/bin/python" -m pip install -q --disable-pip-version-check "$@"
    echo "$*" >"$folder/packages"
}
