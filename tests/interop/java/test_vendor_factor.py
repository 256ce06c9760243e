"""Two-factor login and access tokens with the vendor's JDBC driver, unmodified."""

import base64
import hashlib
import hmac
import json
import re
import struct
import subprocess
import time

import pytest

from conftest import WORK, sandbox_program, unreachable

VERSIONS = ["jdbc-newest"] + (["jdbc-oldest"] if (WORK / "jdbc-oldest.jar").exists() else [])


def totp(key: str, offset: int = 0) -> str:
    digest = hmac.new(base64.b32decode(key), struct.pack(">q", int(time.time()) // 30 + offset), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Server:
    def __init__(self, port, folder, key):
        self.port, self.folder, self.key = port, folder, key

    def token(self, **changes) -> str:
        claims = {"iss": "https://id.example", "aud": "iris", "sub": "plain", "exp": int(time.time()) + 300} | changes
        text = encoded(json.dumps({"alg": "RS256", "typ": "JWT"}).encode()) + "." + encoded(json.dumps(claims).encode())
        signature = subprocess.run(
            ["openssl", "dgst", "-sha256", "-sign", self.folder / "key.pem"], input=text.encode(), capture_output=True, check=True
        ).stdout
        return text + "." + encoded(signature)

    def codes(self):
        return [re.search(r"code: (\d{6})", each.read_text()).group(1) for each in sorted((self.folder / "outbox").glob("*.eml"))]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    program = sandbox_program()
    folder = tmp_path_factory.mktemp("factor")
    config = folder / "sandbox.toml"
    subprocess.run(["openssl", "genrsa", "-out", folder / "key.pem", "2048"], check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", folder / "key.pem", "-pubout", "-out", folder / "public.pem"], check=True)
    subprocess.run([program, "init", "--config", config], check=True)
    with open(config, "a") as out:
        out.write(
            f'\n[two_factor]\ntotp = true\nsms = true\noutbox = "{folder}/outbox"\n'
            f'\n[access_tokens]\nissuer = "https://id.example"\naudience = "iris"\npublic_keys = ["{folder}/public.pem"]\n'
        )
    for user in ("plain", "alice", "bob"):
        subprocess.run([program, "user", "add", user, "--password-stdin", "--config", config], input="Secret1", text=True, check=True)
    made = subprocess.run([program, "user", "totp", "alice", "--config", config], capture_output=True, text=True, check=True).stdout
    phone = ["--phone", "5550100", "--provider", "Verizon"]
    subprocess.run([program, "user", "sms", "bob", "--config", config, *phone], check=True)
    with open(folder / "log", "w") as log:
        process = subprocess.Popen([program, "--config", config, "--port", "0"], stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            port = int(re.fullmatch(r"listening 127\.0\.0\.1:(\d+)\n", process.stdout.readline()).group(1))
            yield Server(port, folder, re.search(r"^key (\w+)$", made, re.M).group(1))
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture(scope="module", params=VERSIONS)
def client(request, server):
    jar = WORK / f"{request.param}.jar"
    if not jar.exists():
        assert unreachable("Maven Central")
        pytest.skip("the registry Maven Central could not be reached")

    def run(*arguments):
        done = subprocess.run(
            ["java", "-cp", f"{WORK / 'classes'}:{jar}", "JdbcFactor", str(server.port), *arguments],
            capture_output=True, text=True, timeout=60,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)

    def talk(*arguments, code):
        """Gives the code when the driver has said that one is due."""
        command = ["java", "-cp", f"{WORK / 'classes'}:{jar}", "JdbcFactor", str(server.port), *arguments, "?"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout.readline() == "login=ok\n"
            assert process.stdout.readline() == "enabled=true\n"
            rest, _ = process.communicate(code() + "\n", timeout=60)
        return dict(line.split("=", 1) for line in rest.splitlines() if "=" in line)

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
    for bad in (server.token(exp=int(time.time()) - 120), server.token(aud="other"), server.token(sub="nobody"), server.token()[:-4]):
        assert "Access Denied" in client("token", bad)["login"]
