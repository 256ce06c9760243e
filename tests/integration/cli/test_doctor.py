import os
import re
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

from support import CANARY, Peer, Sandbox, SandboxCase, tool


def steps(output):
    return [line for line in output.splitlines() if line and not line.startswith(" ")]


class Healthy(unittest.TestCase):
    def test_every_step_and_no_secret(self):
        sandbox = Sandbox(password=CANARY)
        try:
            done = tool("doctor", sandbox.uri(), "--set", "ApplicationName=mine")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertEqual(
                steps(done.stdout), ["settings", "name resolution", "TCP", "protection", "hello", "login", "second factor", "statement", "all is well"]
            )
            self.assertRegex(done.stdout, r"ApplicationName += mine   \(explicit\)")
            self.assertRegex(done.stdout, r"PWD +.*= \(set\)   \(URI\)")
            self.assertRegex(done.stdout, r"protocol version \d+, flags \d+, locale Unicode")
            verbose = tool("doctor", "-v", sandbox.uri())
            self.assertRegex(verbose.stdout, r"LoginTimeout +.*= 15   \(default\)")
            for text in (done.stdout, done.stderr, verbose.stdout, verbose.stderr):
                self.assertNotIn(CANARY, text)
        finally:
            sandbox.close()


class FromTheEnvironment(unittest.TestCase):
    def test_settings_and_their_origin(self):
        sandbox = Sandbox(password=CANARY)
        try:
            environment = {
                "IRISLINK_HOST": "127.0.0.1",
                "IRISLINK_PORT": str(sandbox.port),
                "IRISLINK_PWD": CANARY,
                "IRISLINK_APPLICATION_NAME": "overruled",
                "IRISLINK_PROT": "1",
            }
            done = tool("doctor", "iris://demo@", "--set", "ApplicationName=mine", env=environment)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertRegex(done.stdout, r"Server += 127\.0\.0\.1   \(environment IRISLINK_HOST\)")
            self.assertRegex(done.stdout, r"PWD += \(set\)   \(environment IRISLINK_PWD\)")
            self.assertRegex(done.stdout, r"ApplicationName += mine   \(explicit\)")
            self.assertRegex(done.stdout, r"IRISLINK_PROT; did you mean IRISLINK_PORT\?")
            for text in (done.stdout, done.stderr):
                self.assertNotIn(CANARY, text)
        finally:
            sandbox.close()

    def test_jdbc_url_as_a_target(self):
        sandbox = Sandbox(password=CANARY)
        try:
            done = tool("sql", f"jdbc:IRIS://127.0.0.1:{sandbox.port}/USER?username=demo&password={CANARY}", "select 42", "--format", "csv")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn("42", done.stdout)
        finally:
            sandbox.close()


def self_signed(folder, name, *options):
    """The paths of a key and of its certificate."""
    key, certificate = (os.path.join(folder, each) for each in ("key", "cert"))
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    subprocess.run([*made, "-subj", f"/CN={name}", *options, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return key, certificate


class OverTls(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.key, self.certificate = self_signed(self.folder.name, "doctor test", "-addext", "subjectAltName=IP:127.0.0.1")
        self.sandbox = Sandbox(sections=f'\n[tls]\nmode = "required"\ncertificate = "{self.certificate}"\nkey = "{self.key}"\n')

    def tearDown(self):
        self.sandbox.close()
        self.folder.cleanup()

    def test_what_was_negotiated_and_checked(self):
        done = tool("doctor", self.sandbox.uri(query=f"?TlsMode=verify-full&TlsCaFile={self.certificate}"))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(steps(done.stdout), ["settings", "name resolution", "TCP", "protection", "TLS", "login", "second factor", "statement", "all is well"])
        self.assertRegex(done.stdout, r"TLSv1\.3, TLS_\w+\n    certificate: CN=doctor test\n    .*certificate is for 127\.0\.0\.1")

    def serve(self, *, names="IP:127.0.0.1", dates=()):
        """Another certificate for the server; `dates` are its first and last moment, in OpenSSL's form."""
        self.sandbox.close()
        request = os.path.join(self.folder.name, "request")
        authority = os.path.join(self.folder.name, "ca.cnf")
        with open(authority, "w", encoding="utf-8") as out:
            out.write(
                f"[ca]\ndefault_ca=c\n[c]\ndatabase={self.folder.name}/index\nnew_certs_dir={self.folder.name}\nrand_serial=yes\ndefault_md=sha256\npolicy=p\nx509_extensions=x\n[p]\ncommonName=supplied\n[x]\nsubjectAltName={names}\nbasicConstraints=critical,CA:true\n"
            )
        open(os.path.join(self.folder.name, "index"), "w").close()
        subprocess.run(["openssl", "req", "-new", "-key", self.key, "-subj", "/CN=doctor test", "-out", request], check=True, capture_output=True)
        made = ["openssl", "ca", "-batch", "-selfsign", "-config", authority, "-keyfile", self.key, "-in", request, "-out", self.certificate, "-notext"]
        subprocess.run(made + (["-startdate", dates[0], "-enddate", dates[1]] if dates else ["-days", "2"]), check=True, capture_output=True)
        self.sandbox = Sandbox(sections=f'\n[tls]\nmode = "required"\ncertificate = "{self.certificate}"\nkey = "{self.key}"\n')

    def test_a_certificate_that_has_expired(self):
        self.serve(dates=("20200101000000Z", "20210101000000Z"))
        done = tool("doctor", self.sandbox.uri(query=f"?TlsMode=verify-full&TlsCaFile={self.certificate}"))
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertEqual(steps(done.stdout)[-1], "TLS")
        self.assertRegex(done.stdout, r"FAILED at TLS: .*expired.*\n  SQLSTATE 08S01, native code 459\n  What to do: .+")

    def test_a_certificate_for_another_host_names_whom_it_is_for(self):
        self.serve(names="DNS:db.example.org,DNS:db2.example.org")
        done = tool("doctor", self.sandbox.uri(query=f"?TlsMode=verify-full&TlsCaFile={self.certificate}"))
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertRegex(
            done.stdout,
            r"FAILED at TLS: .*not for '127\.0\.0\.1': it names db\.example\.org, db2\.example\.org\n  SQLSTATE 08S01, native code 459\n  What to do: .*TlsHostName",
        )

    def test_a_level_below_the_servers(self):
        done = tool("doctor", self.sandbox.uri(password=CANARY))
        self.assertEqual(done.returncode, 1, done.stdout)
        # Refused before the login: no password has crossed the clear line.
        self.assertEqual(steps(done.stdout)[-2:], ["protection", "hello"])
        self.assertRegex(done.stdout, r"FAILED at hello: TLS is required\n  SQLSTATE 28000, native code 417\n  What to do: .*TlsMode=verify-full")
        self.assertNotIn(CANARY, done.stdout + done.stderr)

    def test_what_to_change(self):
        done = tool("doctor", self.sandbox.uri(query="?TlsMode=verify-full"))
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertEqual(steps(done.stdout)[-1], "TLS")
        self.assertRegex(done.stdout, r"FAILED at TLS: .*self-signed.*\n  SQLSTATE 08S01, native code 459\n  What to do: .*TlsCaFile")

    def test_login_that_fails_after_tls(self):
        done = tool("doctor", self.sandbox.uri(password="wrong", query=f"?TlsMode=verify-full&TlsCaFile={self.certificate}"))
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertEqual(steps(done.stdout)[-2:], ["TLS", "login"])
        self.assertRegex(
            done.stdout,
            r"TLS\n    TLSv1\.3, TLS_\w+\n    certificate: CN=doctor test\n    .*certificate is for 127\.0\.0\.1.*\nlogin\n  FAILED at login: .*\n  SQLSTATE 28000.*\n  What to do: .*password",
        )

    def test_a_client_certificate_that_is_missing(self):
        self.sandbox.close()
        self.sandbox = Sandbox(
            sections=f'\n[tls]\nmode = "required"\ncertificate = "{self.certificate}"\nkey = "{self.key}"\nclient_certificate = "require"\nca_file = "{self.certificate}"\n'
        )
        done = tool("doctor", self.sandbox.uri(query=f"?TlsMode=verify-full&TlsCaFile={self.certificate}"))
        self.assertEqual(done.returncode, 1, done.stdout)
        # The handshake itself was a success, and is shown; the refusal came behind it.
        self.assertRegex(
            done.stdout,
            r"TLS\n    TLSv1\.3.*\n    certificate: CN=doctor test\n.*\n    client certificate: the server asked for one, and got none\n  FAILED at TLS: .*fter the TLS handshake.*\n.*\n  What to do: .*TlsCertFile",
        )
        self.assertNotIn("during the TLS handshake", done.stdout)


class Failures(SandboxCase):
    def failure(self, target, *arguments, env=None):
        done = tool("doctor", target, *arguments, env=env)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        found = re.search(r"FAILED at ([a-zA-Z ]+): (.*)\n  SQLSTATE (\w+), native code (-?\d+)\n(?:  What to do: (.*)\n)?", done.stdout)
        self.assertIsNotNone(found, done.stdout + done.stderr)
        self.assertTrue(found[5], "no advice")
        return {"step": found[1], "text": found[2], "state": found[3], "advice": found[5], "status": done.returncode}

    def test_contradicting_settings(self):
        why = self.failure("Server=127.0.0.1;Authentication Method=0;Security Level=3")
        self.assertEqual((why["step"], why["state"], why["status"]), ("settings", "HY000", 2))

    def test_settings_file_that_cannot_be_used(self):
        with tempfile.NamedTemporaryFile("w", suffix=".ini") as defs:
            defs.write("[c]\nAddress=127.0.0.1\nPort=1972\nSSLConfig=s\n[s]\nVerifyPeer=1\n")
            defs.flush()
            why = self.failure("iris://127.0.0.1", env={"ISC_SSLconfigurations": defs.name})
        self.assertEqual((why["step"], why["state"]), ("settings", "08S01"))
        self.assertIn("line 6", why["text"])

    def test_unknown_host(self):
        why = self.failure("iris://demo:x@no-such-host.invalid/USER")
        self.assertEqual((why["step"], why["state"]), ("resolve", "08001"))

    def test_closed_port(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        why = self.failure(f"iris://demo:x@127.0.0.1:{port}/USER")
        self.assertEqual((why["step"], why["state"]), ("connect", "08001"))
        self.assertIn("nothing listens", why["advice"])

    def test_wrong_password(self):
        why = self.failure(self.sandbox.uri(password="wrong"))
        self.assertEqual((why["step"], why["state"]), ("login", "28000"))
        self.assertIn("password", why["advice"])

    # No second login to find out: it might lock the account.
    def test_refused_login_names_the_namespace_too(self):
        why = self.failure(self.sandbox.uri(namespace="NOSUCH"))
        self.assertEqual(why["step"], "login")
        self.assertIn("'NOSUCH' exists", why["advice"])
        why = self.failure(self.sandbox.uri(password="wrong"))
        self.assertNotIn("Database", why["advice"])

    def test_web_server(self):
        peer = Peer(lambda c: (c.recv(100), c.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")))
        why = self.failure(f"iris://demo:x@127.0.0.1:{peer.port}/USER")
        peer.close()
        self.assertEqual((why["step"], why["state"]), ("hello", "08S01"))
        self.assertIn("HTTP/1.1 400 Bad Request", why["text"])

    def test_tls_only_server(self):
        with tempfile.TemporaryDirectory() as folder:
            key, certificate = self_signed(folder, "x")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)

            def behave(connection):
                with context.wrap_socket(connection, server_side=True) as wrapped:
                    wrapped.recv(1)

            peer = Peer(behave)
            why = self.failure(f"iris://demo:x@127.0.0.1:{peer.port}/USER")
            peer.close()
        self.assertEqual((why["step"], why["state"]), ("hello", "08S01"))
        self.assertIn("TLS", why["text"])
        self.assertIn("TlsMode=verify-full", why["advice"])

    def test_peer_that_hangs_up(self):
        peer = Peer(lambda c: c.recv(16))
        why = self.failure(f"iris://demo:x@127.0.0.1:{peer.port}/USER")
        peer.close()
        self.assertEqual((why["step"], why["state"]), ("hello", "08S01"))
        self.assertIn("closed the connection", why["text"])

    def test_silent_peer_is_bounded_in_time(self):
        peer = Peer(lambda c: time.sleep(30))
        start = time.monotonic()
        why = self.failure(f"iris://demo:x@127.0.0.1:{peer.port}/USER", "--set", "LoginTimeout=1")
        peer.close()
        self.assertEqual((why["step"], why["state"]), ("hello", "HYT00"))
        self.assertLess(time.monotonic() - start, 10)


if __name__ == "__main__":
    unittest.main()
