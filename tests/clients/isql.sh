#!/usr/bin/env bash
# isql and iusql in batch mode, `help` in both, and what slencheck checks.
. "$(dirname "$0")/common.bash"
gcc -Wall -Werror -o "$work/length_check" "$here/c/length_check.c" -lodbc
client isql /usr/bin/python3 "$here/python/isql_client.py" "$work/length_check"
