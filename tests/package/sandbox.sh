# start_sandbox PROGRAM FOLDER: a sandbox with the user demo, password package-secret, on a free port; sets `address` to
# its host:port. It ends with the script.
start_sandbox() {
    local sandbox=$1 folder=$2
    "$sandbox" init --config "$folder/sandbox.toml"
    echo package-secret | "$sandbox" user add demo --config "$folder/sandbox.toml" --password-stdin
    "$sandbox" --config "$folder/sandbox.toml" --port 0 >"$folder/sandbox.out" 2>"$folder/sandbox.log" &
    server=$!
    trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT
    for _ in $(seq 100); do
        address=$(sed -n 's/^listening //p' "$folder/sandbox.out")
        [ -n "$address" ] && return 0
        sleep 0.1
    done
    echo "the sandbox did not start"
    cat "$folder/sandbox.log"
    return 1
}
