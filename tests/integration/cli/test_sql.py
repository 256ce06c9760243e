import fcntl
import json
import os
import pty
import select
import signal
import subprocess
import tempfile
import termios
import time
import unittest.mock

from support import BIN, SandboxCase, tool

MIXED = "SELECT 1 AS n, 'x\"y,z' AS t, NULL AS missing, '' AS nothing, 1.50 AS exact, 1 AS n"


class Formats(SandboxCase):
    def test_table(self):
        done = self.sql(MIXED)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(
            done.stdout.splitlines(),
            ["n  t      missing  nothing  exact  n", "-  -----  -------  -------  -----  -", "1  x\"y,z  NULL     ''         1.5  1"],
        )
        self.assertIn("1 row\n", done.stderr)

    def test_table_tells_null_from_the_text_null(self):
        self.assertEqual(self.sql("SELECT 'NULL' AS a, NULL AS b").stdout.splitlines()[2].split(), ["'NULL'", "NULL"])

    def test_table_counts_columns_of_wide_characters(self):
        lines = self.sql("SELECT '漢字' AS a, 1 AS b UNION ALL SELECT 'abcde', 2").stdout.splitlines()
        self.assertEqual(lines[2:], ["漢字   1", "abcde  2"])

    def test_table_shows_control_characters_as_escapes(self):
        out = self.sql("SELECT CHAR(27) || '[31m' || CHAR(10) AS a").stdout
        self.assertNotIn("\x1b", out)
        self.assertIn("\\x1B[31m\\n", out)

    def test_csv(self):
        self.assertEqual(self.rows(MIXED), ["n,t,missing,nothing,exact,n", '1,"x""y,z",,"",1.5,1'])

    def test_json_keeps_every_column_and_digit(self):
        done = self.sql("--format", "json", MIXED)
        self.assertEqual(json.loads(done.stdout), [{"n": 1, "t": 'x"y,z', "missing": None, "nothing": "", "exact": 1.5, "n_2": 1}])
        done = self.sql("--format", "json", "SELECT CAST('12345678901234567.8' AS NUMERIC(19,1)) AS a, .5 AS b")
        self.assertIn('"a":12345678901234567.8', done.stdout)
        self.assertIn('"b":0.5', done.stdout)

    def test_json_lines_and_empty_results(self):
        done = self.sql("--format", "jsonl", "SELECT 1 AS a UNION ALL SELECT 2")
        self.assertEqual([json.loads(line) for line in done.stdout.splitlines()], [{"a": 1}, {"a": 2}])
        self.assertEqual(json.loads(self.sql("--format", "json", "SELECT 1 AS a WHERE 1=0").stdout), [])
        self.assertEqual(self.rows("SELECT 1 AS a WHERE 1=0"), ["a"])


class Statements(SandboxCase):
    def test_several_in_one_argument_and_as_arguments(self):
        lines = self.rows("CREATE TABLE Cli.A (x INT, t VARCHAR(40)); INSERT INTO Cli.A VALUES (1, 'a;b -- c')", "SELECT x, t FROM Cli.A")
        self.assertEqual(lines, ["x,t", "1,a;b -- c"])

    def test_counts_go_to_stderr(self):
        done = self.sql("CREATE TABLE Cli.B (x INT); INSERT INTO Cli.B VALUES (1)")
        self.assertEqual(done.stdout, "")
        self.assertIn("1 row changed", done.stderr)

    def test_from_a_file_and_from_standard_input(self):
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write("-- a comment; not a statement\nSELECT 7 AS a;\n/* ; */ SELECT 8 AS a\n")
            script.flush()
            self.assertEqual(self.rows("--file", script.name), ["a", "7", "a", "8"])
        done = self.sql("--format", "csv", text="SELECT 1 AS a;\nSELECT\n2 AS a;\nSELECT 3 AS a")
        self.assertEqual(done.stdout.split(), ["a", "1", "a", "2", "a", "3"])

    def test_max_rows(self):
        self.sql("CREATE TABLE Cli.C (x INT)", *[f"INSERT INTO Cli.C VALUES ({i})" for i in range(5)])
        self.assertEqual(len(self.rows("--max-rows", "3", "SELECT x FROM Cli.C")), 4)

    def test_timing(self):
        self.assertRegex(self.sql("--timing", "SELECT 1 AS a").stderr, r"[0-9.]+ ms")

    def test_a_failed_statement_stops_and_says_everything(self):
        done = self.sql("SELECT nosuch FROM Cli.Nothing", "SELECT 1 AS a")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout, "")
        self.assertIn("[42S02]", done.stderr)
        self.assertIn("SQLCODE -30", done.stderr)

    def test_a_failed_statement_at_the_prompt_does_not_stop(self):
        done = self.sql("--format", "csv", text="SELECT x FROM Cli.Nothing;\nSELECT 1 AS a;\n")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout.split(), ["a", "1"])


MANY = "SELECT a.x, b.x AS y FROM Cli.T a, Cli.T b"


class Long(SandboxCase):
    """Results of a million rows."""

    @classmethod
    def setUpClass(cls):
        # What AddressSanitizer keeps of freed memory is not the sandbox's.
        environment = {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1:thread_local_quarantine_size_kb=64"}
        with unittest.mock.patch.dict(os.environ, environment):
            super().setUpClass()
        cls.sql(cls, "CREATE TABLE Cli.S (x INT); CREATE TABLE Cli.T (x INT)", "INSERT INTO Cli.S VALUES " + ",".join(f"({i})" for i in range(10)))
        made = cls.sql(cls, "INSERT INTO Cli.T SELECT a.x * 100 + b.x * 10 + c.x FROM Cli.S a, Cli.S b, Cli.S c")
        assert "1000 rows changed" in made.stderr, made.stderr

    def fetch(self, stderr):
        """Standard output is not read for a while, so that the fetch takes its time on any machine."""
        arguments = [str(BIN / "irislink"), "sql", self.sandbox.uri(), "--format", "csv", "--max-rows", "200000", MANY]
        process = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr, env={"HOME": "/nonexistent", "PATH": "/usr/bin:/bin"}
        )
        try:
            time.sleep(1.5)
            lines = process.stdout.read().count(b"\n")
            said = process.stderr.read() if process.stderr else b""
            self.assertEqual(process.wait(timeout=20), 0)
            self.assertEqual(lines, 200_001)
            return said.decode()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            process.stdout.close()
            if process.stderr:
                process.stderr.close()

    def test_progress_is_shown_on_a_terminal_and_wiped_off(self):
        parent, child = pty.openpty()
        try:
            self.fetch(child)
            os.close(child)
            seen = b""
            while True:
                try:
                    seen += os.read(parent, 4096)
                except OSError:
                    break
        finally:
            os.close(parent)
        self.assertRegex(seen.decode(), r"\r\d+0000 rows, \d+ rows/s ")
        self.assertIn("\r\x1b[K", seen.decode().rsplit("rows/s", 1)[1])

    def test_no_progress_where_nobody_sees_it(self):
        self.assertNotIn("rows/s", self.fetch(subprocess.PIPE))

    def memory(self, field):
        with open(f"/proc/{self.sandbox.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith(field)) / 1024

    def test_the_sandbox_streams_a_million_rows_in_bounded_memory(self):
        wide = MANY.replace("b.x AS y", f"'{'w' * 40}' AS y")
        self.assertEqual(len(self.rows("--max-rows", "1000", wide)), 1001)
        before = self.memory("VmRSS")
        with open(f"/proc/{self.sandbox.process.pid}/clear_refs", "w", encoding="ascii") as peak:
            peak.write("5")  # VmHWM starts anew
        done = tool("sql", self.sandbox.uri(), "--format", "csv", wide)
        self.assertEqual(done.stdout.count("\n"), 1_000_001, done.stderr)
        # The result is more than 40 MiB on the line: nothing like it may pile up.
        self.assertLess(self.memory("VmHWM") - before, 16)


class Terminal(SandboxCase):
    """What is different when a person sits in front of it."""

    def talk(self, arguments, exchanges, timeout=20):
        """Runs the tool on a terminal; each exchange waits for a text and then types one."""
        parent, child = pty.openpty()
        process = subprocess.Popen(
            [str(BIN / "irislink"), *arguments],
            stdin=child,
            stdout=child,
            stderr=child,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - there are no threads here
            start_new_session=True,
            env={"HOME": "/nonexistent", "PATH": "/usr/bin:/bin"},
        )
        os.close(child)
        seen = b""
        until = time.monotonic() + timeout
        try:
            for wait_for, typed in exchanges:
                while wait_for.encode() not in seen:
                    ready, _, _ = select.select([parent], [], [], max(0, until - time.monotonic()))
                    self.assertTrue(ready, f"no {wait_for!r} in {seen!r}")
                    seen += os.read(parent, 4096)
                if typed is None:
                    continue
                if callable(typed):
                    typed(process)
                else:
                    os.write(parent, typed.encode())
            while process.poll() is None and time.monotonic() < until:
                ready, _, _ = select.select([parent], [], [], 0.2)
                if ready:
                    try:
                        seen += os.read(parent, 4096)
                    except OSError:
                        break
            status = process.wait(timeout=10)
            self.echo = bool(termios.tcgetattr(parent)[3] & termios.ECHO)
            return status, seen.decode()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            os.close(parent)

    def test_password_is_asked_for_and_not_echoed(self):
        uri = f"iris://demo@127.0.0.1:{self.sandbox.port}/USER"
        status, seen = self.talk(["sql", uri, "SELECT 41+1 AS a"], [("Password: ", "demo\n")])
        self.assertEqual(status, 0, seen)
        self.assertIn("42", seen)
        self.assertNotIn("demo", seen.split("Password: ", 1)[1])

    def test_interrupt_at_the_password_gives_the_terminal_back(self):
        uri = f"iris://demo@127.0.0.1:{self.sandbox.port}/USER"
        status, seen = self.talk(["sql", uri, "SELECT 1 AS a"], [("Password: ", "\x03")])
        self.assertEqual(status, 130, seen)
        self.assertTrue(self.echo, "the echo is still off")

    def test_prompt(self):
        status, seen = self.talk(["sql", self.sandbox.uri()], [("irislink> ", "SELECT 41+1\n"), ("...> ", "AS a;\n"), ("42", "quit\n")])
        self.assertEqual(status, 0, seen)

    def test_interrupt_cancels_the_statement_and_keeps_the_session(self):
        self.sql("CREATE TABLE Cli.D (x INT)", *[f"INSERT INTO Cli.D VALUES ({i})" for i in range(60)])
        slow = "SELECT COUNT(*) AS n FROM Cli.D a, Cli.D b, Cli.D c, Cli.D d, Cli.D e WHERE a.x+b.x+c.x+d.x+e.x = -1;\n"

        def interrupt(process):
            time.sleep(1)
            process.send_signal(signal.SIGINT)

        start = time.monotonic()
        status, seen = self.talk(
            ["sql", self.sandbox.uri()], [("irislink> ", slow), ("= -1;", interrupt), ("HY008", "SELECT 41+1 AS a;\n"), ("42", "quit\n")], timeout=30
        )
        self.assertEqual(status, 1, seen)
        self.assertLess(time.monotonic() - start, 15)


class Passwords(SandboxCase):
    def test_from_standard_input(self):
        uri = f"iris://demo@127.0.0.1:{self.sandbox.port}/USER"
        self.assertEqual(tool("sql", uri, "--password-stdin", "--format", "csv", "SELECT 1 AS a", text="demo\n").stdout.split(), ["a", "1"])
        done = tool("sql", uri, "--password-stdin", "SELECT 1 AS a", text="wrong\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("[28000]", done.stderr)

    def test_explicit_settings_beat_the_uri(self):
        done = tool("sql", self.sandbox.uri(password="wrong"), "--set", "PWD=demo", "SELECT 1 AS a")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_data_source(self):
        with tempfile.NamedTemporaryFile("w", suffix=".ini") as ini:
            ini.write(
                f"[mine]\nDriver=irislink\nHost=127.0.0.1\nPort={self.sandbox.port}\nNamespace=USER\nUID=demo\nPassword=demo\nAuthentication Method=0\nSecurity Level=2\n"
            )
            ini.flush()
            done = tool("sql", "mine", "SELECT 1 AS a", env={"ODBCINI": ini.name})
            self.assertEqual(done.returncode, 0, done.stderr)
