"""The driver exports the names of its list and of its table of functions, and nothing else.

symbols.py MODULE SOURCE-TREE"""

import pathlib
import re
import subprocess
import sys

module, tree = sys.argv[1], pathlib.Path(sys.argv[2])
nm = subprocess.run(["nm", "-D", "--defined-only", module], capture_output=True, text=True, check=True, timeout=60).stdout
exported = {line.split()[-1].split("@")[0] for line in nm.splitlines() if line.strip()}
listed = set(re.findall(r"^\s+(SQL\w+);", (tree / "odbc/entry/exports.map").read_text(encoding="utf-8"), re.M))
reported = set()
for name, wide in re.findall(r'"(SQL\w+)", (true|false)\}', (tree / "odbc/info/functions.cpp").read_text(encoding="utf-8")):
    reported |= {name, name + "W"} if wide == "true" else {name}
for what, left, right in (("exported, not listed", exported, listed), ("listed, not exported", listed, exported), ("reported by SQLGetFunctions, not exported", reported, exported), ("exported, not reported", exported, reported)):
    extra = sorted(left - right)
    if extra:
        sys.exit(f"{what}: {', '.join(extra)}")
print(f"{len(exported)} names")
