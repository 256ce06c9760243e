"""One script by the vendor's newest Python module and by ours, against the same sandbox: every value, count, description and error is the
same, but for the differences that docs/python.md has a table of."""

import json
import pathlib
import re
import subprocess

import pytest
from differences import DIFFERENCES
from support import ROOT, clean_environment, python_command, sandbox_program

SCRIPT = pathlib.Path(__file__).with_name("differential.py")
EXPECTED = {case: both for cases in DIFFERENCES.values() for case, both in cases.items()}
# Of the build that the sandbox is of.
OURS = sandbox_program().parents[1] / "python"


def outcomes(command, module, sandbox, **environment):
    done = subprocess.run([*command, SCRIPT, module, str(sandbox.port)], capture_output=True, text=True, timeout=60, env=clean_environment(**environment))
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def theirs(sandbox):
    return outcomes(python_command("python-newest", SCRIPT)[:1], "iris", sandbox)


@pytest.fixture(scope="module")
def ours(sandbox):
    return outcomes(["/usr/bin/python3"], "irislink", sandbox, PYTHONPATH=str(OURS))


def test_both_ran_every_case(theirs, ours):
    assert theirs.keys() == ours.keys() and len(ours) > 400


def test_no_difference_is_new_and_none_went_away(theirs, ours):
    found = {case: (theirs[case], ours[case]) for case in ours if theirs[case] != ours[case]}
    news = {case: both for case, both in found.items() if EXPECTED.get(case) != both}
    gone = {case: (theirs.get(case), ours.get(case)) for case in EXPECTED if case not in found}
    assert not news, f"differences that nobody has explained: {json.dumps(news, indent=1)}"
    assert not gone, f"differences that are none any more: {json.dumps(gone, indent=1)}"


def test_the_documentation_explains_every_difference():
    text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    section = re.search(r"^## Beside the vendor's module$(.*?)^## ", text, re.MULTILINE | re.DOTALL)[1]
    titles = re.findall(r"^\| ([^|]+?) \|", section, re.MULTILINE)
    assert [each for each in titles if not each.startswith("-")][1:] == list(DIFFERENCES)
