"""The vendor's JDBC driver, unmodified, at security levels 1 to 3, with a real KDC and the login configuration file that the vendor's
own tool writes."""

import contextlib

import pytest
from factors import totp
from support import ALL_WORKED, JDBC_VERSIONS, Peer, clean_environment, jdbc_command, refused

SERVICE = "iris/localhost"


@pytest.fixture(scope="module", params=JDBC_VERSIONS)
def peer(request, tmp_path_factory, realm):
    command = jdbc_command(request.param, "JdbcLevels", f"-Djava.security.krb5.conf={realm.path('krb5.conf')}")
    environment = clean_environment(KRB5CCNAME=str(realm.path("tickets-carol")))
    errors = tmp_path_factory.mktemp("client") / "errors"
    with contextlib.closing(Peer(command, errors, environment, request.param)) as client:
        yield client


@pytest.fixture
def ask(peer, realm):
    # The first is what com.intersystems.jgss.Configure writes, to the letter.
    options = {
        "tickets": "useTicketCache=true",
        "password": "useTicketCache=false",
        "none": f'useTicketCache=true doNotPrompt=true ticketCache="{realm.path("no-tickets")}"',
    }
    for user in ("mallory", peer.version):
        options[user] = f'useTicketCache=true doNotPrompt=true ticketCache="{realm.path("tickets-" + user)}"'

    def run(server, level, login="tickets", service=SERVICE, **more):
        case = {"@port": server.port, "@jaas": realm.login_configuration(login, options[login])}
        case |= {"connection security level": level, "service principal name": service} | more
        return peer.ask({key: value for key, value in case.items() if value is not None})

    return run


@pytest.mark.parametrize("level", [1, 2, 3])
def test_everything_works_with_a_ticket(ask, kerberos_servers, level):
    assert ask(kerberos_servers.open, level, **{"@work": "all"}) == ALL_WORKED | {"user": "carol"}


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_realms_password_gets_a_ticket(ask, kerberos_servers, level):
    facts = ask(kerberos_servers.open, level, "password", user="carol", password="carol")
    assert facts == {"login": "ok", "user": "carol"}
    # The account's own password is not the realm's.
    refused(ask(kerberos_servers.open, level, "password", user="carol", password="NotTheRealms1"))


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_principal_without_account_is_denied(ask, kerberos_servers, level):
    assert "Access Denied" in refused(ask(kerberos_servers.open, level, "mallory"))


def test_without_a_ticket_nothing_goes(ask, kerberos_servers):
    for level in (1, 2, 3):
        assert "LoginException" in refused(ask(kerberos_servers.open, level, "none"))


def test_the_ticket_counts_and_not_the_name_beside_it(ask, kerberos_servers):
    facts = ask(kerberos_servers.open, 3, user="demo", password="DemoPass1")
    assert facts == {"login": "ok", "user": "carol"}


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_statement_is_cancelled_over_a_second_context(ask, kerberos_servers, level):
    server = kerberos_servers.sealed if level == 3 else kerberos_servers.open
    facts = ask(server, level, **{"@work": "cancel"})
    assert facts.pop("endless").startswith("456 ")
    assert facts == {"login": "ok", "user": "carol", "after": "42"}


def test_second_factor(ask, peer, kerberos_servers):
    key = kerberos_servers.totp[peer.version]
    facts = ask(kerberos_servers.open, 3, peer.version, **{"@code": "nonono"})
    assert (facts["login"], facts["enabled"]) == ("ok", "true")
    assert facts["code"].startswith("417 ") and "Access Denied" in facts["code"]
    facts = ask(kerberos_servers.open, 3, peer.version, **{"@code": totp(key)})
    assert facts == {"login": "ok", "enabled": "true", "code": "ok", "user": peer.version}


def test_the_service_must_be_named_and_known(ask, kerberos_servers):
    assert "No Service Principal Name" in refused(ask(kerberos_servers.open, 3, service=None))
    assert "Server not found in Kerberos database" in refused(ask(kerberos_servers.open, 3, service="iris/elsewhere.example"))


def test_a_level_below_the_servers_is_refused(ask, kerberos_servers):
    for level in (1, 2):
        with kerberos_servers.sealed.saying(f"Kerberos level {level} is not accepted"):
            refused(ask(kerberos_servers.sealed, level))
    assert ask(kerberos_servers.sealed, 3) == {"login": "ok", "user": "carol"}


def test_kerberos_is_refused_where_it_is_off(ask, sandbox, tls_servers):
    for server in (sandbox, tls_servers.mutual):
        with server.saying("Kerberos level 3 is not accepted"):
            refused(ask(server, 3))
