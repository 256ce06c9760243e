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

    def test_values_and_transactions(self):
        text = "0123456789abcdé😀" * 64
        lines = [
            "create table io_v (n integer, d numeric(15,4), m timestamp)",
            "insert into io_v values (1, -12345678901.2345, '2024-02-29 23:59:58.123456')",
            "insert into io_v values (2, null, null)",
            "select d, m from io_v order by n",
            "create table io_l (body longvarchar)",
            f"insert into io_l values ('{text}')",
            *["update io_l set body = body || body || body || body"] * 5,
            "select 'long', char_length(body) from io_l",
            "start transaction",
            "delete from io_v",
            "rollback",
            "select 'left', count(*) from io_v",
        ]
        said = self.iodbctest("\n".join(lines) + "\nquit\n")
        self.assertRegex(said, r"(?m)^-12345678901\.2345 *\|2024-02-29 23:59:58\.123456 *$")
        self.assertRegex(said, r"(?m)^\*+\|\*+ *$")  # its way to show NULL
        self.assertRegex(said, rf"(?m)^long *\|{len(text) * 4**5} *$")
        self.assertRegex(said, r"(?m)^left *\|2 *$")

    def test_wrong_password(self):
        said = self.iodbctest("quit\n", "DSN=box;PWD=zQ7canary")
        self.assertIn("SQLSTATE=28000", said)
        self.assertNotIn("zQ7canary", said)


if __name__ == "__main__":
    unittest.main()
