"""What the driver's modules export and how they call themselves.

symbols.py SOURCE-TREE FOLDER=MODULE...

Each module exports the names of odbc/FOLDER/exports.map and nothing else; those of `entry` are the table of functions
too. A module calls its own functions (-Bsymbolic-functions): none of its exported names is looked up when it is
loaded, where a driver manager's function of the same name would be found first."""

import pathlib
import re
import subprocess
import sys


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def complain(module, what, names):
    if names:
        sys.exit(f"{module}: {what}: {', '.join(sorted(names))}")


def reported(tree):
    out = set()
    for name, wide in re.findall(r'"(SQL\w+)", (true|false)\}', (tree / "odbc/info/functions.cpp").read_text(encoding="utf-8")):
        out |= {name, name + "W"} if wide == "true" else {name}
    return out


tree = pathlib.Path(sys.argv[1])
for folder, module in (each.split("=", 1) for each in sys.argv[2:]):
    exported = {line.split()[-1].split("@")[0] for line in output("nm", "-D", "--defined-only", module).splitlines() if line.strip()}
    listed = set(re.findall(r"^\s+(\w+);", (tree / f"odbc/{folder}/exports.map").read_text(encoding="utf-8"), re.M))
    complain(module, "exported, not listed", exported - listed)
    complain(module, "listed, not exported", listed - exported)
    if folder == "entry":
        complain(module, "reported by SQLGetFunctions, not exported", reported(tree) - exported)
        complain(module, "exported, not reported", exported - reported(tree))
    # "000000039ff0  000400000007 R_X86_64_JUMP_SLO 00000000000 SQLFetch + 0"
    looked_up = {word.split("@")[0] for line in output("readelf", "-rW", module).splitlines() for word in line.split()[4:5]}
    complain(module, "exported, and looked up by the module itself", exported & looked_up)
    print(f"{module}: {len(exported)} names")
