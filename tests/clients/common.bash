# Shared by the clients beside it: `client [--limit SECONDS] NAME command...` runs one third-party program against
# a sandbox of its own, as the data source `box`, and counts its cases in build/test-results/clients-NAME.xml.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
preset=${CLIENTS_PRESET:-release}
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

# node_odbc: the npm package odbc in build/clients/node, built from source with the headers that came with Node.js, and
# found by NODE_PATH.
node_odbc() {
    local version=2.6.0 folder=$work/node headers
    export NODE_PATH=$folder/node_modules
    [ "$(cat "$folder/version" 2>/dev/null)" = "$version $(node --version)" ] && return 0
    headers=$(node -p 'require("path").dirname(require("path").dirname(fs.realpathSync(process.execPath)))')
    rm -rf "$folder"
    mkdir -p "$folder"
    echo '{"private": true}' >"$folder/package.json"
    # Without debug information and for this machine alone, so the build stays short.
    (cd "$folder" && CXXFLAGS=-g0 npm_config_nodedir=$headers npm_config_build_from_source=true timeout 240 npm install --no-audit --no-fund --loglevel=error "odbc@$version")
    echo "$version $(node --version)" >"$folder/version"
}
