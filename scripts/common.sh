# Shared by the scripts beside it: where the tree is, and how Debian packages are installed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '== %s\n' "$*"; }

build_packages=(
    g++ cmake ninja-build ccache pkg-config python3
    libboost1.81-dev libssl-dev libsqlite3-dev libspdlog-dev libfmt-dev libcli11-dev
    libtomlplusplus-dev nlohmann-json3-dev libkrb5-dev liboath-dev libqrencode-dev libcurl4-openssl-dev unixodbc-dev libiodbc2
    python3-dev pybind11-dev
)
test_packages=(
    libgtest-dev libgmock-dev libbenchmark-dev clang-14 libclang-rt-14-dev clang-format-14
    openssl krb5-kdc krb5-admin-server krb5-user libfaketime procps oathtool unixodbc python3-pyodbc libdbd-odbc-perl binutils iodbc
    python3-pytest python3-hypothesis mypy
)
package_packages=(unixodbc odbcinst iodbc dpkg-dev lintian gzip python3-venv binutils mypy)
interop_packages=(python3-venv default-jdk-headless maven unzip)
# What scripts/bench measures beside the ODBC driver; started by tests/bench/with_peers.sh, never as services.
bench_packages=(
    libbenchmark-dev krb5-kdc krb5-admin-server krb5-user python3-venv python3-pyodbc unixodbc util-linux
    postgresql odbc-postgresql mariadb-server odbc-mariadb
)
# The programs of tests/clients that Debian has, and what the others are built with.
client_packages=(
    unixodbc gcc python3-venv libdbd-odbc-perl php-cli php-odbc r-base-core r-cran-rodbc r-cran-dbi ruby ruby-odbc
    tcl8.6 tcl8.6-tdbc tcl8.6-tdbc-odbc libsoci-dev libsoci-odbc4.0 libpoco-dev libpocodataodbc80
    qtbase5-dev libqt5sql5-odbc qt6-base-dev libqt6sql6-odbc make
    libreoffice-base-nogui python3-uno
)

# Node.js as it is there, or Debian's.
command -v node >/dev/null || client_packages+=(nodejs npm libnode-dev)

# Installs what is missing, and only that.
install_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    say "installing ${missing[*]}"
    local run=()
    [ "$(id -u)" -eq 0 ] || run=(sudo)
    local try
    for try in 1 2 3; do
        "${run[@]}" apt-get -qq update && break
        sleep 5
    done
    # A KDC or a database that is only used by tests and benchmarks is never started as a service.
    "${run[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -qq -y --no-install-recommends install "${missing[@]}" >/dev/null
}

# Sets `ruff` to the program, from PyPI in a virtual environment: Debian has none. What it complains of depends on its version.
install_ruff() {
    ruff=$root/build/ruff/bin/ruff
    local version=0.17.6
    [ "$("$ruff" --version 2>/dev/null)" = "ruff $version" ] && return 0
    /usr/bin/python3 -m venv "$root/build/ruff"
    "$root/build/ruff/bin/python" -m pip install -q --disable-pip-version-check "ruff==$version"
}

# configure_and_build PRESET [target...]
configure_and_build() {
    local preset=$1
    shift
    say "building $preset"
    cmake --preset "$preset" >"build/$preset.configure.log" 2>&1 || { cat "build/$preset.configure.log"; return 1; }
    local targets=()
    [ $# -gt 0 ] && targets=(--target "$@")
    cmake --build --preset "$preset" "${targets[@]}" >"build/$preset.build.log" 2>&1 || { grep -E 'error|FAILED' -A5 "build/$preset.build.log" | head -80; return 1; }
}

mkdir -p build
export CCACHE_DIR=${CCACHE_DIR:-$root/build/ccache}
