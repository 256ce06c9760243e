"""Two-factor login and access tokens with the vendor's JDBC driver, unmodified."""

import re
import subprocess
import time

import pytest
from factors import TokenIssuer, totp
from support import JDBC_VERSIONS, Sandbox, facts_of, jdbc_command


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """alice has a TOTP key, bob a phone whose messages codes() reads, plain neither."""
    folder = tmp_path_factory.mktemp("factor")
    issuer = TokenIssuer(folder)
    outbox = folder / "outbox"
    sections = f'\n[two_factor]\ntotp = true\nsms = true\noutbox = "{outbox}"\n' + issuer.section()
    made = Sandbox(folder, sections, dict.fromkeys(("plain", "alice", "bob"), "Secret1"))
    made.key = made.totp("alice")
    made.command("user", "sms", "bob", "--phone", "5550100", "--provider", "Verizon")
    made.codes = lambda: [re.search(r"code: (\d{6})", each.read_text()).group(1) for each in sorted(outbox.glob("*.eml"))]
    made.token = lambda subject="plain", **changes: issuer.token(subject, **changes)
    with made.running():
        yield made


@pytest.fixture(scope="module", params=JDBC_VERSIONS)
def client(request, server):
    command = [*jdbc_command(request.param, "JdbcFactor"), str(server.port)]

    def run(*arguments):
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return facts_of(done.stdout)

    def talk(*arguments, code):
        """Gives the code when the driver has said that one is due."""
        with subprocess.Popen([*command, *arguments, "?"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout.readline() == "login=ok\n"
            assert process.stdout.readline() == "enabled=true\n"
            rest, _ = process.communicate(code() + "\n", timeout=60)
        return facts_of(rest)

    run.talk = talk
    run.newest = request.param == "jdbc-newest"
    return run


def test_totp_is_asked_for_and_accepted_once(client, server):
    # Codes work once: the other version of the driver may have used the one of this step.
    deadline = time.time() + 70
    while (facts := client("alice", "Secret1", totp(server.key)))["code"] != "ok" and time.time() < deadline:
        time.sleep(5)
    assert facts == {"login": "ok", "enabled": "true", "code": "ok", "query": "42"}
    again = client("alice", "Secret1", totp(server.key, -1))
    assert again["code"].startswith("417 ") and "Access Denied" in again["code"]


def test_a_wrong_code_is_refused_with_the_servers_text(client):
    facts = client("alice", "Secret1", "nonono")
    assert facts["enabled"] == "true"
    assert facts["code"].startswith("417 ") and "Access Denied" in facts["code"]


def test_without_a_code_nothing_runs(client):
    facts = client("alice", "Secret1")
    assert facts["login"] == "ok"
    assert facts["query"].startswith("417 ") and "Access Denied" in facts["query"]


def test_who_has_no_second_factor_is_told_so(client):
    assert client("plain", "Secret1", "000000") == {"login": "ok", "enabled": "false", "code": "ok", "query": "42"}


def test_the_code_of_a_text_message(client, server):
    before = len(server.codes())
    assert client.talk("bob", "Secret1", code=lambda: server.codes()[-1]) == {"code": "ok", "query": "42"}
    assert len(server.codes()) == before + 1


def test_a_wrong_code_by_text_message(client, server):
    before = len(server.codes())
    facts = client("bob", "Secret1", "nonono")
    assert facts["enabled"] == "true" and facts["code"].startswith("417 ")
    assert len(server.codes()) == before + 1


def test_access_token(client, server):
    if not client.newest:
        # Old versions know no tokens: the property is passed over, and nobody is no user.
        assert client("token", server.token())["login"] != "ok"
        return
    assert client("token", server.token()) == {"login": "ok", "enabled": "false", "query": "42"}
    for bad in (server.token(exp=int(time.time()) - 120), server.token(aud="other"), server.token("nobody"), server.token()[:-4]):
        assert "Access Denied" in client("token", bad)["login"]
