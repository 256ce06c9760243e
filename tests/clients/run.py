"""Runs one third-party program against a sandbox of its own and turns its TAP lines into JUnit.

    run.py --results FOLDER [--limit SECONDS] NAME command...

The program finds the data source `box` (user and password in it) by ODBCSYSINI and ODBCINI. It must print a plan
("1..N"): one that ends early, or by a status that is not 0, fails one more case. "# version: ..." names what was run.
"""

import argparse
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
from xml.etree import ElementTree

from odbc_support import DataSource

CASE = re.compile(r"^(not )?ok\b\s*(\d+)?\s*(?:- )?([^#]*)(#.*)?$")


def run(command, env, limit):
    """The output and the status; None for a program that had to be ended, with all that it started."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env, start_new_session=True)
    try:
        text, _ = process.communicate(timeout=limit)
        status = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        text, _ = process.communicate()
        status = None
    return text.decode("utf-8", "replace"), status


def cases_of(text, status):
    """Pairs of a case's name and what is wrong with it, "" for nothing."""
    cases, plan, notes = [], None, []
    for line in text.splitlines():
        if found := re.match(r"^1\.\.(\d+)", line):
            plan = int(found.group(1))
        elif found := CASE.match(line):
            cases.append([found.group(3).strip() or f"case {len(cases) + 1}", "failed" if found.group(1) else ""])
        elif line.startswith("#") and cases and cases[-1][1]:
            cases[-1][1] += "\n" + line[1:].strip()
        else:
            notes.append(line)
    wrong = ""
    if status is None:
        wrong = "did not end in time"
    elif status != 0 and not any(what for _, what in cases):
        wrong = f"ended with status {status}"
    elif plan is None or plan != len(cases):
        wrong = f"planned {plan}, ran {len(cases)}"
    if wrong:
        cases.append(["the whole program", "\n".join([wrong, *notes[-40:]])])
    return cases


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--results", type=pathlib.Path, required=True)
    parser.add_argument("--limit", type=float, default=90)
    parser.add_argument("name")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args()

    source = DataSource()
    try:
        started = time.monotonic()
        text, status = run(given.command, {**os.environ, **source.env, "TMPDIR": str(source.folder)}, given.limit)
        seconds = time.monotonic() - started
    finally:
        source.close()

    cases = cases_of(text, status)
    failed = [case for case in cases if case[1]]
    suite = ElementTree.Element(
        "testsuite", name=f"clients.{given.name}", tests=str(len(cases)), failures=str(len(failed)), errors="0", skipped="0", time=f"{seconds:.1f}"
    )
    for name, wrong in cases:
        case = ElementTree.SubElement(suite, "testcase", classname=given.name, name=name)
        if wrong:
            ElementTree.SubElement(case, "failure").text = "".join(c for c in wrong if c >= " " or c in "\n\t")
    given.results.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(suite).write(given.results / f"clients-{given.name}.xml", encoding="utf-8", xml_declaration=True)

    version = re.search(r"^# version: (.*)$", text, re.M)
    print(f"{given.name}: {version.group(1) if version else 'no version told'}: {len(cases) - len(failed)} of {len(cases)} in {seconds:.1f} s", flush=True)
    for name, wrong in failed:
        print(f"  not ok: {name}: {wrong}", flush=True)
    sys.exit(1 if failed else 0)


main()
