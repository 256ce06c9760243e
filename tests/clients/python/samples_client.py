"""Programs of samples/odbc as the test of the others has them (tests/integration/odbc/test_samples.py)."""

import subprocess
import sys

from tap import case, equal, run
from test_samples import COMMANDS, PLANETS


def prints_the_planets(language):
    def check():
        done = subprocess.run([*COMMANDS[language], "DSN=box"], capture_output=True, text=True, encoding="utf-8", timeout=60)
        equal((done.returncode, done.stdout), (0, PLANETS))

    check.__name__ = f"{language}_prints_the_planets"
    return check


def says_why_it_cannot(language):
    def check():
        done = subprocess.run([*COMMANDS[language], "DSN=box;PWD=zQ7canary"], capture_output=True, text=True, encoding="utf-8", timeout=60)
        said = done.stdout + done.stderr
        equal(("Access Denied" in said, "Mars" in said, "zQ7canary" in said), (True, False, False))

    check.__name__ = f"{language}_says_why_it_cannot"
    return check


for each in ("php", "r", "node"):
    case(prints_the_planets(each))
    case(says_why_it_cannot(each))
print("# version: samples/odbc")
sys.exit(run())
