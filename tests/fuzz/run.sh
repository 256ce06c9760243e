#!/usr/bin/env bash
# tests/fuzz/run.sh [SECONDS]: builds every target with clang and libFuzzer and runs each for a while, from the
# committed corpus. What it finds is left in build/fuzz/found.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
seconds=${1:-20}
mkdir -p build/fuzz/found
cmake --preset fuzz >build/fuzz.configure.log 2>&1 || { cat build/fuzz.configure.log; exit 1; }
mapfile -t targets < <(cmake --build --preset fuzz --target help | grep -oE '\bfuzz_[a-z_0-9]+\b' | sort -u)
[ ${#targets[@]} -gt 0 ] || { echo "no fuzz targets"; exit 1; }
cmake --build --preset fuzz --target "${targets[@]}" >build/fuzz.build.log 2>&1 || { grep -E 'error' -A5 build/fuzz.build.log | head -40; exit 1; }
run_one() {
    local target=$1 seconds=$2 scratch
    scratch=$(mktemp -d)
    build/fuzz/bin/"$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -verbosity=0 -print_final_stats=0 \
        -artifact_prefix="build/fuzz/found/$target-" "$scratch" "tests/fuzz/corpus/${target#fuzz_}" >"build/fuzz/found/$target.log" 2>&1 || {
        echo "$target found something:"
        tail -n 30 "build/fuzz/found/$target.log"
        rm -rf "$scratch"
        return 1
    }
    rm -rf "$scratch"
}
export -f run_one
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -c 'run_one "$1" "$2"' _ {} "$seconds"
echo "${#targets[@]} targets, $seconds s each: nothing found"
