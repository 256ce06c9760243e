"""The installed wheel: wheel_check.py TARGET VERSION TREE. Prints the path of the extension module."""

import asyncio
import importlib.metadata
import pathlib
import sys
from decimal import Decimal

import pyarrow
import sqlalchemy
from sqlalchemy.ext.asyncio import create_async_engine

import irislink
from irislink import _core, aio


async def one_row(target):
    async with await aio.connect(target) as db:
        return await (await db.execute("select Name from Wheel.Planet where Mass < ?", [1])).fetchone()


async def one_value(url):
    engine = create_async_engine(url)
    async with engine.connect() as db:
        return await db.scalar(sqlalchemy.text("select Name from Wheel.Planet where Mass > 1"))


def main(target, version, tree):
    package = pathlib.Path(irislink.__file__).parent
    assert pathlib.Path(sys.prefix) in package.parents, package
    assert (package / "py.typed").exists() and (package / "_core.pyi").exists()
    assert irislink.__version__ == version
    about = importlib.metadata.metadata("irislink")
    assert about["Version"] == version and about["License-Expression"] == "MIT" and about["Requires-Python"] == ">=3.9"
    assert {"arrow", "numpy", "pandas", "polars", "sqlalchemy"} <= set(about.get_all("Provides-Extra"))
    assert "Permission is hereby granted" in importlib.metadata.distribution("irislink").read_text("licenses/LICENSE")

    with irislink.connect(target) as db:
        cursor = db.execute("create table Wheel.Planet (Name varchar(20), Mass numeric(8,3))")
        cursor.executemany("insert into Wheel.Planet values (?, ?)", [("Mars 🚀", Decimal("0.642")), ("Earth", Decimal("5.972"))])
        assert cursor.execute("select Mass from Wheel.Planet where Name = ?", ["Mars 🚀"]).fetchone() == (Decimal("0.642"),)
        table = cursor.execute("select Name, Mass from Wheel.Planet order by Mass").fetch_arrow_table()
        assert table.schema.types == [pyarrow.string(), pyarrow.decimal128(8, 3)], table.schema
        assert table.column("Name").to_pylist() == ["Mars 🚀", "Earth"]
    assert asyncio.run(one_row(target)) == ("Mars 🚀",)

    url = target.replace("iris://", "iris+irislink://", 1)
    assert sqlalchemy.inspect(sqlalchemy.create_engine(url)).get_table_names("Wheel") == ["Planet"]
    assert asyncio.run(one_value(url)) == "Earth"

    loaded = pathlib.Path("/proc/self/maps").read_text()
    assert _core.__file__ in loaded and "libssl.so.3" in loaded and "libgssapi_krb5.so.2" in loaded
    own = [line for line in loaded.splitlines() if tree in line]
    assert not own, own
    print(_core.__file__)


main(*sys.argv[1:])
