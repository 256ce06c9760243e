"""The login matrix from Python: every way in, and every way to be kept out with the right exception."""

import asyncio
import subprocess

import pytest

import irislink
from irislink import aio

PASSWORD = "DemoPass1"


def log_in(server, user="demo", password=PASSWORD, host="localhost", **keywords):
    with irislink.connect(host=host, port=server.port, user=user, password=password, **keywords) as db:
        assert db.execute("select 1").fetchone() == (1,)
        return db.info


def refused(server, sqlstate, step, *words, **arguments):
    with pytest.raises(irislink.OperationalError) as caught:
        log_in(server, **arguments)
    failed = caught.value
    assert (failed.sqlstate, failed.step) == (sqlstate, step), str(failed)
    for each in words:
        assert each in str(failed)
    assert PASSWORD not in str(failed)
    return failed


def test_password(server):
    assert log_in(server)["user"] == "demo"
    refused(server, "28000", "login", "Access Denied", password="not-it")


def test_tls(server, certificates):
    ca = certificates.path("ca.pem")
    info = log_in(server, tls_mode="verify-full", tls_ca_file=ca)
    assert info["tls_version"] == "TLSv1.3" and info["tls_cipher"] and info["tls_check"]
    assert log_in(server, tls_ca_file=ca, security_level=10, tls_max_version="1.2")["tls_version"] == "TLSv1.2"
    refused(server, "08S01", "TLS", "unknown CA", tls_mode="verify-full", tls_ca_file=certificates.path("other-ca.pem"))
    refused(server, "08S01", "TLS", "iris.example.com", tls_mode="verify-full", tls_ca_file=ca, tls_host_name="iris.example.com")


def test_settings_file(server, certificates, monkeypatch):
    monkeypatch.setenv("ISC_SSLconfigurations", str(certificates.python_settings()))
    assert log_in(server, sslconfig="checked")["tls_version"] == "TLSv1.3"
    refused(server, "08S01", "TLS", "unknown CA", sslconfig="unknown")


def test_mutual_tls(mutual, certificates):
    with_ca = {"tls_mode": "verify-full", "tls_ca_file": certificates.path("ca.pem")}
    own = {"tls_cert_file": certificates.path("client.pem"), "tls_key_file": certificates.path("client.key")}
    assert log_in(mutual, **with_ca, **own)["tls_version"] == "TLSv1.3"
    with pytest.raises(irislink.OperationalError):
        log_in(mutual, **with_ca)
    locked = certificates.path("locked-here.key")
    subprocess.run(
        ["openssl", "pkey", "-in", own["tls_key_file"], "-out", locked, "-aes256", "-passout", "pass:open-sesame"], check=True, timeout=30, capture_output=True
    )
    asked = []
    own["tls_key_file"] = locked
    log_in(mutual, **with_ca, **own, key_password=lambda: asked.append(1) or "open-sesame")
    assert asked == [1]
    log_in(mutual, **with_ca, **own, key_password="open-sesame")
    with pytest.raises(irislink.Error) as caught:
        log_in(mutual, **with_ca, **own, key_password=lambda: "canary-wrong")
    assert "canary-wrong" not in str(caught.value)


def test_two_factor(server):
    log_in(server, user="by_text", two_factor=server.code("by_text"))
    asked = []
    log_in(server, user="by_callable", two_factor=lambda: asked.append(1) or server.code("by_callable"))
    assert asked == [1]
    log_in(server, user="by_command", two_factor_command=f"oathtool --totp -b {server.keys['by_command']}")
    wrong = "000000" if server.code("wrong") != "000000" else "111111"
    refused(server, "28000", "second factor", user="wrong", two_factor=lambda: wrong)
    refused(server, "28000", "second factor", user="by_text", two_factor=server.code("by_text"))  # used already
    # Without a second factor nobody is asked.
    log_in(server, two_factor=lambda: 1 / 0)


def test_two_factor_after_connecting(server):
    with irislink.connect(host="localhost", port=server.port, user="later", password=PASSWORD) as db:
        assert db.two_factor_required() is True
        with pytest.raises(irislink.OperationalError) as caught:
            db.execute("select 1")
        assert caught.value.sqlstate == "28000"
        db.send_two_factor(server.code("later"))
        assert db.execute("select 1").fetchone() == (1,)


def test_what_a_callable_raises_is_what_connect_raises(server):
    with pytest.raises(LookupError, match="no phone at hand"):
        log_in(server, user="raises", two_factor=lambda: (_ for _ in ()).throw(LookupError("no phone at hand")))
    with pytest.raises(TypeError, match="two_factor must give a str"):
        log_in(server, user="odd", two_factor=lambda: 123456)


def test_access_token(server, certificates, tmp_path):
    token = server.issuer.token("demo")
    secure = {"tls_mode": "verify-full", "tls_ca_file": certificates.path("ca.pem"), "user": None, "password": None}
    log_in(server, access_token=token, **secure)
    asked = []
    log_in(server, access_token=lambda: asked.append(1) or server.issuer.token("demo"), **secure)
    assert asked == [1]
    (tmp_path / "token").write_text(token + "\n")
    log_in(server, access_token_file=tmp_path / "token", **secure)
    expired = server.issuer.token("demo", exp=1)
    assert expired not in str(refused(server, "28000", "login", access_token=expired, **secure))
    with pytest.raises(OSError, match="identity provider"):
        log_in(server, access_token=lambda: (_ for _ in ()).throw(OSError("identity provider")), **secure)


def test_access_tokens_for_asyncio(server, certificates):
    secure = {"tls_mode": "verify-full", "tls_ca_file": certificates.path("ca.pem"), "host": "localhost", "port": server.port}
    asked = []

    async def token():
        await asyncio.sleep(0)
        asked.append(1)
        return server.issuer.token("demo")

    async def work():
        async with aio.connect(access_token=token, **secure) as db:
            assert await (await db.execute("select 1")).fetchone() == (1,)
        async with aio.create_pool(access_token=token, min_size=2, max_size=3, **secure) as pool:
            held = [await pool.acquire() for _ in range(3)]
            for each in held:
                assert await (await each.execute("select 1")).fetchone() == (1,)
                assert each.info["tls_version"] == "TLSv1.3"
        assert len(asked) == 4, "a fresh one for every login"

    asyncio.run(asyncio.wait_for(work(), 60))


def test_kerberos(sealed, realm, monkeypatch):
    monkeypatch.setenv("KRB5_CONFIG", realm.settings["KRB5_CONFIG"])
    cache = f"FILE:{realm.path('tickets-carol')}"
    own = {"user": None, "password": None}
    for level in (2, 3):
        info = log_in(sealed, security_level=level, kerberos_ccache=cache, **own)
        assert info["kerberos_principal"] == "carol@INTEROP.TEST" and info["kerberos_service"].startswith("iris/localhost")
    refused(sealed, "08S01", "Kerberos", security_level=1, kerberos_ccache=cache, **own)
    refused(sealed, "08S01", "Kerberos", "No Kerberos credentials", security_level=3, kerberos_ccache=f"FILE:{realm.path('nothing-here')}", **own)
    log_in(sealed, user="carol", password="carol", security_level=3, kerberos_credentials="password")
    refused(sealed, "28000", "Kerberos", user="carol", password="wrong", security_level=3, kerberos_credentials="password")
    asked = []
    log_in(sealed, security_level=3, kerberos_credentials="password", kerberos=lambda: asked.append(1) or ("carol", "carol"), **own)
    assert asked == [1]
    log_in(sealed, security_level=3, kerberos_credentials="password", kerberos=lambda: cache, **own)
    with pytest.raises(KeyError, match="nobody there"):
        log_in(sealed, security_level=3, kerberos_credentials="password", kerberos=lambda: {}["nobody there"], **own)
    keytab = realm.path("carol.keytab")
    realm.run("kadmin.local", "-r", "INTEROP.TEST", "-q", f"ktadd -norandkey -k {keytab} carol")
    log_in(sealed, security_level=2, kerberos_keytab=keytab, kerberos_principal="carol", **own)


def test_kerberos_for_asyncio(sealed, realm, monkeypatch):
    monkeypatch.setenv("KRB5_CONFIG", realm.settings["KRB5_CONFIG"])
    own = {"host": "localhost", "port": sealed.port, "security_level": 3, "kerberos_credentials": "password"}
    asked = []

    def at_once():
        asked.append(1)
        return "carol", "carol"

    async def later():
        await asyncio.sleep(0.05)
        return at_once()

    async def nobody():
        await asyncio.sleep(0)
        return {}["nobody there"]

    async def never():
        asked.append(1)
        await asyncio.sleep(60)

    async def work():
        for give in (at_once, later):
            async with aio.connect(kerberos=give, **own) as db:
                assert await (await db.execute("select 1")).fetchone() == (1,)
                assert db.info["kerberos_principal"] == "carol@INTEROP.TEST"
        assert len(asked) == 2
        with pytest.raises(KeyError, match="nobody there"):
            await aio.connect(kerberos=nobody, **own)
        with pytest.raises(TypeError, match="kerberos must give a str"):
            await aio.connect(kerberos=lambda: ("carol", 5), **own)
        with pytest.raises(TypeError, match="kerberos is a callable"):
            await aio.connect(kerberos="carol", **own)
        with pytest.raises(irislink.OperationalError) as caught:
            await aio.connect(kerberos=lambda: ("carol", "wrong"), **own)
        assert (caught.value.sqlstate, caught.value.step) == ("28000", "Kerberos")
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(aio.connect(kerberos=never, **own), 0.5)
        assert len(asked) == 3
        # One ticket is enough for a pool.
        async with aio.create_pool(kerberos=later, min_size=2, max_size=3, **own) as pool:
            held = [await pool.acquire() for _ in range(3)]
            for each in held:
                assert await (await each.execute("select 1")).fetchone() == (1,)
        assert len(asked) == 4

    asyncio.run(asyncio.wait_for(work(), 60))
