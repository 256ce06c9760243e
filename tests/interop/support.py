"""What every part of these tests needs: the caches that run.sh has filled, sandboxes, and clients that are asked line by line."""

import contextlib
import json
import os
import pathlib
import re
import subprocess
import threading
import time
from typing import Optional

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "interop"

# The oldest is missing when the registry has one version only.
JDBC_VERSIONS = ["jdbc-newest"] + (["jdbc-oldest"] if (WORK / "jdbc-oldest.jar").exists() else [])
PYTHON_VERSIONS = ["python-newest", "python-oldest"]


def unreachable(registry: str) -> bool:
    marker = WORK / "unreachable"
    return marker.exists() and registry in marker.read_text()


def jdbc_command(version: str, program: str, *options: str) -> list:
    """What runs a Java program of this folder with the vendor's driver."""
    jar = WORK / f"{version}.jar"
    if not jar.exists():
        assert unreachable("Maven Central")
        pytest.skip("the registry Maven Central could not be reached")
    return ["java", "-Dfile.encoding=UTF-8", *options, "-cp", f"{WORK / 'classes'}:{jar}", program]


def python_command(version: str, program: pathlib.Path) -> list:
    """What runs a Python program with the vendor's client."""
    python = WORK / version / "bin" / "python"
    if unreachable("PyPI") and not python.exists():
        pytest.skip("the registry PyPI could not be reached")
    return [python, program]


def client_facts(version: str, program: pathlib.Path, port: int, timeout: float) -> dict:
    """What a program prints at its end, run with the vendor's client."""
    command = [*python_command(version, program), str(port)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, env=clean_environment())
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def clean_environment(**more: str) -> dict:
    """The caller's own settings for the vendor's clients and Kerberos count for nothing here."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("IRIS", "ISC_", "KRB5"))} | more


def facts_of(text: str) -> dict:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def sandbox_program() -> pathlib.Path:
    given = os.environ.get("IRISLINK_SANDBOX")
    candidates = [given] if given else [ROOT / "build" / p / "bin" / "irislink-sandbox" for p in ("release", "dev")]
    for each in candidates:
        if each and pathlib.Path(each).exists():
            return pathlib.Path(each)
    raise RuntimeError("irislink-sandbox is not built")


class Sandbox:
    """A configuration in a folder, and the port once it runs."""

    def __init__(self, folder: pathlib.Path, sections: str, users: dict, environment: Optional[dict] = None):
        folder.mkdir(exist_ok=True)
        self.environment = clean_environment(**(environment or {}))
        self.folder, self.config, self.port = folder, folder / "sandbox.toml", 0
        self.command("init")
        with open(self.config, "a") as out:
            out.write(sections)
        for name, password in users.items():
            self.command("user", "add", name, "--password-stdin", input=password)

    def command(self, *arguments: str, input: str = "") -> str:
        line = [sandbox_program(), *arguments, "--config", self.config]
        return subprocess.run(line, input=input, stdout=subprocess.PIPE, text=True, check=True, timeout=60).stdout

    def totp(self, user: str) -> str:
        """Gives the user a second factor; returns its key in base 32."""
        return re.search(r"^key (\w+)$", self.command("user", "totp", user), re.M).group(1)

    @contextlib.contextmanager
    def running(self):
        with open(self.folder / "log", "w") as log:
            process = subprocess.Popen(
                [sandbox_program(), "--config", self.config, "--port", "0"],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=self.environment,
            )
            try:
                line = process.stdout.readline()
                found = re.fullmatch(r"listening 127\.0\.0\.1:(\d+)\n", line)
                assert found, f"unexpected first line: {line!r}"
                self.port = int(found.group(1))
                yield self
            finally:
                process.terminate()
                assert process.wait(timeout=20) == 0, self.log()[-3000:]

    def log(self) -> str:
        return (self.folder / "log").read_text()

    @contextlib.contextmanager
    def saying(self, text: str):
        """Within it the server must write a line with `text` to its log, which may come after the client has had its answer."""
        before = len(self.log())
        yield
        until = time.monotonic() + 10
        while text not in (new := self.log()[before:]):
            assert time.monotonic() < until, f"{text!r} is not in {new!r}"
            time.sleep(0.02)


class Peer:
    """A client program that reads one case a line, key=value with tabs between, and answers with lines of the same form up to one
    that is a full stop. One process serves many cases: starting it costs more than a case does."""

    def __init__(self, command: list, errors: pathlib.Path, environment: dict, version: str):
        self.errors, self.version = errors, version
        with open(errors, "w") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, encoding="utf-8", env=environment)

    def ask(self, case: dict) -> dict:
        watchdog = threading.Timer(90, self.process.kill)
        watchdog.start()
        try:
            self.process.stdin.write("\t".join(f"{key}={value}" for key, value in case.items()) + "\n")
            self.process.stdin.flush()
            lines = []
            while (line := self.process.stdout.readline()) != ".\n":
                assert line, f"the client ended or took too long after {lines}: {self.errors.read_text()[-3000:]}"
                lines.append(line)
            return facts_of("".join(lines))
        finally:
            watchdog.cancel()

    def close(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(timeout=20)
        finally:
            self.process.kill()


def refused(facts: dict) -> str:
    """What the client said of a connection that it did not get."""
    assert list(facts) == ["failed"], facts
    return facts["failed"]


# What a case with work=all answers when every statement did what it should.
ALL_WORKED = {
    "login": "ok",
    "literals": "1 it's NULL ''",
    "parameters": "7 Zoë 😀",
    "long": "True",
    "stream": "True",
    "batch": "2000 1999000 200000",
    "fetch": "10000 49995000",
    "end": "ok",
}
