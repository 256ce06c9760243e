#!/usr/bin/env bash
# The vendor's own clients, unmodified, against the sandbox: newest and oldest of each, from PyPI and
# Maven Central. Caches under build/interop.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$root/build/interop
mkdir -p "$work"
rm -f "$work/junit.xml" "$work/unreachable"
venv() { # NAME package...
    local name=$1
    shift
    [ -x "$work/$name/bin/python" ] || python3 -m venv "$work/$name"
    "$work/$name/bin/python" -m pip install -q --disable-pip-version-check "$@" || { echo "PyPI" >>"$work/unreachable"; return 0; }
}
venv pytest pytest
venv python-newest --upgrade intersystems-irispython
venv python-oldest intersystems-irispython==5.1.0

# The newest and the oldest 3.x that Maven Central has. (Its "latest" is 2018.1, older than 3.x in spite of
# its number, and 3.0.0 is an empty archive: the oldest is the first one that holds a driver.)
plugin=org.apache.maven.plugins:maven-dependency-plugin
repository=$work/m2
artifact=com/intersystems/intersystems-jdbc
fetch_jdbc() {
    mvn -q -B -Dmaven.repo.local="$repository" $plugin:get -Dtransitive=false -Dartifact="com.intersystems:intersystems-jdbc:$1" >"$work/maven.log" 2>&1
}
# (Asked of unzip itself: with pipefail, a grep that leaves early makes a listing fail now and then.)
has_driver() { unzip -l "$1" com/intersystems/jdbc/IRISDriver.class >/dev/null 2>&1; }
if [ ! -f "$work/jdbc-newest.jar" ]; then
    fetch_jdbc LATEST || true
    mapfile -t versions < <(sed -n 's/.*<version>\(3\.[0-9.]*\)<.*/\1/p' "$repository/$artifact"/maven-metadata-*.xml 2>/dev/null | sort -V)
    for version in "${versions[@]}"; do
        jar=$repository/$artifact/$version/intersystems-jdbc-$version.jar
        { fetch_jdbc "$version" && has_driver "$jar"; } || continue
        [ -f "$work/jdbc-oldest.jar" ] || cp "$jar" "$work/jdbc-oldest.jar"
        cp "$jar" "$work/jdbc-newest.jar"
    done
    # One version only: it is tested once.
    cmp -s "$work/jdbc-oldest.jar" "$work/jdbc-newest.jar" && rm "$work/jdbc-oldest.jar"
    [ -f "$work/jdbc-newest.jar" ] || { tail -n 5 "$work/maven.log"; echo "Maven Central" >>"$work/unreachable"; }
fi
if [ -f "$work/jdbc-newest.jar" ]; then
    mkdir -p "$work/classes"
    javac -cp "$work/jdbc-newest.jar" -d "$work/classes" "$root"/tests/interop/java/*.java
fi
cd "$root/tests/interop"
exec "$work/pytest/bin/python" -m pytest -q -p no:cacheprovider --junitxml "$work/junit.xml" .
