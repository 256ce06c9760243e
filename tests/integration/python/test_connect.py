"""Every way to say where to connect to; and that no secret is ever shown."""

import pathlib
import traceback

import pytest
from support import CANARY, Sandbox

import irislink


@pytest.fixture(scope="module")
def hidden():
    made = Sandbox(password=CANARY)
    yield made
    made.close()


def lives(db):
    with db:
        assert db.execute("select 1").fetchone() == (1,)
        return repr(db)


def test_targets(hidden, monkeypatch, tmp_path):
    port = hidden.port
    where = {"port": port, "namespace": "USER", "user": "demo", "password": CANARY}
    shown = [
        lives(irislink.connect(f"iris://demo@127.0.0.1:{port}/USER", password=CANARY)),
        lives(irislink.connect(f"Server=127.0.0.1;Port={port};UID=demo;PWD={CANARY}")),
        lives(irislink.connect(dsn=f"iris://demo:{CANARY}@127.0.0.1:{port}/USER")),
        lives(irislink.connect(host="127.0.0.1", **where)),
        lives(irislink.connect(hostname="127.0.0.1", port=str(port), namespace="USER", username="demo", password=CANARY)),
        lives(irislink.connect("127.0.0.1", port, "USER", "demo", CANARY)),
        lives(irislink.connect("127.0.0.1", port, "USER", "demo", CANARY, 10, False, "")),
        lives(irislink.connect("127.0.0.1", port, "USER", "demo", CANARY, sharedmemory=True, autoCommit=True, isolationLevel=1)),
        lives(irislink.createConnection("127.0.0.1", port, "USER", "demo", CANARY)),
        lives(irislink.connect(f"127.0.0.1:{port}/USER", "demo", CANARY)),
        lives(irislink.connect(connectionstr=f"127.0.0.1:{port}/USER", username="demo", password=CANARY)),
    ]
    (tmp_path / "odbc.ini").write_text(f"[box]\nServer=127.0.0.1\nPort={port}\nUID=demo\nAutoCommit=1\n", encoding="utf-8")
    monkeypatch.setenv("ODBCINI", str(tmp_path / "odbc.ini"))
    with irislink.connect("box", password=CANARY) as db:
        assert db.autocommit is True, "the data source says so"
        shown.append(repr(db))
    with irislink.connect("box", password=CANARY, autocommit=False) as db:
        assert db.autocommit is False
    for each in shown:
        assert each == f"<irislink.Connection demo@127.0.0.1:{port}/USER>"


def test_too_many_or_twice():
    with pytest.raises(TypeError):
        irislink.connect("h", 1, "n", "u", "p", 1, False, "", "more")
    with pytest.raises(TypeError, match="twice"):
        irislink.connect("h", 1, "n", "u", "p", password="p")
    with pytest.raises(TypeError, match="no setting"):
        irislink.connect("iris://localhost", user=[])


def test_any_spelling_of_a_keyword(hidden, tmp_path):
    trace = tmp_path / "trace"
    for keywords in ({"TraceFile": trace, "FetchBytes": 4096}, {"tracefile": str(trace), "fetch_bytes": "4096"}, {"trace_file": trace, "tcp_nodelay": True}):
        lives(irislink.connect(hidden.uri(), **keywords))
        assert CANARY not in trace.read_text(errors="replace")
        pathlib.Path(trace).unlink()


def test_warnings_are_messages(hidden):
    with irislink.connect(hidden.uri(query="?Portt=5")) as db:
        ((kind, warning),) = db.messages
        assert kind is irislink.Warning and warning.sqlstate == "01S00" and "Port" in warning.hint


def test_information(hidden):
    with irislink.connect(hidden.uri()) as db:
        info = db.info
        assert info["user"] == "demo" and info["namespace"] == "USER" and info["protocol"] >= 57
        assert "IRIS" in info["version"] and info["address"].endswith(str(hidden.port))
        db.ping()
        db.reset()
        assert db.two_factor_required() is False


def test_secrets_are_never_shown(hidden):
    said = []

    def note(call):
        try:
            call()
        except Exception as failed:  # noqa: BLE001
            said.append("".join(traceback.format_exception_only(type(failed), failed)) + repr(failed) + repr(vars(failed)))
        else:
            raise AssertionError("nothing failed")

    uri = f"iris://demo@127.0.0.1:{hidden.port}/USER"
    wrong = CANARY + "x"
    note(lambda: irislink.connect(uri, password=wrong))
    note(lambda: irislink.connect(f"iris://demo:{wrong}@127.0.0.1:{hidden.port}/USER"))
    note(lambda: irislink.connect(uri, password=CANARY, tls_mode="require", authentication_method=0))
    note(lambda: irislink.connect(uri, password=CANARY, access_token=CANARY, tls_key_password=CANARY))
    note(lambda: irislink.connect(f"iris://demo:{CANARY}@127.0.0.1:none/USER"))
    note(lambda: irislink.connect("127.0.0.1", hidden.port, "USER", "demo", wrong))
    with irislink.connect(uri, password=CANARY) as db:
        said += [repr(db), repr(db.cursor()), repr(db.info), repr(db._core), str(vars(db))]
    assert len(said) == 11
    for each in said:
        assert CANARY not in each


def test_long_value_limit(hidden):
    with irislink.connect(hidden.uri(), long_value_limit=1000) as db:
        db.execute("create table py_limit (body longvarchar)")
        db.execute("insert into py_limit values (?)", ["x" * 2000])
        with pytest.raises(irislink.DataError) as caught:
            db.execute("select body from py_limit").fetchall()
        assert caught.value.sqlstate == "22001"
        (stream,) = db.cursor(stream_long=True).execute("select body from py_limit").fetchone()
        assert stream.read() == "x" * 2000
