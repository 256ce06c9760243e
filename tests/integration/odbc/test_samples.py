"""The programs of samples/odbc against a sandbox: all print the same. IRISLINK_SAMPLES names some."""

import os
import pathlib
import subprocess
import sys
import unittest

from odbc_support import DataSource
from support import BIN, CANARY

SAMPLES = pathlib.Path(os.environ["IRISLINK_SOURCE_DIR"]) / "samples" / "odbc"
COMMANDS = {
    "c": [str(BIN / "planets-c")],
    "cpp": [str(BIN / "planets-cpp")],
    "python": [sys.executable, str(SAMPLES / "planets.py")],
    "perl": ["perl", str(SAMPLES / "planets.pl")],
    "php": ["php", str(SAMPLES / "planets.php")],
    "r": ["Rscript", "--vanilla", str(SAMPLES / "planets.R")],
    "node": ["node", str(SAMPLES / "planets.js")],
}
PLANETS = "Mars 🚀: 0.642\nEarth: 5.972\n"
CHOSEN = os.environ.get("IRISLINK_SAMPLES", " ".join(COMMANDS)).split()


class Samples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.source = DataSource()

    @classmethod
    def tearDownClass(cls):
        cls.source.close()

    def run_sample(self, language, target):
        return subprocess.run(
            [*COMMANDS[language], target], capture_output=True, text=True, encoding="utf-8", env={**os.environ, **self.source.env}, timeout=60
        )

    def test_all_print_the_planets(self):
        for language in CHOSEN:
            with self.subTest(language=language):
                done = self.run_sample(language, "DSN=box;UID=demo;PWD=demo")
                self.assertEqual((done.returncode, done.stdout), (0, PLANETS), done.stderr)

    def test_all_say_why_they_cannot(self):
        for language in CHOSEN:
            with self.subTest(language=language):
                done = self.run_sample(language, f"DSN=box;UID=demo;PWD={CANARY}")
                said = done.stdout + done.stderr
                self.assertNotIn("Mars", said)
                self.assertIn("Access Denied", said)
                self.assertNotIn(CANARY, said)


if __name__ == "__main__":
    unittest.main()
