#!/usr/bin/env bash
# LibreOffice Base, headless.
. "$(dirname "$0")/common.bash"
client --limit 150 libreoffice env LC_ALL=C.UTF-8 /usr/bin/python3 "$here/libreoffice/base.py" "$here/python"
