#!/usr/bin/env bash
# wheel.sh BUILD-DIRECTORY: a wheel and a source distribution of the Python module. The wheel is installed in a virtual
# environment elsewhere and used against the sandbox of that build; nothing of the tree may be loaded by it.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/$1
python=/usr/bin/python3
tools=$root/build/wheel-tools
[ -x "$tools/bin/python" ] || "$python" -m venv "$tools"
"$tools/bin/pip" install -q --disable-pip-version-check build 'scikit-build-core>=1.0'
# With the distribution's pybind11, the compiler and the options of the release build: all objects come from the cache.
export CC=/usr/bin/cc CXX=/usr/bin/c++ PIP_DISABLE_PIP_VERSION_CHECK=1
made=$root/build/wheel-dist
rm -rf "$made"
mkdir -p "$made"
"$tools/bin/pip" wheel -v --no-build-isolation --no-deps -w "$made" \
    --config-settings "build-dir=$root/build/wheel" --config-settings cmake.define.IRISLINK_WARNINGS_ARE_ERRORS=ON \
    "$root/bindings/python" >"$made/wheel.log" 2>&1 || { tail -n 40 "$made/wheel.log"; exit 1; }
"$tools/bin/python" -m build --sdist --no-isolation --skip-dependency-check -o "$made" "$root/bindings/python" >"$made/sdist.log" 2>&1 ||
    { tail -n 40 "$made/sdist.log"; exit 1; }

elsewhere=$(mktemp -d)
. "$root/tests/package/sandbox.sh"
start_sandbox "$build/bin/irislink-sandbox" "$elsewhere"
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$elsewhere"' EXIT

# The source distribution has every source, and CMake is content with it.
tar -xzf "$made"/irislink-*.tar.gz -C "$elsewhere"
engine=$(echo "$elsewhere"/irislink-*/engine)
missing=$(cd "$root" && git ls-files CMakeLists.txt cmake wire driver bindings/CMakeLists.txt bindings/columnar bindings/python/native |
    while read -r file; do [ -f "$engine/$file" ] || echo "$file"; done)
[ -z "$missing" ] || { echo "not in the source distribution: $missing"; exit 1; }
surplus=$(cd "$elsewhere"/irislink-*/ && find . -name '.*' -type f -o -name '*.pyc' -o -name '*.so')
[ -z "$surplus" ] || { echo "in the source distribution: $surplus"; exit 1; }
cmake -S "$engine" -B "$elsewhere/sdist" -G Ninja -DSKBUILD=2 -DPython3_EXECUTABLE="$python" >"$elsewhere/sdist.log" 2>&1 ||
    { cat "$elsewhere/sdist.log"; exit 1; }
ninja -C "$elsewhere/sdist" -n irislink_python >"$elsewhere/sdist.log" 2>&1 || { cat "$elsewhere/sdist.log"; exit 1; }

# The wheel, with nothing but itself, pyarrow and SQLAlchemy.
"$python" -m venv "$elsewhere/venv"
"$elsewhere/venv/bin/pip" install -q "$(echo "$made"/irislink-*.whl)[arrow,sqlalchemy]"
cp "$root/tests/package/wheel_check.py" "$elsewhere"
cd "$elsewhere"
version=$(sed -n 's/^project(irislink VERSION \([0-9.]*\).*/\1/p' "$root/CMakeLists.txt")
target="iris://demo:package-secret@$address/USER"
module=$(env -i "PATH=$PATH" "$elsewhere/venv/bin/python" wheel_check.py "$target" "$version" "$root")
! readelf -d "$module" | grep -E 'RPATH|RUNPATH' || { echo "the module has a path to look for libraries"; exit 1; }
! grep -aoF "$root/" "$module" || { echo "the module names the tree"; exit 1; }
[ "$(nm -D --defined-only "$module" | awk '$2 == "T" { print $3 }')" = PyInit__core ] || { nm -D --defined-only "$module"; exit 1; }
env -i "PATH=$PATH" "$elsewhere/venv/bin/python" -m irislink doctor "$target" >doctor.out </dev/null || { cat doctor.out; exit 1; }
grep -q '^Connected in ' doctor.out && ! grep -q package-secret doctor.out || { cat doctor.out; exit 1; }
# What is installed is typed: a slip is found without running anything.
printf 'import irislink\nirislink.connect("x").execute("select 1")\nirislink.connect("x").execut("select 1")\n' >slip.py
mypy --cache-dir "$root/build/mypy" --python-executable "$elsewhere/venv/bin/python" slip.py >slip.out 2>&1 || true
grep -q '^slip.py:3: error: "Connection" has no attribute "execut"' slip.out && grep -q '^Found 1 error' slip.out || { cat slip.out; exit 1; }
echo "the wheel works: $(basename "$made"/*.whl)"
