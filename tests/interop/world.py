"""Certificates, a KDC and sandboxes for every security level, all made in a temporary folder by the run that uses them."""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import time

from support import clean_environment

REALM = "INTEROP.TEST"
STORE_PASSWORD = "changeit"
KEY_PASSWORD = "changed-it"


def quietly(*command, **options) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, **options)
    assert done.returncode == 0, f"{command}: {done.stdout}"
    return done.stdout


class Certificates:
    """Two authorities that know nothing of each other; PEM for servers and Python, key stores for Java."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.path("openssl.cnf").write_text(
            "[req]\ndistinguished_name = name\n[name]\n"
            "[authority]\nbasicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign,cRLSign\nsubjectKeyIdentifier = hash\n"
            "[server]\nbasicConstraints = critical,CA:FALSE\nextendedKeyUsage = serverAuth\nsubjectAltName = DNS:localhost,IP:127.0.0.1\n"
            "[elsewhere]\nbasicConstraints = critical,CA:FALSE\nextendedKeyUsage = serverAuth\nsubjectAltName = DNS:elsewhere.example\n"
            "[client]\nbasicConstraints = critical,CA:FALSE\nextendedKeyUsage = clientAuth\n"
        )
        elliptic = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        self.make("ca", "authority", "", elliptic)
        self.make("other-ca", "authority", "", elliptic)
        # Unless told to, the vendor's Java driver offers TLS 1.2 suites for RSA alone, and its old versions nothing else.
        self.make("server", "server", "ca", ["-newkey", "rsa:2048"])
        self.make("elsewhere", "elsewhere", "ca", ["-newkey", "rsa:2048"])
        self.make("client", "client", "ca", elliptic)
        self.make("stranger", "client", "other-ca", elliptic)

    def path(self, name: str) -> pathlib.Path:
        return self.folder / name

    def make(self, name: str, kind: str, issuer: str, key: list):
        command = ["openssl", "req", "-x509", "-config", self.path("openssl.cnf"), "-extensions", kind, *key, "-nodes", "-days", "2"]
        command += ["-subj", f"/CN={name}", "-keyout", self.path(f"{name}.key"), "-out", self.path(f"{name}.pem")]
        if issuer:
            command += ["-CA", self.path(f"{issuer}.pem"), "-CAkey", self.path(f"{issuer}.key")]
        quietly(*command)

    def tls_section(self, name: str, more: str = "") -> str:
        return f'\n[tls]\ncertificate = "{self.path(name + ".pem")}"\nkey = "{self.path(name + ".key")}"\n{more}'

    def java_stores(self):
        """The stores, and the driver's settings file over them: its path. Names of configurations: trusted, older, checked, mutual, locked
        (as mutual, without the password of the key), stranger, unknown."""
        for name in ("ca", "other-ca"):
            quietly(
                "keytool",
                "-importcert",
                "-noprompt",
                "-alias",
                "ca",
                "-file",
                self.path(f"{name}.pem"),
                "-storetype",
                "JKS",
                "-keystore",
                self.path(f"{name}.jks"),
                "-storepass",
                STORE_PASSWORD,
            )
        for name in ("client", "stranger"):
            quietly(
                "openssl",
                "pkcs12",
                "-export",
                "-in",
                self.path(f"{name}.pem"),
                "-inkey",
                self.path(f"{name}.key"),
                "-name",
                name,
                "-out",
                self.path(f"{name}.p12"),
                "-passout",
                f"pass:{STORE_PASSWORD}",
            )
        # The older format alone can have a password for a key that is not the store's.
        quietly(
            "keytool",
            "-importkeystore",
            "-noprompt",
            "-alias",
            "client",
            "-srckeystore",
            self.path("client.p12"),
            "-srcstorepass",
            STORE_PASSWORD,
            "-destkeystore",
            self.path("client.jks"),
            "-deststoretype",
            "JKS",
            "-deststorepass",
            STORE_PASSWORD,
            "-destkeypass",
            KEY_PASSWORD,
        )
        store = {"keyStoreType": "PKCS12", "keyStorePassword": STORE_PASSWORD, "keyRecoveryPassword": STORE_PASSWORD}
        own = {
            "trusted": {},
            "older": {"protocol": "TLSv1.2"},
            "checked": {"serverHostNameVerification": "true"},
            "mutual": {"keyStore": self.path("client.p12"), **store},
            "stranger": {"keyStore": self.path("stranger.p12"), **store},
            "locked": {"keyStore": self.path("client.jks"), "keyStorePassword": STORE_PASSWORD},
            "unknown": {"trustStore": self.path("other-ca.jks")},
        }
        lines = [f"protocol=TLS\ntrustStore={self.path('ca.jks')}\ntrustStoreType=JKS\ntrustStorePassword={STORE_PASSWORD}"]
        for number, (name, settings) in enumerate(own.items(), 1):
            lines.append(f"name.{number}={name}")
            lines += [f"{key}.{number}={value}" for key, value in settings.items()]
        file = self.path("SSLConfig.properties")
        file.write_text("\n".join(lines) + "\n")
        return file

    def python_settings(self) -> pathlib.Path:
        """The settings file that ISC_SSLconfigurations names. Names of configurations: as those of Java; locked has
        the password."""
        keys = ["-in", self.path("client.key"), "-out", self.path("locked.key")]
        quietly("openssl", "pkey", *keys, "-aes256", "-passout", f"pass:{KEY_PASSWORD}")
        settings = {
            "trusted": [],
            "older": [],
            "unknown": [],
            "checked": ["VerifyHost=1"],
            "mutual": self.pair("client"),
            "stranger": self.pair("stranger"),
            "locked": [*self.pair("client", "locked"), f"Password={KEY_PASSWORD}"],
        }
        text = ""
        for name, own in settings.items():
            authority = self.path("other-ca.pem" if name == "unknown" else "ca.pem")
            highest = 16 if name == "older" else 32
            lines = [f"[{name}]", "TLSMinVersion=16", f"TLSMaxVersion={highest}", "VerifyPeer=1", f"CAfile={authority}", *own]
            text += "\n".join(lines) + "\n\n"
        file = self.path("SSLDefs.ini")
        file.write_text(text)
        return file

    def pair(self, certificate: str, key: str = "") -> list:
        return [f"CertFile={self.path(certificate + '.pem')}", f"KeyFile={self.path((key or certificate) + '.key')}", "KeyType=2"]


class Realm:
    """A KDC on loopback with users whose passwords are their names, the service iris/localhost and its keytab."""

    def __init__(self, folder: pathlib.Path, users: list):
        self.folder, self.users = folder, users
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.path("krb5.conf").write_text(
            f"[libdefaults]\ndefault_realm = {REALM}\ndns_lookup_kdc = false\ndns_lookup_realm = false\nrdns = false\n"
            f"dns_canonicalize_hostname = false\n[realms]\n{REALM} = {{\n kdc = 127.0.0.1:{port}\n}}\n"
        )
        self.path("kdc.conf").write_text(
            f"[kdcdefaults]\nkdc_listen = 127.0.0.1:{port}\nkdc_tcp_listen = 127.0.0.1:{port}\n[realms]\n{REALM} = {{\n"
            f" database_name = {self.path('principal')}\n key_stash_file = {self.path('stash')}\n}}\n"
            f"[logging]\nkdc = FILE:{self.path('log')}\n"
        )
        self.settings = {
            "KRB5_CONFIG": str(self.path("krb5.conf")),
            "KRB5_KDC_PROFILE": str(self.path("kdc.conf")),
            "KRB5RCACHEDIR": str(folder),
        }
        # Where kdb5_util and the KDC live ordinary users do not look.
        self.environment = clean_environment(**self.settings, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")
        self.run("kdb5_util", "-r", REALM, "create", "-s", "-P", "interop")
        requests = [f"addprinc -pw {each} {each}" for each in users] + ["addprinc -randkey iris/localhost"]
        for each in (*requests, f"ktadd -k {self.keytab} iris/localhost"):
            self.run("kadmin.local", "-r", REALM, "-q", each)

    def path(self, name: str) -> pathlib.Path:
        return self.folder / name

    @property
    def keytab(self) -> pathlib.Path:
        return self.path("iris.keytab")

    def run(self, *command, **options):
        return quietly(*command, env=self.environment, **options)

    @contextlib.contextmanager
    def running(self):
        program = shutil.which("krb5kdc", path=self.environment["PATH"])
        with open(self.path("kdc.out"), "w") as log:
            kdc = subprocess.Popen([program, "-n", "-r", REALM], env=self.environment, stdout=log, stderr=log)
        try:
            for user in self.users:
                self.ticket(user)
            yield self
        finally:
            kdc.kill()
            kdc.wait(timeout=20)

    def ticket(self, user: str):
        """Fills the cache of that name; waits for the KDC to come up."""
        for _ in range(50):
            with contextlib.suppress(AssertionError):
                return self.run("kinit", "-c", f"FILE:{self.path('tickets-' + user)}", user, input=f"{user}\n")
            time.sleep(0.1)
        raise RuntimeError("the KDC does not answer: " + self.path("kdc.out").read_text())

    def login_configuration(self, name: str, options: str) -> pathlib.Path:
        """A JAAS file with the entry that the vendor's driver asks for."""
        file = self.path(f"{name}.conf")
        file.write_text(f"com.sun.security.jgss.initiate {{\n  com.sun.security.auth.module.Krb5LoginModule required {options};\n}};\n")
        return file

    def section(self, more: str = "") -> str:
        return f'\n[kerberos]\nkeytab = "{self.keytab}"\n{more}'
