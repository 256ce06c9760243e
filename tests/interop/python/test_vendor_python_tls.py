"""The vendor's Python DB-API, unmodified, over TLS: the settings file that ISC_SSLconfigurations names, a configuration by its name."""

import contextlib
import pathlib

import pytest
from support import ALL_WORKED, PYTHON_VERSIONS, Peer, clean_environment, python_command, refused

CLIENT = pathlib.Path(__file__).with_name("levels.py")


@pytest.fixture(scope="module", params=PYTHON_VERSIONS)
def start(request, tmp_path_factory, certificates):
    environment = clean_environment(ISC_SSLconfigurations=str(certificates.python_settings()))
    return lambda: Peer(python_command(request.param, CLIENT), tmp_path_factory.mktemp("client") / "errors", environment, request.param)


@pytest.fixture(scope="module")
def peer(start):
    with contextlib.closing(start()) as client:
        yield client


def case(server, configuration="trusted", **more):
    given = {"@port": server.port, "username": "demo", "password": "DemoPass1", "sslconfig": configuration} | more
    return {key: value for key, value in given.items() if value is not None}


@pytest.fixture
def ask(peer):
    return lambda *arguments, **more: peer.ask(case(*arguments, **more))


def test_everything_works_over_tls_1_3(ask, tls_servers):
    assert ask(tls_servers.open, **{"@work": "all"}) == ALL_WORKED | {"user": "demo"}


def test_everything_works_over_tls_1_2(ask, tls_servers):
    assert ask(tls_servers.open, "older", **{"@work": "all"}) == ALL_WORKED | {"user": "demo"}


def test_a_wrong_password_is_refused(ask, tls_servers):
    assert "Access Denied" in refused(ask(tls_servers.open, password="wrong"))


def test_an_authority_that_is_not_trusted_is_refused_by_the_client(ask, tls_servers):
    with tls_servers.open.saying("unknown ca"):
        assert "certificate verify failed" in refused(ask(tls_servers.open, "unknown"))


def test_the_hosts_name_is_checked_when_the_settings_say_so(ask, tls_servers):
    assert ask(tls_servers.open, "checked") == {"login": "ok", "user": "demo"}
    refused(ask(tls_servers.elsewhere, "checked"))
    # Its default is not to look: whoever has any certificate of the authority may stand in for the server.
    assert ask(tls_servers.elsewhere) == {"login": "ok", "user": "demo"}


def test_mutual(ask, tls_servers):
    assert ask(tls_servers.mutual, "mutual", **{"@work": "all"}) == ALL_WORKED | {"user": "demo"}


def test_a_key_that_has_a_password(ask, tls_servers):
    assert ask(tls_servers.mutual, "locked") == {"login": "ok", "user": "demo"}


def test_mutual_without_a_certificate_or_with_a_strangers_is_refused(ask, tls_servers):
    assert "certificate required" in refused(ask(tls_servers.mutual))
    with tls_servers.mutual.saying("certificate verify failed"):
        assert "unknown ca" in refused(ask(tls_servers.mutual, "stranger"))
    assert "Access Denied" in refused(ask(tls_servers.mutual, "mutual", password="wrong"))


def test_where_tls_is_required_clear_text_is_refused(ask, tls_servers):
    # The client does not look at the status of the answer and says that the message is malformed.
    with tls_servers.mutual.saying("TLS is required"):
        refused(ask(tls_servers.mutual, None))


def test_where_tls_is_off_the_client_is_refused(ask, sandbox):
    with sandbox.saying("TLS is disabled"):
        assert "handshake failure" in refused(ask(sandbox))


def test_who_has_a_second_factor_gets_nothing(ask, peer, tls_servers):
    # The client has no call for one: it goes on to a statement.
    with tls_servers.open.saying("no two-factor code came before PP"):
        facts = ask(tls_servers.open, username=peer.version)
    assert facts.pop("login") == "ok"
    assert "Access Denied" in refused(facts)
    assert "Access Denied" in refused(ask(tls_servers.open, username=peer.version, password="wrong"))


def test_access_token(ask, tls_servers):
    nobody = {"username": None, "password": None}
    token = tls_servers.issuer.token("demo")
    assert ask(tls_servers.open, accessToken=token, **{"@work": "all"}, **nobody) == ALL_WORKED | {"user": "demo"}
    assert "Access Denied" in refused(ask(tls_servers.open, accessToken=token[:-4], **nobody))


def test_a_configuration_that_does_not_exist_is_never_clear_text(start, tls_servers):
    # In a process of its own: the client then closes descriptor 0, which is not its own.
    with contextlib.closing(start()) as client:
        assert 'Could not read SSL configuration "absent"' in refused(client.ask(case(tls_servers.open, "absent")))
