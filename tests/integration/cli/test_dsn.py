import pathlib
import stat
import tempfile
import unittest

from support import CANARY, Sandbox, tool


class Folder(unittest.TestCase):
    """A private ODBCSYSINI, home and ODBCINI."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="irislink-dsn-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.env = {"HOME": str(self.folder), "ODBCSYSINI": str(self.folder / "system"), "ODBCINI": str(self.folder / "mine.ini")}
        (self.folder / "system").mkdir()
        (self.folder / "system" / "odbcinst.ini").write_text("[irislink]\nDriver=/usr/lib/libirislinkodbc.so\n", encoding="utf-8")

    def dsn(self, *arguments, text=None):
        done = tool("dsn", *arguments, text=text, env=self.env)
        self.assertNotIn(CANARY, done.stdout + done.stderr)
        return done

    def user_file(self):
        file = self.folder / "mine.ini"
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def system_file(self):
        file = self.folder / "system" / "odbc.ini"
        return file.read_text(encoding="utf-8") if file.exists() else ""


class Add(Folder):
    def test_add_list_remove(self):
        done = self.dsn("add", "box", "Server=db1.example.com", "Port=1973", "namespace=DATA", "UID=demo", "Description=ä 😀")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.dsn("add", "all", "--system", "Server=db2").returncode, 0)
        self.assertIn(
            "Driver=irislink\nServer=db1.example.com\nPort=1973\nnamespace=DATA\nUID=demo\nDescription=ä 😀\n",
            self.user_file().replace(" = ", "=").replace("\t", ""),
        )
        self.assertIn("[all]", self.system_file())
        self.assertNotIn("[all]", self.user_file())
        listed = self.dsn("list")
        self.assertRegex(listed.stdout, r"(?m)^name +scope +driver +server$")
        self.assertRegex(listed.stdout, r"(?m)^box +user +irislink +db1\.example\.com:1973/DATA$")
        self.assertRegex(listed.stdout, r"(?m)^all +system +irislink +db2$")
        self.assertNotIn("box", self.dsn("list", "--system").stdout)
        self.assertNotIn("all", self.dsn("list", "--user").stdout)
        self.assertEqual(self.dsn("remove", "box").returncode, 0)
        self.assertNotIn("box", self.dsn("list").stdout)
        self.assertEqual(self.dsn("remove", "box").returncode, 2)
        self.assertEqual(self.dsn("remove", "all").returncode, 2, "it is the system's")
        self.assertEqual(self.dsn("remove", "--system", "all").returncode, 0)
        self.assertNotIn("all", self.system_file())

    def test_unknown_keyword_is_left_out_with_the_nearest_one(self):
        done = self.dsn("add", "box", "Servre=db1", "Port=1973")
        self.assertEqual(done.returncode, 0)
        self.assertIn("01S00", done.stderr)
        self.assertIn("Did you mean 'Server'", done.stderr)
        self.assertNotIn("Servre", self.user_file())
        self.assertIn("1973", self.user_file())

    def test_settings_that_cannot_connect_are_refused(self):
        for settings in (
            ["Port=99999"],
            ["Authentication Method=1", "Security Level=10"],
            ["Server=a", "Host=b"],
            ["TlsCaFile=/etc/ca.pem"],
            ["DSN=other"],
            ["Description=" + "x" * 901],
            ["Description=a\nPWD=b"],
            ["Server"],
        ):
            with self.subTest(settings=settings):
                done = self.dsn("add", "box", *settings)
                self.assertEqual(done.returncode, 2, done.stdout)
                self.assertEqual(self.user_file(), "")

    def test_names(self):
        for name in ("a]b", "x" * 33, " box", "ODBC Data Sources", "a=b"):
            with self.subTest(name=name):
                self.assertEqual(self.dsn("add", name, "Server=a").returncode, 2)
                self.assertEqual(self.user_file(), "")

    def test_another_of_that_name_stays(self):
        self.assertEqual(self.dsn("add", "box", "Server=one").returncode, 0)
        done = self.dsn("add", "box", "Server=two")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--replace", done.stderr)
        self.assertIn("one", self.user_file())
        self.assertEqual(self.dsn("add", "box", "--replace", "Port=1973").returncode, 0)
        self.assertNotIn("one", self.user_file())

    def test_unregistered_driver_is_a_warning(self):
        done = self.dsn("add", "box", "--driver", "nosuch", "Server=a")
        self.assertEqual(done.returncode, 0)
        self.assertIn("no driver 'nosuch'", done.stderr)


class Secrets(Folder):
    def test_never_as_an_argument(self):
        for keyword in ("PWD", "Password", "AccessToken", "TwoFactorToken", "TlsKeyPassword"):
            with self.subTest(keyword=keyword):
                done = self.dsn("add", "box", f"{keyword}={CANARY}")
                self.assertEqual(done.returncode, 2)
                self.assertIn("secret", done.stderr)
                self.assertEqual(self.user_file(), "")

    def test_from_standard_input_into_a_file_for_the_user_alone(self):
        done = self.dsn("add", "box", "UID=demo", "--password-stdin", text=CANARY + "\n")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn(CANARY, self.user_file())
        self.assertEqual(stat.S_IMODE((self.folder / "mine.ini").stat().st_mode), 0o600)
        self.dsn("list")

    def test_an_open_file_is_closed_first(self):
        self.dsn("add", "other", "Server=a")
        (self.folder / "mine.ini").chmod(0o644)
        done = self.dsn("add", "box", "UID=demo", "--password-stdin", text=CANARY + "\n")
        self.assertEqual(done.returncode, 0)
        self.assertIn("is yours alone now", done.stderr)
        self.assertEqual(stat.S_IMODE((self.folder / "mine.ini").stat().st_mode), 0o600)
        done = self.dsn("add", "box", "--system", "UID=demo", "--password-stdin", text=CANARY + "\n")
        self.assertIn("others can read", done.stderr)


class Test(Folder):
    def setUp(self):
        super().setUp()
        # Blanks and braces at the ends, and what separates pairs elsewhere.
        self.password = " {" + CANARY + ";}x} "
        self.sandbox = Sandbox(password=self.password)
        self.addCleanup(self.sandbox.close)
        added = self.dsn("add", "box", "Server=127.0.0.1", f"Port={self.sandbox.port}", "UID=demo", "--password-stdin", text=self.password + "\n")
        self.assertEqual(added.returncode, 0, added.stderr)

    def test_connects(self):
        done = self.dsn("test", "box")
        self.assertEqual((done.returncode, done.stdout), (0, "connected: all is well\n"))
        verbose = self.dsn("test", "-v", "box")
        self.assertEqual(verbose.returncode, 0)
        self.assertRegex(verbose.stdout, r"PWD += \(set\)   \(DSN box\)")

    def test_says_what_doctor_says_at_the_first_failure(self):
        done = self.dsn("test", "box", "--password-stdin", text="wrong\n")
        self.assertEqual(done.returncode, 1)
        self.assertTrue(done.stdout.startswith("login\n"), done.stdout)
        self.assertIn("FAILED at login", done.stdout)
        self.assertIn("SQLSTATE 28000", done.stdout)
        self.assertIn("What to do:", done.stdout)
        self.sandbox.process.terminate()
        self.sandbox.process.wait(timeout=20)
        done = self.dsn("test", "box")
        self.assertEqual(done.returncode, 1)
        self.assertTrue(done.stdout.startswith("TCP\n"), done.stdout)
        self.assertIn("nothing listens on port", done.stdout)

    def test_no_such_data_source(self):
        done = self.dsn("test", "nosuch")
        self.assertEqual(done.returncode, 2)
        self.assertIn("[IM002]", done.stderr)


if __name__ == "__main__":
    unittest.main()
