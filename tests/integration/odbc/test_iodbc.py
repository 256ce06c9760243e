"""iodbctest, the program that comes with iODBC."""

import os
import subprocess
import unittest

from odbc_support import DataSource


class IodbcTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.source = DataSource()
        cls.source.env["ODBCINSTINI"] = os.path.join(cls.source.folder, "odbcinst.ini")

    @classmethod
    def tearDownClass(cls):
        cls.source.close()

    def iodbctest(self, text, target="DSN=box"):
        done = subprocess.run(
            ["iodbctest", target], input=text, capture_output=True, text=True, encoding="utf-8", env={**os.environ, **self.source.env}, timeout=60
        )
        return done.stdout + done.stderr

    def test_unicode_emoji_and_errors(self):
        said = self.iodbctest(
            "create table io_t (n integer, s varchar(40))\ninsert into io_t values (1, 'Ж äö 😀')\nselect n, s from io_t\nselect * from Nowhere\ntables\nquit\n"
        )
        self.assertRegex(said, r"(?m)^1 +\|Ж äö 😀 *$")
        self.assertIn("SQLSTATE=42S02", said)
        self.assertIn("NOWHERE", said)
        self.assertRegex(said, r"\|SQLUser +\|io_t +\|TABLE ")
        self.assertIn("libirislinkodbc-iodbc.so", said)

    def test_wrong_password(self):
        said = self.iodbctest("quit\n", "DSN=box;PWD=zQ7canary")
        self.assertIn("SQLSTATE=28000", said)
        self.assertNotIn("zQ7canary", said)


if __name__ == "__main__":
    unittest.main()
