"""The sandbox as a process, and the tool as a function. Standard library only."""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import unittest

BIN = pathlib.Path(os.environ["IRISLINK_BIN_DIR"])
CANARY = "zQ7canary-geheim"


def tool(*arguments, text=None, env=None, timeout=60):
    """Runs irislink; the result has returncode, stdout, stderr."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ODBC", "ISC_", "IRISLINK_"))}
    environment["HOME"] = "/nonexistent"
    environment.update(env or {})
    return subprocess.run(
        [str(BIN / "irislink"), *arguments],
        input="" if text is None else text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        timeout=timeout,
    )


class Sandbox:
    """irislink-sandbox on a free loopback port, with the user demo."""

    def __init__(self, password="demo", sections=""):
        self.folder = tempfile.mkdtemp(prefix="irislink-cli-")
        config = os.path.join(self.folder, "sandbox.toml")
        sandbox = str(BIN / "irislink-sandbox")
        subprocess.run([sandbox, "init", "--config", config], check=True, capture_output=True, timeout=30)
        subprocess.run(
            [sandbox, "user", "add", "demo", "--config", config, "--password-stdin"], input=password, text=True, check=True, capture_output=True, timeout=30
        )
        with open(config, "a", encoding="utf-8") as more:
            more.write(sections)
        with open(os.path.join(self.folder, "log"), "wb") as log:
            self.process = subprocess.Popen([sandbox, "--config", config, "--port", "0"], stdout=subprocess.PIPE, stderr=log)
        line = self.process.stdout.readline().decode()
        if not line.startswith("listening "):
            self.close()
            raise RuntimeError("the sandbox did not start")
        self.port = int(line.rsplit(":", 1)[1])
        self.password = password

    def uri(self, password=None, namespace="USER", query=""):
        return f"iris://demo:{self.password if password is None else password}@127.0.0.1:{self.port}/{namespace}{query}"

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        if self.process.stdout:
            self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Peer:
    """Accepts connections on a free loopback port and hands each to `behave`."""

    def __init__(self, behave):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.behave = behave
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection, contextlib.suppress(OSError):
            self.behave(connection)

    def close(self):
        # Wakes accept() too, which close() alone does not.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


class SandboxCase(unittest.TestCase):
    """One sandbox for all tests of the class."""

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox()

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.close()

    def sql(self, *arguments, text=None):
        return tool("sql", self.sandbox.uri(), *arguments, text=text)

    def rows(self, *arguments):
        done = self.sql("--format", "csv", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.splitlines()
