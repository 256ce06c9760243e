"""A private ODBCSYSINI with the built driver and a data source for a sandbox."""

import os
import pathlib
import shutil
import tempfile

from support import Sandbox

DRIVER = os.environ["IRISLINK_ODBC_DRIVER"]


class DataSource:
    """The environment variables in `env`; the data source is called box."""

    def __init__(self, sections=""):
        self.sandbox = Sandbox(sections=sections)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="irislink-odbc-"))
        (self.folder / "odbcinst.ini").write_text(f"[irislink]\nDescription=irislink\nDriver={DRIVER}\nThreading=0\n", encoding="utf-8")
        self.write("")
        self.env = {"ODBCSYSINI": str(self.folder), "ODBCINI": str(self.folder / "odbc.ini"), "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}

    def write(self, more):
        lines = f"[box]\nDriver=irislink\nServer=127.0.0.1\nPort={self.sandbox.port}\nDatabase=USER\nUID=demo\nPWD=demo\n{more}"
        (self.folder / "odbc.ini").write_text(lines, encoding="utf-8")

    def close(self):
        self.sandbox.close()
        shutil.rmtree(self.folder, ignore_errors=True)
