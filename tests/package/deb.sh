#!/usr/bin/env bash
# deb.sh BUILD-DIRECTORY: makes the Debian packages, has lintian look at them, and installs, upgrades and removes them with
# dpkg in a root and a registration file of their own; between the two isql and iodbctest connect with what was installed.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$1" && pwd)
work=$root/build/package-deb
rm -rf "$work" "$build/packages"
mkdir -p "$work/root/etc" "$work/root/var/lib/dpkg/info" "$work/root/var/lib/dpkg/updates"
touch "$work/root/var/lib/dpkg/status"

fail() {
    echo "deb.sh: $*"
    exit 1
}

(cd "$build" && cpack -G DEB >"$work/cpack.log" 2>&1) || { cat "$work/cpack.log"; exit 1; }
package=$(echo "$build"/packages/irislink-odbc_*.deb)
# The one tag that is for uploads to Debian.
iodbc_package=$(echo "$build"/packages/irislink-iodbc_*.deb)
for each in "$package" "$iodbc_package"; do
    lintian --allow-root --fail-on error,warning --suppress-tags initial-upload-closes-no-bugs "$each"
done

# The scripts of a package run in this system, told of the root by DPKG_ROOT, and write to ODBCSYSINI.
export ODBCSYSINI=$work/root/etc ODBCINI=$work/root/etc/odbc.ini
own_dpkg() {
    local run=()
    [ "$(id -u)" -eq 0 ] || run=(unshare -r)
    "${run[@]}" dpkg --root="$work/root" --log="$work/dpkg.log" --force-script-chrootless --force-depends "$@" >"$work/dpkg.out" 2>&1 || { cat "$work/dpkg.out"; return 1; }
}
registered() { odbcinst -q -d -n "${1:-irislink}" >"$work/registered" 2>/dev/null; }

registered && fail "a driver is registered before the package is installed"
own_dpkg --install "$package"
registered || fail "the driver is not registered"
grep -q '^UsageCount=1$' "$ODBCSYSINI/odbcinst.ini" || fail "it is not registered once: $(cat "$ODBCSYSINI/odbcinst.ini")"
named=$(grep -raoF "$root/" "$work/root/usr" || true)
[ -z "$named" ] || fail "files that name the tree: $named"
for key in Driver Setup; do
    file=$(sed -n "s/^$key=//p" "$ODBCSYSINI/odbcinst.ini")
    [ -f "$work/root$file" ] || fail "$key=$file is no file of the package"
done
own_dpkg --install "$package" # an upgrade
grep -q '^UsageCount=1$' "$ODBCSYSINI/odbcinst.ini" || fail "an upgrade registers it once more: $(cat "$ODBCSYSINI/odbcinst.ini")"

# A registration of the same files where they are now.
. "$root/tests/package/sandbox.sh"
start_sandbox "$build/bin/irislink-sandbox" "$work"
mkdir "$work/there"
sed "s#=/usr/#=$work/root/usr/#" "$ODBCSYSINI/odbcinst.ini" >"$work/there/odbcinst.ini"
export ODBCINI=$work/there/odbc.ini
echo package-secret | ODBCSYSINI=$work/there "$work/root/usr/bin/irislink" dsn add box "Server=$address" UID=demo --password-stdin
ODBCSYSINI=$work/there "$work/root/usr/bin/irislink" dsn test box
said=$(echo "select 6 * 7" | ODBCSYSINI=$work/there isql box -b -d, 2>&1) || fail "isql: $said"
[ "$said" = 42 ] || fail "isql: $said"

# The other driver manager, by the other package; the first driver's registration is left alone.
own_dpkg --install "$iodbc_package"
registered irislink-iodbc || fail "the driver for iODBC is not registered"
registered || fail "the driver for iODBC took the other's place"
sed "s#=/usr/#=$work/root/usr/#" "$ODBCSYSINI/odbcinst.ini" >"$work/there/odbcinst.ini"
file=$(sed -n '/^\[irislink-iodbc\]/,$s/^Driver=//p' "$work/there/odbcinst.ini" | head -n 1)
[ -f "$file" ] || fail "Driver=$file is no file of irislink-iodbc"
printf '[box]\nDriver=irislink-iodbc\nServer=%s\n' "$address" >"$work/there/iodbc.ini"
said=$(printf 'select 6 * 7\nquit\n' | ODBCINI=$work/there/iodbc.ini ODBCINSTINI=$work/there/odbcinst.ini iodbctest "DSN=box;UID=demo;PWD=package-secret" 2>&1) || fail "iodbctest: $said"
grep -q '^42' <<<"$said" || fail "iodbctest: $said"
grep -q libirislinkodbc-iodbc.so <<<"$said" || fail "another driver than the installed one: $said"
own_dpkg --remove irislink-iodbc
registered irislink-iodbc && fail "the driver for iODBC is still registered"
registered || fail "removing the driver for iODBC took the other's registration"
[ ! -e "$file" ] || fail "the driver for iODBC is still there"

own_dpkg --remove irislink-odbc
registered && fail "the driver is still registered: $(cat "$ODBCSYSINI/odbcinst.ini")"
[ ! -e "$work/root/usr/bin/irislink" ] || fail "the files are still there"
own_dpkg --install "$package" # and it can come back
registered || fail "the driver is not registered the second time"
own_dpkg --purge irislink-odbc
registered && fail "the driver is still registered after the second time"
echo "the Debian package works"
