"""The vendor's JDBC driver, unmodified, at security level 10, configured as its documentation says: SSLConfig.properties and key stores."""

import contextlib

import pytest
from factors import totp
from support import ALL_WORKED, JDBC_VERSIONS, Peer, clean_environment, jdbc_command, refused
from world import KEY_PASSWORD


@pytest.fixture(scope="module", params=JDBC_VERSIONS)
def peer(request, tmp_path_factory, certificates):
    settings = certificates.java_stores()
    command = jdbc_command(request.param, "JdbcLevels", f"-Dcom.intersystems.SSLConfigFile={settings}")
    errors = tmp_path_factory.mktemp("client") / "errors"
    with contextlib.closing(Peer(command, errors, clean_environment(), request.param)) as client:
        yield client


@pytest.fixture
def ask(peer):
    def run(server, configuration="trusted", **more):
        case = {"@port": server.port, "user": "demo", "password": "DemoPass1"}
        if configuration:
            case |= {"connection security level": "10", "SSL configuration name": configuration}
        return peer.ask({key: value for key, value in (case | more).items() if value is not None})

    return run


def test_everything_works_over_tls_1_3(ask, tls_servers):
    assert ask(tls_servers.open, **{"@work": "all"}) == ALL_WORKED | {"user": "demo"}


def test_everything_works_over_tls_1_2(ask, tls_servers):
    assert ask(tls_servers.open, "older", **{"@work": "all"}) == ALL_WORKED | {"user": "demo"}


def test_the_url_can_ask_for_tls(ask, tls_servers):
    named = {"@url": "/:::true", "SSL configuration name": "mutual"}
    assert ask(tls_servers.mutual, "", **named) == {"login": "ok", "user": "demo"}


def test_a_statement_is_cancelled_over_a_second_protected_line(ask, tls_servers):
    facts = ask(tls_servers.mutual, "mutual", **{"@work": "cancel"})
    assert facts.pop("endless").startswith("456 ")
    assert facts == {"login": "ok", "user": "demo", "after": "42"}


def test_a_wrong_password_is_refused(ask, tls_servers):
    assert "Access Denied" in refused(ask(tls_servers.open, password="wrong"))


def test_an_authority_that_is_not_trusted_is_refused_by_the_client(ask, tls_servers):
    # The driver keeps the reason to itself ("Socket is closed"); its alert to the server says it.
    with tls_servers.open.saying("certificate unknown"):
        refused(ask(tls_servers.open, "unknown"))


def test_the_hosts_name_is_checked_when_the_settings_say_so(ask, tls_servers):
    assert ask(tls_servers.open, "checked") == {"login": "ok", "user": "demo"}
    assert "hostname" in refused(ask(tls_servers.elsewhere, "checked"))
    # Its default is not to look: whoever has any certificate of the authority may stand in for the server.
    assert ask(tls_servers.elsewhere) == {"login": "ok", "user": "demo"}


def test_mutual(ask, tls_servers):
    assert ask(tls_servers.mutual, "mutual", **{"@work": "all"}) == ALL_WORKED | {"user": "demo"}


def test_the_password_of_a_key_comes_with_the_connection(ask, tls_servers):
    named = {"key recovery password": KEY_PASSWORD}
    assert ask(tls_servers.mutual, "locked", **named) == {"login": "ok", "user": "demo"}
    for wrong in ({}, {"key recovery password": "wrong"}):
        refused(ask(tls_servers.mutual, "locked", **wrong))


def test_mutual_without_a_certificate_or_with_a_strangers_is_refused(ask, tls_servers):
    # Java sends no certificate whose authority the server did not name.
    for configuration in ("trusted", "stranger"):
        with tls_servers.mutual.saying("peer did not return a certificate"):
            refused(ask(tls_servers.mutual, configuration))
    assert "Access Denied" in refused(ask(tls_servers.mutual, "mutual", password="wrong"))


def test_where_tls_is_required_clear_text_is_refused_in_words(ask, tls_servers):
    assert "TLS is required" in refused(ask(tls_servers.mutual, ""))


def test_where_tls_is_off_the_client_is_refused(ask, sandbox):
    with sandbox.saying("TLS is disabled"):
        refused(ask(sandbox))


def test_second_factor(ask, peer, tls_servers):
    key = tls_servers.totp[peer.version]
    facts = ask(tls_servers.open, user=peer.version, **{"@code": "nonono"})
    assert (facts["login"], facts["enabled"]) == ("ok", "true")
    assert facts["code"].startswith("417 ") and "Access Denied" in facts["code"]
    facts = ask(tls_servers.open, user=peer.version, **{"@code": totp(key), "@work": "all"})
    assert facts == ALL_WORKED | {"enabled": "true", "code": "ok", "user": peer.version}
    assert ask(tls_servers.open, user=peer.version, **{"@code": totp(key, -1)})["code"].startswith("417 ")


def test_access_token(ask, peer, tls_servers):
    nobody = {"user": None, "password": None}
    token = tls_servers.issuer.token("demo")
    if peer.version == "jdbc-oldest":
        # Old versions know no tokens: the property is passed over, and nobody is no user.
        assert "Access Denied" in refused(ask(tls_servers.open, AccessToken=token, **nobody))
        return
    assert ask(tls_servers.open, AccessToken=token, **{"@work": "all"}, **nobody) == ALL_WORKED | {"user": "demo"}
    assert "Access Denied" in refused(ask(tls_servers.open, AccessToken=token[:-4], **nobody))
