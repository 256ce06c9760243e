"""The programs of samples/python that need nothing but the module. (tests/columns runs the others.)"""

import os
import pathlib
import pty
import re
import select
import subprocess
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "samples" / "python"


def test_readings(sandbox):
    data = ROOT / "samples" / "data" / "sf-temps.csv"
    done = subprocess.run([sys.executable, SAMPLES / "readings.py", sandbox.uri(), data], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["8759 readings", "month  8: 72.2 F", "month  9: 72.2 F", "month 10: 70.6 F"]


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, *command):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            try:
                os.execv(command[0], list(map(str, command)))
            finally:
                os._exit(127)
        self.seen = ""

    def expect(self, text):
        until = time.monotonic() + 30
        while text not in self.seen:
            ready, _, _ = select.select([self.terminal], [], [], max(0, until - time.monotonic()))
            assert ready, f"{text!r} did not come: {self.seen!r}"
            try:
                self.seen += os.read(self.terminal, 4096).decode()
            except OSError:  # the program has ended
                assert text in self.seen, f"{text!r} did not come: {self.seen!r}"

    def answer(self, prompt, text):
        self.expect(prompt)
        os.write(self.terminal, f"{text}\n".encode())

    def end(self):
        """Everything it said, and its exit status."""
        try:
            while more := os.read(self.terminal, 4096):
                self.seen += more.decode()
        except OSError:  # the program has ended
            pass
        os.close(self.terminal)
        return self.seen, os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])


@pytest.fixture(scope="module")
def factors():
    """A sandbox where demo has a second factor and plain has none; `code` gives the next code of demo."""
    from support import BIN, Sandbox

    made = Sandbox(sections="\n[two_factor]\ntotp = true\n")
    configuration = ["--config", f"{made.folder}/sandbox.toml"]
    subprocess.run([BIN / "irislink-sandbox", "user", "add", "plain", *configuration, "--password-stdin"], input="plain", text=True, check=True, timeout=30)
    said = subprocess.run([BIN / "irislink-sandbox", "user", "totp", "demo", *configuration], capture_output=True, text=True, check=True, timeout=30).stdout
    key = re.search(r"^key (\w+)$", said, re.MULTILINE)[1]

    def code():
        return subprocess.run(["oathtool", "--totp", "-b", key], capture_output=True, text=True, check=True, timeout=30).stdout.strip()

    made.code = code
    yield made
    made.close()


def log_in(sandbox, user, password, code=None):
    terminal = Terminal(sys.executable, SAMPLES / "two_factor.py", f"iris://{user}@127.0.0.1:{sandbox.port}/USER")
    terminal.answer("Password: ", password)
    if code:
        terminal.answer("One-time code: ", code())
    return terminal.end()


def test_two_factor(factors):
    seen, status = log_in(factors, "demo", "demo", factors.code)
    assert status == 0 and "demo is logged in" in seen, seen
    seen, status = log_in(factors, "plain", "plain")
    assert status == 0 and "plain is logged in" in seen and "code" not in seen, seen


def test_two_factor_that_is_wrong(factors):
    seen, status = log_in(factors, "demo", "canary-wrong")
    assert status == 1 and "One-time code" not in seen and "canary-wrong" not in seen and "Traceback" not in seen, seen
    seen, status = log_in(factors, "demo", "demo", lambda: f"{(int(factors.code()) + 500_000) % 1_000_000:06}")
    assert status == 1 and "logged in" not in seen and "Traceback" not in seen, seen
