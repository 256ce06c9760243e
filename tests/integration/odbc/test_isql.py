"""isql and iusql in batch mode, through the driver manager, against a sandbox."""

import os
import re
import subprocess
import unittest

from odbc_support import DataSource
from support import BIN


class Isql(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.source = DataSource()

    @classmethod
    def tearDownClass(cls):
        cls.source.close()

    def isql(self, text, *options, program="isql", dsn="box", login=()):
        return subprocess.run(
            [program, dsn, *login, "-b", *options],
            input=text,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, **self.source.env},
            timeout=60,
        )

    def test_unicode_and_emoji(self):
        done = self.isql("create table isql_t (n integer, s varchar(40))\ninsert into isql_t values (1, 'Ж äö 😀')\nselect n, s from isql_t\n", "-d|")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("1|Ж äö 😀", done.stdout)

    def test_wide_program(self):
        done = self.isql("select 'äé', 2\n", "-d|", program="iusql")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("äé|2", done.stdout)

    def test_error_has_state_and_the_servers_words(self):
        done = self.isql("select * from Nowhere\n", "-v")
        # isql is an ODBC 2 program: the driver manager translates 42S02 for it.
        self.assertIn("[S0002]", done.stdout + done.stderr)
        self.assertIn("NOWHERE", done.stdout + done.stderr)

    def test_wrong_password(self):
        done = self.isql("select 1\n", "-v", login=("demo", "zQ7canary"))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("[28000]", done.stdout + done.stderr)
        self.assertNotIn("zQ7canary", done.stdout + done.stderr)

    def test_help(self):
        self.isql("create table isql_help (Nr integer, Text varchar(10))\n")
        done = self.isql("help\n", "-d|")
        self.assertIn("|SQLUser|isql_help|TABLE|", done.stdout, done.stderr)
        done = self.isql("help isql_help\n", "-d|")
        self.assertIn("|isql_help|Nr|4|INTEGER|", done.stdout, done.stderr)


class TwoFactor(unittest.TestCase):
    """A program that knows nothing of a second factor logs in by TwoFactorCommand."""

    def test_command_gives_the_code(self):
        source = DataSource(sections="\n[two_factor]\ntotp = true\n")
        self.addCleanup(source.close)
        made = subprocess.run(
            [str(BIN / "irislink-sandbox"), "user", "totp", "demo", "--config", os.path.join(source.sandbox.folder, "sandbox.toml")],
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
        key = re.search(r"^key (\S+)", made.stdout, re.M).group(1)

        def isql():
            return subprocess.run(
                ["isql", "box", "-b", "-v", "-d|"], input="select 'in'\n", capture_output=True, text=True, env={**os.environ, **source.env}, timeout=60
            )

        without = isql()
        self.assertIn("[28000]", without.stdout + without.stderr)
        self.assertIn("TwoFactorCommand", without.stdout + without.stderr)
        source.write(f"TwoFactorCommand=oathtool --totp -b {key}\n")
        done = isql()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("in", done.stdout.split())


if __name__ == "__main__":
    unittest.main()
