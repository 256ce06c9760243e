"""Servers for every way to log in: certificates, a KDC and sandboxes are those of tests/interop."""

import types

import pytest
from factors import TokenIssuer, totp
from support import Sandbox
from world import Certificates, Realm


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def realm(tmp_path_factory):
    with Realm(tmp_path_factory.mktemp("realm"), ["carol"]).running() as made:
        yield made


@pytest.fixture(scope="module")
def server(tmp_path_factory, certificates):
    """Clear text, TLS, one-time codes and access tokens; demo has no second factor, each of `keys` has one."""
    folder = tmp_path_factory.mktemp("open")
    issuer = TokenIssuer(folder)
    names = ["by_text", "by_callable", "by_command", "wrong", "raises", "odd", "later", "late_async"]
    sections = certificates.tls_section("server", 'mode = "enabled"\n') + "\n[two_factor]\ntotp = true\n" + issuer.section()
    made = Sandbox(folder / "server", sections, {"demo": "DemoPass1"} | dict.fromkeys(names, "DemoPass1"))
    keys = {each: made.totp(each) for each in names}
    with made.running():
        yield types.SimpleNamespace(port=made.port, keys=keys, issuer=issuer, code=lambda name: totp(keys[name]))


@pytest.fixture(scope="module")
def mutual(tmp_path_factory, certificates):
    more = f'mode = "required"\nclient_certificate = "require"\nca_file = "{certificates.path("ca.pem")}"\n'
    with Sandbox(tmp_path_factory.mktemp("mutual"), certificates.tls_section("server", more), {"demo": "DemoPass1"}).running() as made:
        yield made


@pytest.fixture(scope="module")
def sealed(tmp_path_factory, realm):
    """Kerberos alone, from level 2 on, for carol."""
    section = realm.section("instance_levels = [2, 3]\n")
    with Sandbox(tmp_path_factory.mktemp("sealed"), section, {"carol": "NotTheRealms1"}, realm.settings).running() as made:
        yield made
