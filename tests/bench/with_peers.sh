#!/usr/bin/env bash
# with_peers.sh COMMAND...: runs COMMAND beside a PostgreSQL and a MariaDB of its own, with the rows of the replay server in a
# table of the same name, and passes it `--odbc-peers FILE`: a line "name TAB driver TAB rest of the connection string" each.
# Both servers listen on sockets in a folder under /tmp alone, run as their package's user where this is root, and are gone,
# folder and all, when COMMAND ends. Status: COMMAND's; 2 when a server cannot be started.
set -euo pipefail
rows=100000
folder=$(mktemp -d /tmp/irislink-peers-XXXXXX)
servers=()
finish() {
    local server
    for server in "${servers[@]}"; do kill "$server" 2>/dev/null || true; done
    for server in "${servers[@]}"; do wait "$server" 2>/dev/null || true; done
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM
chmod 711 "$folder"

# as USER: what to put before a command that user is to run; nothing where this is not root. A prefix, no function around
# the command: $! of a function's subshell would not be the server.
as() {
    [ "$(id -u)" -ne 0 ] || echo "setpriv --reuid $1 --regid $1 --clear-groups"
}
# room USER NAME: a folder of that user's.
room() {
    mkdir "$folder/$2"
    [ "$(id -u)" -ne 0 ] || chown "$1" "$folder/$2"
}
fail() {
    echo "with_peers.sh: $1" >&2
    tail -n 20 "$folder"/*.log >&2 || true
    exit 2
}
# until_ready NAME command...: waits until the command succeeds, a minute at most.
until_ready() {
    local name=$1 try
    shift
    for try in $(seq 300); do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.2
    done
    fail "$name does not answer"
}
driver_of() { dpkg -L "$1" | grep "/$2\$" || fail "there is no $2"; }

# PostgreSQL. Nothing here asks for durability, and no measurement waits for a disk.
room postgres postgresql
programs=$(dirname "$(find /usr/lib/postgresql -name initdb | sort -V | tail -n 1)")
$(as postgres) "$programs/initdb" -D "$folder/postgresql/data" -U bench -A trust --no-sync -E UTF8 --locale C >"$folder/initdb.log" 2>&1 || fail "initdb failed"
$(as postgres) "$programs/postgres" -D "$folder/postgresql/data" -k "$folder/postgresql" -c listen_addresses= -c fsync=off >"$folder/postgresql.log" 2>&1 &
servers+=($!)
until_ready PostgreSQL "$programs/psql" -h "$folder/postgresql" -U bench -d postgres -c 'SELECT 1'
"$programs/psql" -q -h "$folder/postgresql" -U bench -d postgres -v ON_ERROR_STOP=1 >"$folder/psql.log" 2>&1 <<SQL || fail "psql failed"
CREATE TABLE replay_$rows (id integer, big bigint, amount numeric(15, 2), name varchar(20), at timestamp(6));
INSERT INTO replay_$rows
    SELECT i, i::numeric * 2654435761 * 1000003 % 9223372036854775807, (i * 7919 % 10000000) / 100.0,
        (ARRAY['Ada Lovelace, London', 'Grace Hopper, NY USA', 'Zoë Müller, Köln  ', 'Edsger Dijkstra, NL '])[i % 4 + 1],
        timestamp '2026-03-14 09:00:00.123456' + make_interval(secs => i % 3600)
    FROM generate_series(0::bigint, $rows - 1) AS i;
VACUUM ANALYZE replay_$rows;
SQL

# MariaDB.
room mysql mariadb
user=$([ "$(id -u)" -eq 0 ] && echo mysql || id -un)
$(as mysql) mariadb-install-db --no-defaults --datadir="$folder/mariadb/data" --user="$user" --auth-root-authentication-method=normal --skip-test-db \
    >"$folder/install-db.log" 2>&1 || fail "mariadb-install-db failed"
$(as mysql) "$(command -v mariadbd || echo /usr/sbin/mariadbd)" --no-defaults --datadir="$folder/mariadb/data" --socket="$folder/mariadb/socket" --skip-networking \
    --pid-file="$folder/mariadb/pid" --innodb-flush-log-at-trx-commit=0 --character-set-server=utf8mb4 >"$folder/mariadb.log" 2>&1 &
servers+=($!)
sql=(mariadb --no-defaults --socket="$folder/mariadb/socket" --user=root --default-character-set=utf8mb4)
until_ready MariaDB "${sql[@]}" -e 'SELECT 1'
"${sql[@]}" >"$folder/sql.log" 2>&1 <<SQL || fail "mariadb failed"
CREATE DATABASE bench;
USE bench;
CREATE TABLE replay_$rows (id integer, big bigint, amount decimal(15, 2), name varchar(20), at datetime(6));
INSERT INTO replay_$rows
    SELECT seq, CAST(seq AS decimal(40)) * 2654435761 * 1000003 % 9223372036854775807, (seq * 7919 % 10000000) / 100,
        ELT(seq % 4 + 1, 'Ada Lovelace, London', 'Grace Hopper, NY USA', 'Zoë Müller, Köln  ', 'Edsger Dijkstra, NL '),
        '2026-03-14 09:00:00.123456' + INTERVAL seq % 3600 SECOND
    FROM seq_0_to_$((rows - 1));
SQL

postgresql=$(driver_of odbc-postgresql psqlodbcw.so)
mariadb=$(driver_of odbc-mariadb libmaodbc.so)
{
    printf 'odbc-postgresql\t%s\tServername=%s;Database=postgres;UID=bench\n' "$postgresql" "$folder/postgresql"
    printf 'odbc-mariadb\t%s\tSocket=%s;Database=bench;UID=root;Charset=utf8mb4\n' "$mariadb" "$folder/mariadb/socket"
} >"$folder/peers"
"$@" --odbc-peers "$folder/peers"
