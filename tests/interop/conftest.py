"""A sandbox for the vendor's clients, and the caches that run.sh has filled."""

import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "interop"


def sandbox_program() -> pathlib.Path:
    given = os.environ.get("IRISLINK_SANDBOX")
    candidates = [given] if given else [ROOT / "build" / p / "bin" / "irislink-sandbox" for p in ("release", "dev")]
    for each in candidates:
        if each and pathlib.Path(each).exists():
            return pathlib.Path(each)
    raise RuntimeError("irislink-sandbox is not built")


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory):
    """Yields the port of a running sandbox with the user demo / DemoPass1."""
    program = sandbox_program()
    folder = tmp_path_factory.mktemp("sandbox")
    config = folder / "sandbox.toml"
    subprocess.run([program, "init", "--config", config], check=True)
    subprocess.run(
        [program, "user", "add", "demo", "--password-stdin", "--config", config], input="DemoPass1", text=True, check=True
    )
    with open(folder / "log", "w") as log:
        process = subprocess.Popen([program, "--config", config, "--port", "0"], stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            line = process.stdout.readline()
            found = re.fullmatch(r"listening 127\.0\.0\.1:(\d+)\n", line)
            assert found, f"unexpected first line: {line!r}"
            yield int(found.group(1))
        finally:
            process.terminate()
            process.wait(timeout=20)


def unreachable(registry: str) -> bool:
    marker = WORK / "unreachable"
    return marker.exists() and registry in marker.read_text()
