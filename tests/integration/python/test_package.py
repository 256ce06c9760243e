"""What belongs to the module beside its code: the doctor, the stubs."""

import os
import pathlib
import subprocess
import sys

import irislink


def doctor(*arguments):
    return subprocess.run([sys.executable, "-m", "irislink", "doctor", *arguments], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)


def test_doctor(sandbox):
    done = doctor(sandbox.uri())
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Connected in " in done.stdout and f"127.0.0.1:{sandbox.port}" in done.stdout and "(URI)" in done.stdout
    assert f":{sandbox.password}@" not in done.stdout
    done = doctor(sandbox.uri(password="canary-wrong"))
    assert done.returncode == 1
    assert "Failed at login: [28000]" in done.stdout and "what to do: " in done.stdout
    assert "canary-wrong" not in done.stdout + done.stderr
    done = doctor(sandbox.uri(), "--set", "TlsMode=perhaps")
    assert done.returncode == 2 and "Failed at settings" in done.stdout
    done = doctor(sandbox.uri(), "--set", "TlsMood=require")
    assert done.returncode == 2 and "TlsMode" in done.stderr
    assert doctor().returncode == 2


def test_stubs_are_what_the_module_is():
    environment = os.environ | {"MYPYPATH": os.environ["PYTHONPATH"].split(":")[0]}
    allowed = pathlib.Path(__file__).with_name("stubtest.allow")
    command = [sys.executable, "-m", "mypy.stubtest", "--ignore-missing-stub", "--allowlist", allowed, "--ignore-unused-allowlist", "irislink"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_package_says_that_it_is_typed():
    assert (pathlib.Path(irislink.__file__).parent / "py.typed").exists()
    assert irislink.__version__
