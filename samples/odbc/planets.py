"""ODBC from Python by pyodbc. planets.py "DSN=irislink-sandbox;UID=demo;PWD=..." """

import sys
from decimal import Decimal

import pyodbc

with pyodbc.connect(sys.argv[1] if len(sys.argv) > 1 else "DSN=irislink-sandbox") as db:
    run = db.cursor()
    run.execute("create table if not exists OdbcPlanet (Name varchar(20), Mass numeric(8,3))")
    run.execute("delete from OdbcPlanet")
    run.executemany("insert into OdbcPlanet values (?, ?)", [("Mars 🚀", Decimal("0.642")), ("Earth", Decimal("5.972"))])
    for name, mass in run.execute("select Name, Mass from OdbcPlanet where Mass < ? order by Mass", 10):
        print(f"{name}: {mass}")
