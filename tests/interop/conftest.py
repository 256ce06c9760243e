"""The servers that the tests share, each started once."""

import contextlib
import types

import pytest
from factors import TokenIssuer
from support import JDBC_VERSIONS, PYTHON_VERSIONS, Sandbox
from world import Certificates, Realm


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory):
    """Clear text alone, with the user demo / DemoPass1."""
    with Sandbox(tmp_path_factory.mktemp("sandbox"), "", {"demo": "DemoPass1"}).running() as server:
        yield server


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def realm(tmp_path_factory):
    """carol is a user of the sandboxes, mallory is not, and every version of the JDBC driver is one with a second factor."""
    with Realm(tmp_path_factory.mktemp("realm"), ["carol", "mallory", *JDBC_VERSIONS]).running() as made:
        yield made


@contextlib.contextmanager
def all_running(**sandboxes):
    with contextlib.ExitStack() as stack:
        yield types.SimpleNamespace(**{name: stack.enter_context(each.running()) for name, each in sandboxes.items()})


@pytest.fixture(scope="session")
def tls_servers(tmp_path_factory, certificates):
    """`open` has clear text, one-time codes and access tokens beside TLS, `mutual` wants TLS and a client certificate, `elsewhere` has
    the certificate of another host. The user is demo / DemoPass1; every version of a client has one of its own with a second factor,
    called after it, with keys in `totp`; `issuer` makes tokens."""
    folder = tmp_path_factory.mktemp("tls")
    issuer = TokenIssuer(folder)
    versions = JDBC_VERSIONS + PYTHON_VERSIONS
    users = {"demo": "DemoPass1"}
    enabled = 'mode = "enabled"\n'
    required = f'mode = "required"\nclient_certificate = "require"\nca_file = "{certificates.path("ca.pem")}"\n'
    sections = certificates.tls_section("server", enabled) + "\n[two_factor]\ntotp = true\n" + issuer.section()
    opened = Sandbox(folder / "open", sections, users | dict.fromkeys(versions, "DemoPass1"))
    keys = {each: opened.totp(each) for each in versions}
    mutual = Sandbox(folder / "mutual", certificates.tls_section("server", required), users)
    elsewhere = Sandbox(folder / "elsewhere", certificates.tls_section("elsewhere", enabled), users)
    with all_running(open=opened, mutual=mutual, elsewhere=elsewhere) as made:
        made.totp, made.issuer = keys, issuer
        yield made


@pytest.fixture(scope="session")
def kerberos_servers(tmp_path_factory, realm):
    """`open` takes every level and clear text, `sealed` Kerberos from level 3 on. The user is carol; `totp` has the keys of those with a
    second factor, which `open` asks for."""
    folder = tmp_path_factory.mktemp("kerberos")
    users = {"carol": "NotTheRealms1", "demo": "DemoPass1"}
    factor = "\n[two_factor]\ntotp = true\n"
    opened = Sandbox(folder / "open", realm.section() + factor, users | dict.fromkeys(JDBC_VERSIONS, "NotTheRealms1"), realm.settings)
    keys = {each: opened.totp(each) for each in JDBC_VERSIONS}
    sealed = Sandbox(folder / "sealed", realm.section("instance_levels = [3]\n"), users, realm.settings)
    with all_running(open=opened, sealed=sealed) as made:
        made.totp = keys
        yield made
