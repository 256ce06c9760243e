"""Which exception, and what it carries."""

import pickle
import traceback

import pytest

import irislink
from irislink import exceptions


def caught(db, sql, parameters=None, kind=irislink.Error):
    with pytest.raises(kind) as info:
        db.execute(sql, parameters)
    return info.value


def test_facts_of_a_server_error(db):
    failed = caught(db, "select * from Nowhere", kind=irislink.ProgrammingError)
    assert type(failed) is irislink.ProgrammingError
    assert (failed.sqlstate, failed.sqlcode, failed.step, failed.fatal, failed.row) == ("42S02", -30, "statement", False, 0)
    assert "NOWHERE" in failed.text and failed.hint
    assert str(failed).startswith("[42S02] SQLCODE -30 at statement: ")
    again = pickle.loads(pickle.dumps(failed))
    assert (type(again), str(again), again.sqlcode, again.hint) == (type(failed), str(failed), -30, failed.hint)
    assert db.execute("select 1").fetchone() == (1,), "the connection lives"


def test_classes_by_sqlstate(db, table):
    name = table("n integer not null primary key, s varchar(5)")
    db.execute(f"insert into {name} values (1, 'a')")
    assert type(caught(db, f"insert into {name} values (1, 'b')")) is irislink.IntegrityError
    assert type(caught(db, f"insert into {name} values (null, 'b')")) is irislink.IntegrityError
    assert type(caught(db, f"insert into {name} values (2, 'much too long')")) in (irislink.DataError, irislink.IntegrityError)
    assert type(caught(db, "selec 1")) is irislink.ProgrammingError
    assert type(caught(db, f"select nothing from {name}")) is irislink.ProgrammingError


@pytest.mark.parametrize(
    "state, step, kind",
    [
        ("42000", "statement", irislink.ProgrammingError),
        ("22003", "statement", irislink.DataError),
        ("23000", "statement", irislink.IntegrityError),
        ("08S01", "fetch", irislink.OperationalError),
        ("28000", "login", irislink.OperationalError),
        ("40001", "statement", irislink.OperationalError),
        ("HY008", "statement", irislink.OperationalError),
        ("HYT00", "connect", irislink.OperationalError),
        ("HYC00", "statement", irislink.NotSupportedError),
        ("0A000", "statement", irislink.NotSupportedError),
        ("25000", "statement", irislink.InternalError),
        ("08003", "statement", irislink.InterfaceError),
        ("HY024", "settings", irislink.InterfaceError),
        ("08S01", "settings", irislink.InterfaceError),
        ("IM002", "settings", irislink.InterfaceError),
        ("01S00", "settings", irislink.Warning),
        ("HY000", "statement", irislink.DatabaseError),
        ("ZZ999", "statement", irislink.DatabaseError),
    ],
)
def test_table(state, step, kind):
    assert exceptions.class_of(state, step) is kind


def test_a_failed_statement_leaves_the_cursor_usable(db):
    cursor = db.cursor()
    cursor.execute("select 1")
    with pytest.raises(irislink.Error):
        cursor.execute("selec 1")
    assert cursor.description is None
    with pytest.raises(irislink.ProgrammingError):
        cursor.fetchall()
    assert cursor.execute("select 2").fetchall() == [(2,)]


def test_lost_connection(connect, sandbox):
    from support import Sandbox

    own = Sandbox()
    try:
        db = irislink.connect(own.uri())
        cursor = db.execute("select 1")
    finally:
        own.close()
    with pytest.raises(irislink.OperationalError) as info:
        db.execute("select 1")
    assert info.value.sqlstate == "08S01" and info.value.fatal
    assert db.closed
    cursor.close()
    db.close()
    with pytest.raises(irislink.OperationalError) as info:
        irislink.connect(own.uri(), timeout=3)
    assert info.value.sqlstate == "08001" and info.value.step == "connect"


def test_unknown_settings_and_bad_ones(sandbox):
    with pytest.raises(TypeError, match="TlsMode"):
        irislink.connect(sandbox.uri(), tls_moode="require")
    for bad in ({"port": 99999}, {"tls_mode": "perhaps"}, {"login_timeout": -1}):
        with pytest.raises(irislink.InterfaceError) as info:
            irislink.connect(sandbox.uri(), **bad)
        assert info.value.step == "settings"
    with pytest.raises(irislink.InterfaceError) as info:
        irislink.connect("no-such-data-source")
    assert info.value.sqlstate == "IM002"
    with pytest.raises(irislink.NotSupportedError, match="tls_ca_file"):
        irislink.connect(sandbox.uri(), ssl_context=object())
    for wrong in ((5,), (sandbox.uri(), object())):
        with pytest.raises((TypeError, irislink.Error)):
            irislink.connect(*wrong)
    with pytest.raises(TypeError):
        irislink.connect(sandbox.uri(), two_factor=5)


def test_rows_before_a_value_that_cannot_be_read_are_not_lost(db, table):
    name = table("n integer, t time(9)")
    db.cursor().executemany(f"insert into {name} values (?, ?)", [(n, "01:02:03" if n != 3 else "01:02:03.123456789") for n in range(6)])
    cursor = db.execute(f"select n, t from {name} order by n")
    assert cursor.fetchmany(1)[0][0] == 0
    with pytest.raises(irislink.DataError):
        cursor.fetchall()
    assert cursor.rownumber == 1
    assert [row[0] for row in cursor.fetchall()] == [1, 2, 4, 5]


SECRET = 271828


@pytest.mark.parametrize("value", [SECRET, float(SECRET), str(SECRET).encode(), [SECRET], {"code": SECRET}])
def test_a_secret_of_another_type_is_named_and_not_shown(db, sandbox, value):
    calls = {
        name: lambda name=name: irislink.connect("iris://demo@127.0.0.1:1", **{name: value})
        for name in (
            "password",
            "pwd",
            "PWD",
            "two_factor",
            "access_token",
            "key_password",
            "tls_key_password",
            "two_factor_token",
        )
    }
    calls["code"] = lambda: db.send_two_factor(value)
    if not isinstance(value, list):
        calls["password of the vendor's order"] = lambda: irislink.connect("127.0.0.1", 1, "USER", "demo", value)
    for name, call in calls.items():
        with pytest.raises(TypeError) as info:
            call()
        said = "".join(traceback.format_exception_only(type(info.value), info.value))
        assert name.split()[0].replace("_", "").lower() in said.replace("_", "").lower() and str(SECRET) not in said, said
        assert info.value.__context__ is None
    for call in (
        lambda: irislink._core.Settings(value),
        lambda: irislink._core.Settings().set("PWD", value),
        lambda: irislink._core.Settings().set(value, "x"),
    ):
        with pytest.raises(TypeError) as info:
            call()
        assert str(SECRET) not in str(info.value)


def test_half_a_surrogate_pair_in_a_secret_is_not_shown():
    for call in (
        lambda: irislink.connect("iris://demo@127.0.0.1:1", password=f"{SECRET}\udc00"),
        lambda: irislink.connect(f"iris://demo:{SECRET}\udc00@127.0.0.1:1"),
    ):
        with pytest.raises(irislink.InterfaceError) as info:
            call()
        assert info.value.sqlstate == "HY024" and str(SECRET) not in str(info.value)


def test_settings_that_are_no_utf_8(monkeypatch, tmp_path, sandbox):
    """Text of files in another encoding is shown somehow, and never raises."""
    (tmp_path / "odbc.ini").write_bytes(
        f"[box]\nServer=127.0.0.1\nPort={sandbox.port}\n".encode()
        + b"UID=Zo\xeb\nPWD=x\n[odd]\nServer=127.0.0.1\nPort=\xe9\n[more]\nGr\xf6sse=1\nServer=127.0.0.1\nPort=1\n"
    )
    monkeypatch.setenv("ODBCINI", str(tmp_path / "odbc.ini"))
    assert irislink._core.Settings("box").shown()["UID"][0] == "Zo\\xeb"
    with pytest.raises(irislink.Error):
        irislink.connect("box")
    with pytest.raises(irislink.InterfaceError, match=r"\\xe9"):
        irislink.connect("odd")
    with pytest.raises(irislink.Error):
        irislink.connect("more", timeout=2)


def test_an_object_that_raises_when_it_is_asked_what_it_is(db):
    class Odd:
        @property
        def __class__(self):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.execute("select ?", [Odd()])
    assert db.execute("select 1").fetchone() == (1,)
