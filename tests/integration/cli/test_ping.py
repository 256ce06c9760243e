import unittest

from support import SandboxCase, tool


class Ping(SandboxCase):
    def test_times(self):
        done = tool("ping", self.sandbox.uri(), "--count", "3")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"connected and logged in to 127\.0\.0\.1:\d+ in [0-9.]+ ms")
        self.assertRegex(done.stdout, r"3 round trips: min [0-9.]+ ms, avg [0-9.]+ ms, max [0-9.]+ ms")

    def test_refused(self):
        done = tool("ping", self.sandbox.uri(password="wrong"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("[28000]", done.stderr)


if __name__ == "__main__":
    unittest.main()
