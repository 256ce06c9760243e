import unittest

from support import CANARY, tool


class Usage(unittest.TestCase):
    def test_wrong_usage_exits_with_2(self):
        for arguments in ([], ["sql"], ["nonsense"], ["ping", "iris://x", "--count", "0"], ["sql", "iris://x", "--format", "xml"], ["sql", "iris://x", "--set", "novalue"]):
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


if __name__ == "__main__":
    unittest.main()
