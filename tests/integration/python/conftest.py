"""The sandbox that the tests of a file share, and connections to it."""

import json
import os
import re
import subprocess
import time

import pytest

import irislink


@pytest.fixture(scope="module")
def sandbox():
    from support import Sandbox  # of tests/integration/cli

    made = Sandbox()
    yield made
    made.close()


@pytest.fixture
def connect(sandbox):
    """Connects with further keywords; closes what is still open at the end."""
    opened = []

    def one(**keywords):
        opened.append(irislink.connect(sandbox.uri(), **keywords))
        return opened[-1]

    yield one
    for each in opened:
        each.close()


@pytest.fixture
def db(connect):
    return connect(autocommit=True)


@pytest.fixture
def table(db):
    """Makes a table of these columns, gone at the end; gives its name."""
    made = []

    def make(columns):
        name = f"py_{len(made)}"
        db.execute(f"create table {name} ({columns})")
        made.append(name)
        return name

    yield make
    for each in made:
        db.execute(f"drop table {each}")


@pytest.fixture
def traced(tmp_path):
    """Keywords for connect(), and a function that counts the requests of a code that went over the line."""
    file = tmp_path / "trace"

    def count(code):
        frames = (json.loads(line) for line in file.read_text().splitlines())
        return sum(each.get("dir") == "C" and bytes.fromhex(each["hex"])[12:14] == code for each in frames)

    return {"trace_file": str(file)}, count


@pytest.fixture
def factor_server():
    """A sandbox that asks for one-time codes: `code(seconds)` gives the one of a moment so far away."""
    from support import BIN, Sandbox

    made = Sandbox(sections="\n[two_factor]\ntotp = true\n")
    command = [str(BIN / "irislink-sandbox"), "user", "totp", "demo", "--config", os.path.join(made.folder, "sandbox.toml")]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout
    key = re.search(r"^key (\S+)", told, re.MULTILINE).group(1)

    def code(seconds=0):
        when = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(time.time() + seconds))
        return subprocess.run(["oathtool", "--totp", "-b", "-N", when, key], capture_output=True, text=True, check=True, timeout=30).stdout.strip()

    made.code = code
    yield made
    made.close()


@pytest.fixture(scope="module")
def make_procedures(sandbox):
    """Makes a table of four rows, and procedures of every kind on it, of which `more` are further ones."""

    def make(table, schema, *more):
        with irislink.connect(sandbox.uri(), autocommit=True) as db:
            db.execute(f"create table {table} (N integer, V varchar(20))")
            db.cursor().executemany(f"insert into {table} values (?, ?)", [(n, f"row {n}") for n in range(1, 5)])
            for each in (
                "Mix(in a integer, inout b numeric(10,2), out c varchar(20)) returns integer begin set b = b + a; set c = 'got ' || a; return a * 2; end",
                "Put(in n integer, in v varchar(20) default 'none') begin insert into T values (:n, :v); end",
                "Several(in low integer, out rest integer, in unused integer default 1) dynamic result sets begin select N from T where N < low order by N; "
                "select V, N from T where N >= low order by N; set rest = (select count(*) from T where N >= low); end",
                "Many(in n integer) dynamic result sets begin select a.N, 'abcdefghijklmnopqrstuvwxyz' from T a, T b, T c, T d, T e, T f, T g "
                "where a.N = :n; select N from T where N = :n; end",
                "Long(in n integer, out t longvarchar) begin set t = repeat('ä', n); select N from T where N = 1; end",
                *more,
            ):
                db.execute(f"create procedure {schema}." + re.sub(r"\bT\b", table, each))

    return make
