import json
import os
import pathlib
import tempfile
import unittest

from support import CANARY, Sandbox, tool

GOLDEN = pathlib.Path(os.environ["IRISLINK_GOLDEN_DIR"]) / "captures"


class OwnTrace(unittest.TestCase):
    def test_is_readable_and_holds_no_secret(self):
        sandbox = Sandbox(password=CANARY)
        try:
            with tempfile.TemporaryDirectory() as folder:
                file = os.path.join(folder, "trace")
                done = tool("sql", sandbox.uri(query="?TraceFile=" + file), "-v", "SELECT 'välue' AS a, NULL AS b", "SELECT x FROM No.Such")
                self.assertEqual(done.returncode, 1)
                self.assertEqual(os.stat(file).st_mode & 0o777, 0o600)
                raw = pathlib.Path(file).read_text()
                shown = tool("trace", file)
        finally:
            sandbox.close()
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn("C->S  HS HELLO", shown.stdout)
        self.assertRegex(shown.stdout, r"CN CONNECT.*\n +body: withheld, \d+ bytes")
        self.assertIn("row 1: 'välue', NULL", shown.stdout)
        self.assertIn("columns: a (type", shown.stdout)
        self.assertIn("status 30 (Table or view not found, SQLSTATE 42S02)", shown.stdout)
        self.assertIn("DC DISCONNECT", shown.stdout)
        # The password is scrambled on the line: neither form may be there.
        scrambled = bytes(scramble(CANARY)).hex()
        for text in (raw, shown.stdout, done.stdout, done.stderr):
            self.assertNotIn(CANARY, text)
            self.assertNotIn(CANARY.encode().hex(), text)
            self.assertNotIn(scrambled, text)


def scramble(text):
    out = [0] * len(text)
    for i, c in enumerate(text):
        k = len(text) - 1 - i
        t = ((ord(c) ^ 0xA7) + k) & 0xFF
        out[k] = (t << 5 | t >> 3) & 0xFF
    return out


class Captures(unittest.TestCase):
    def test_all_are_read(self):
        files = sorted(GOLDEN.glob("*.jsonl"))
        self.assertGreaterEqual(len(files), 20)
        for file in files:
            with self.subTest(file=file.name):
                done = tool("trace", str(file))
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertNotIn("malformed", done.stdout)
                messages = sum("hex" in json.loads(line) for line in file.read_text().splitlines())
                self.assertGreaterEqual(done.stdout.count("C->S") + done.stdout.count("S->C"), messages // 2)

    def test_recorded_logins_and_codes_are_withheld(self):
        done = tool("trace", str(GOLDEN / "jdbc-3.10.2-twofactor.jsonl"))
        self.assertNotIn("123456", done.stdout)
        self.assertRegex(done.stdout, r"2F TWO-FACTOR TOKEN.*\n +body: withheld")
        self.assertIn("second factor: required", done.stdout)

    def test_statements_parameters_and_rows(self):
        done = tool("trace", str(GOLDEN / "jdbc-3.10.2-fastselect.jsonl"))
        self.assertIn("sql: SELECT ID , Name , DOB FROM Sample . Person WHERE ID < :%qpar(1) ORDER BY ID", done.stdout)
        self.assertIn("parameters: '1', 'abc', '2.5'", done.stdout)
        self.assertIn("row 3: 3, '山田太郎', '2001-07-15'", done.stdout)


class BrokenFiles(unittest.TestCase):
    def check(self, text, says):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
            file.write(text)
            file.flush()
            done = tool("trace", file.name)
        self.assertEqual(done.returncode, 2)
        self.assertIn(says, done.stderr)

    def test_each_is_named_by_line(self):
        self.check("hello\n", "line 1")
        self.check('{"client": "x"}\n{"t": 0, "dir": "C", "hex": "zz"}\n', "line 2")
        self.check('{"t": 0, "hex": "00"}\n', "has no direction")
        self.check('{"t": 0, "dir": "S", "hex": "' + "ff" * 14 + '"}\n', "no message")
        self.check('{"t": 0, "dir": "C", "hex": "00", "withheld": 5}\n', "no message")
        self.check("[1]\n", "not a JSON object")

    def test_missing_file(self):
        self.assertEqual(tool("trace", "/nonexistent").returncode, 2)


if __name__ == "__main__":
    unittest.main()
