#!/usr/bin/env bash
# Node.js: the npm package odbc, built from source with the headers that came with Node.js.
. "$(dirname "$0")/common.bash"
version=2.6.0
folder=$work/node
headers=$(node -p 'require("path").dirname(require("path").dirname(fs.realpathSync(process.execPath)))')
if [ "$(cat "$folder/version" 2>/dev/null)" != "$version $(node --version)" ]; then
    rm -rf "$folder"
    mkdir -p "$folder"
    echo '{"private": true}' >"$folder/package.json"
    # Without debug information and for this machine alone, so the build stays short.
    (cd "$folder" && CXXFLAGS=-g0 npm_config_nodedir=$headers npm_config_build_from_source=true timeout 240 npm install --no-audit --no-fund --loglevel=error "odbc@$version")
    echo "$version $(node --version)" >"$folder/version"
fi
client node_odbc env NODE_PATH="$folder/node_modules" node "$here/node/odbc.js"
