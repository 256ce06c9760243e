"""What belongs to the module beside its code: the doctor, the stubs."""

import asyncio
import os
import pathlib
import re
import subprocess
import sys

import irislink
from irislink import aio


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
    command = [
        sys.executable,
        "-m",
        "mypy.stubtest",
        "--ignore-missing-stub",
        "--mypy-config-file",
        allowed.with_suffix(".ini"),
        "--allowlist",
        allowed,
        "--ignore-unused-allowlist",
        "irislink",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr


CALLS = """
import irislink
from irislink import aio

def blocking(cursor: irislink.Cursor) -> None:
    cursor.callproc("{call P(:a)}", {"a": 1})
    cursor.callproc("P", [1])

async def asynchronous(cursor: aio.Cursor) -> None:
    await cursor.callproc("{call P(:a)}", {"a": 1})
    await cursor.scroll(1)
"""


def test_calls_as_programs_with_types_write_them(tmp_path):
    (tmp_path / "calls.py").write_text(CALLS)
    environment = os.environ | {"MYPYPATH": os.environ["PYTHONPATH"].split(":")[0]}
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", tmp_path / "cache", tmp_path / "calls.py"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_asyncio_has_not_is_what_the_documentation_names():
    text = (pathlib.Path(__file__).parents[3] / "docs" / "python.md").read_text(encoding="utf-8")
    text = text[text.index("Methods are those above") :].partition("\n\n")[0]
    missing = (set(dir(irislink.Cursor)) - set(dir(aio.Cursor))) | (set(dir(irislink.Connection)) - set(dir(aio.Connection)))
    missing -= {name for name in missing if name.endswith(("Error", "Warning"))}
    assert {"cancel", "__arrow_c_stream__"} <= missing and "messages" in text
    named = set(re.findall(r"\w+", text.replace("get_", "")))
    assert {name for name in missing if not name.startswith("_") or "arrow" in name} <= named


def test_the_package_says_that_it_is_typed():
    assert (pathlib.Path(irislink.__file__).parent / "py.typed").exists()
    assert irislink.__version__


def test_reprs_have_no_secrets(sandbox):
    for target, keywords in (
        (sandbox.uri(), {}),
        (f"Server=127.0.0.1;Port={sandbox.port};UID=demo;PWD={sandbox.password}", {}),
        (f"iris://demo@127.0.0.1:{sandbox.port}/USER", {"password": sandbox.password, "two_factor": "canary-code"}),
    ):
        with irislink.connect(target, **keywords) as db:
            assert repr(db) == f"<irislink.Connection demo@127.0.0.1:{sandbox.port}/USER>"
            cursor = db.cursor()
            assert repr(cursor) == f"<irislink.Cursor of {db!r}>"
            cursor.execute("select 1 as One, ? as Secret", ["canary-value"])
            assert repr(cursor) == f"<irislink.Cursor of {db!r}: One, Secret>"
            assert "canary" not in cursor._repr_html_()
            cursor.close()
            assert repr(cursor) == f"<irislink.Cursor of {db!r}, closed>"
        assert repr(db).endswith(", closed>")


def test_a_notebook_shows_the_columns_and_takes_no_row(sandbox):
    with irislink.connect(sandbox.uri()) as db:
        cursor = db.cursor()
        assert cursor._repr_html_() is None, "then it shows repr()"
        cursor.execute("create table Note (n integer, v varchar(20), d numeric(8,3))")
        assert cursor._repr_html_() is None
        cursor.executemany("insert into Note values (?, ?, ?)", [(n, "x", n) for n in range(3)])
        cursor.execute('select n, v as "a<b&c", d from Note order by n')
        shown = cursor._repr_html_()
        cells = re.findall(r"<td>(.*?)</td>", shown)
        assert cells == ["n", "INTEGER", "a&lt;b&amp;c", "VARCHAR(20)", "d", "NUMERIC(8, 3)"]
        assert "cursor.fetch_pandas()" in shown and f"&lt;irislink.Connection demo@127.0.0.1:{sandbox.port}" in shown
        assert cursor.fetchone() == (0, "x", 0) and cursor._repr_html_() == shown
        assert [row[0] for row in cursor] == [1, 2]
        cursor.close()
        assert cursor._repr_html_() is None


def test_a_notebook_shows_cursors_of_asyncio_too(sandbox):
    async def work():
        async with await aio.connect(sandbox.uri()) as db:
            cursor = await db.execute("select 1 as One")
            assert repr(cursor) == f"<irislink.aio.Cursor of {db!r}: One>"
            assert "<td>One</td>" in cursor._repr_html_() and "await cursor.fetch_pandas()" in cursor._repr_html_()
            return await cursor.fetchall()

    assert asyncio.run(work()) == [(1,)]
