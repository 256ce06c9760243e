#!/usr/bin/env python3
"""The dependency rule, as a scan of the tree: fails on an include that a layer may not have, on files over
600 lines, on wchar_t in odbc/, on its own includes of ODBC's types, and on text that has no place in the project.

With --self-test it plants each kind of violation in a temporary tree and expects to find it."""

import pathlib
import re
import subprocess
import sys
import tempfile

SOURCES = {".cpp", ".hpp", ".h", ".c"}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')
STANDARD = re.compile(r"^[a-z_0-9]+$")  # <vector>, <cstdint>: no folder, no extension
MACHINE = re.compile(r"(?<![\w./])/(?:work|root)/\w")
LINE_LIMIT = 600

# (path prefix, rule name, test of an include that is forbidden)
RULES = [
    ("wire/", "wire includes the standard library and wire only", lambda i: not (STANDARD.match(i) or i.startswith("wire/"))),
    ("wire/codec/", "wire/codec knows nothing of frames and messages", lambda i: i.startswith(("wire/frame/", "wire/messages/", "wire/session/"))),
    ("wire/frame/", "wire/frame knows nothing of messages", lambda i: i.startswith(("wire/messages/", "wire/session/"))),
    ("wire/types/", "wire/types knows nothing of messages", lambda i: i.startswith(("wire/messages/", "wire/session/"))),
    (
        "driver/",
        "driver knows nothing of odbc, bindings, the tool and the sandbox",
        lambda i: i.startswith(("odbc/", "bindings/", "samples/", "sql.h", "sqlext.h", "Python.h", "pybind11/")),
    ),
    ("driver/include/", "public headers include no internals", lambda i: i.startswith(("wire/", "driver/"))),
    ("odbc/", "fronts never touch messages, frames or operations", lambda i: i.startswith(("wire/messages/", "wire/frame/", "wire/session/"))),
    ("bindings/columnar/", "fronts never touch messages, frames or operations", lambda i: i.startswith(("wire/messages/", "wire/frame/", "wire/session/"))),
    ("bindings/python/", "fronts never touch messages, frames or operations", lambda i: i.startswith(("wire/messages/", "wire/frame/", "wire/session/"))),
    (
        "bindings/columnar/",
        "columnar knows nothing of Python and of Arrow libraries",
        lambda i: i.startswith(("Python.h", "pybind11/", "numpy/", "arrow/", "nanoarrow", "bindings/python/")),
    ),
    ("samples/sandbox/", "the sandbox never uses driver", lambda i: i.startswith(("driver/", "irislink/"))),
]
NOT_FROM_TESTS = ("wire/", "driver/", "odbc/", "bindings/", "samples/")


def tracked(root: pathlib.Path) -> list[str]:
    done = subprocess.run(["git", "-C", root, "ls-files"], capture_output=True, text=True)
    if done.returncode == 0 and done.stdout:
        return done.stdout.splitlines()
    return [str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()]


def violations(root: pathlib.Path) -> list[str]:
    found = []
    for name in tracked(root):
        path = root / name
        if not path.is_file() or path.suffix in {".png", ".csv"} or "corpus/" in name:
            continue
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        if path.suffix not in {".jsonl", ".json"}:
            for number, line in enumerate(lines, 1):
                if MACHINE.search(line) and name != "tests/layering/layering.py":
                    found.append(f"{name}:{number}: a path of some machine")
        if path.suffix not in SOURCES:
            continue
        data_table = any("data table" in line for line in lines[:3])
        if len(lines) > LINE_LIMIT and not data_table:
            found.append(f"{name}: {len(lines)} lines; split it by reason to change")
        for number, line in enumerate(lines, 1):
            if name.startswith("odbc/") and re.search(r"\bwchar_t\b", line):
                found.append(f"{name}:{number}: wchar_t (SQLWCHAR is UTF-16)")
            match = INCLUDE.match(line)
            if not match:
                continue
            included = match.group(1)
            if name.startswith("odbc/") and included in ("sql.h", "sqlext.h", "sqlucode.h", "sqltypes.h") and name != "odbc/text/odbc_types.hpp":
                found.append(f"{name}:{number}: odbc/text/odbc_types.hpp alone includes the driver manager's types: {included}")
            for prefix, rule, forbidden in RULES:
                if name.startswith(prefix) and forbidden(included):
                    found.append(f"{name}:{number}: {rule}: {included}")
            if name.startswith(NOT_FROM_TESTS) and included.startswith("tests/"):
                found.append(f"{name}:{number}: nothing includes from tests: {included}")
    return found


PLANTED = {
    "wire/codec/a.cpp": "#include <sys/socket.h>\n",
    "wire/codec/b.cpp": '#include "wire/messages/hello.hpp"\n',
    "wire/frame/c.cpp": '#include "wire/messages/hello.hpp"\n',
    "driver/d.cpp": "#include <sqlext.h>\n",
    "driver/include/irislink/e.hpp": '#include "wire/codec/item.hpp"\n',
    "odbc/f.cpp": '#include "wire/frame/frame.hpp"\n',
    "odbc/g.cpp": "wchar_t wide;\n",
    "odbc/m.cpp": "#include <sqlext.h>\n",
    "bindings/python/h.cpp": '#include "wire/messages/hello.hpp"\n',
    "bindings/columnar/h2.cpp": "#include <pybind11/pybind11.h>\n",
    "samples/sandbox/i.cpp": '#include "irislink/irislink.hpp"\n',
    "driver/j.cpp": '#include "tests/support/x.hpp"\n',
    "driver/k.cpp": "int x;\n" * 601,
    "docs/l.md": "see /wo" + "rk/main\n",
}


def self_test() -> int:
    missed = 0
    for name, text in PLANTED.items():
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / name).parent.mkdir(parents=True)
            (root / name).write_text(text)
            (root / "wire").mkdir(exist_ok=True)
            (root / "wire" / "good.cpp").write_text('#include <vector>\n#include "wire/codec/item.hpp"\n')
            found = violations(root)
            if len(found) == 0 or any(name not in each for each in found):
                print(f"planted in {name}, found {found}")
                missed += 1
    return 1 if missed else 0


def main() -> int:
    if "--self-test" in sys.argv:
        return self_test()
    found = violations(pathlib.Path(__file__).resolve().parents[2])
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
