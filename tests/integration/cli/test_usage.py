import os
import subprocess
import tempfile
import unittest

from support import BIN, CANARY, tool


class Usage(unittest.TestCase):
    def test_wrong_usage_exits_with_2(self):
        for arguments in (
            [],
            ["sql"],
            ["nonsense"],
            ["ping", "iris://x", "--count", "0"],
            ["sql", "iris://x", "--format", "xml"],
            ["sql", "iris://x", "--set", "novalue"],
        ):
            with self.subTest(arguments=arguments):
                self.assertEqual(tool(*arguments).returncode, 2)

    def test_help_exits_with_0_and_documents_the_status(self):
        done = tool("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("Exit status", done.stdout)

    def test_version(self):
        done = tool("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^irislink \d+\.\d+\.\d+$")

    def test_bad_settings_exit_with_2(self):
        done = tool("sql", "Server=h;Port=99999", "SELECT 1")
        self.assertEqual(done.returncode, 2)
        self.assertIn("[HY024]", done.stderr)
        done = tool("sql", "nosuchdsn", "SELECT 1")
        self.assertEqual(done.returncode, 2)
        self.assertIn("[IM002]", done.stderr)

    def test_unknown_keyword_is_a_warning_with_a_suggestion(self):
        done = tool("sql", f"Server=127.0.0.1:1;Pasword={CANARY};UID=x;PWD={CANARY}", "SELECT 1")
        self.assertIn("01S00", done.stderr)
        self.assertIn("Did you mean 'Password'", done.stderr)
        self.assertNotIn(CANARY, done.stderr + done.stdout)

    def test_closed_port_exits_with_1(self):
        done = tool("sql", f"iris://demo:{CANARY}@127.0.0.1:1/USER", "SELECT 1")
        self.assertEqual(done.returncode, 1)
        self.assertIn("[08001]", done.stderr)
        self.assertNotIn(CANARY, done.stderr)

    def test_keywords(self):
        self.assertIn("TwoFactorCommand", tool("keywords").stdout)
        self.assertTrue(tool("keywords", "--markdown").stdout.startswith("# Connection keywords"))
        self.assertTrue(tool("errors", "--markdown").stdout.startswith("# Errors"))


class SandboxAddress(unittest.TestCase):
    """A development server stays on this machine unless it is told otherwise."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.config = os.path.join(self.folder.name, "sandbox.toml")
        subprocess.run([str(BIN / "irislink-sandbox"), "init", "--config", self.config], check=True, capture_output=True, timeout=30)

    def tearDown(self):
        self.folder.cleanup()

    def start(self, *arguments):
        return subprocess.Popen(
            [str(BIN / "irislink-sandbox"), "--config", self.config, "--port", "0", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def refused(self, *arguments):
        process = self.start(*arguments)
        try:
            out, said = process.communicate(timeout=20)
        finally:
            process.kill()
        self.assertEqual(process.returncode, 2, said)
        self.assertEqual(out, "")
        self.assertIn("is not a loopback address", said)
        self.assertIn("--allow-remote", said)

    def listens(self, address, *arguments):
        process = self.start(*arguments)
        try:
            self.assertRegex(process.stdout.readline(), rf"^listening {address}:\d+$")
        finally:
            process.terminate()
            process.communicate(timeout=20)

    def test_an_address_for_everybody_has_to_be_meant(self):
        for address in ("0.0.0.0", "::", "192.0.2.1", "128.0.0.1"):
            with self.subTest(address=address):
                self.refused("--bind", address)
        self.listens("0.0.0.0", "--bind", "0.0.0.0", "--allow-remote")

    def test_loopback_needs_no_word(self):
        self.listens("127.0.0.1")
        self.listens("127.0.0.2", "--bind", "127.0.0.2")

    def test_the_file_is_no_way_around(self):
        with open(self.config, encoding="utf-8") as file:
            text = file.read()
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(text.replace("127.0.0.1", "0.0.0.0", 1))
        self.refused()


if __name__ == "__main__":
    unittest.main()
