"""pyodbc through the driver manager, against a sandbox."""

import datetime
import decimal
import os
import unittest

from odbc_support import DataSource

SOURCE = DataSource()
os.environ.update(SOURCE.env)

import pyodbc  # noqa: E402 - the driver manager reads the environment when it starts


def tearDownModule():
    SOURCE.close()


class Pyodbc(unittest.TestCase):
    def setUp(self):
        self.db = pyodbc.connect("DSN=box", autocommit=True)
        self.addCleanup(self.db.close)
        self.cursor = self.db.cursor()

    def table(self, columns):
        self.cursor.execute(f"create table py_t ({columns})")
        self.addCleanup(lambda: self.db.cursor().execute("drop table py_t"))

    def test_unicode_and_null(self):
        self.table("n integer, s varchar(100)")
        for n, s in enumerate(["Ж äö 😀", "", None, "'quoted'", "😀" * 20]):
            self.cursor.execute("insert into py_t values (?, ?)", n, s)
        rows = self.cursor.execute("select n, s from py_t order by n").fetchall()
        self.assertEqual([tuple(row) for row in rows], [(0, "Ж äö 😀"), (1, ""), (2, None), (3, "'quoted'"), (4, "😀" * 20)])
        self.assertEqual(self.cursor.execute("select n from py_t where s = ?", "Ж äö 😀").fetchval(), 0)

    def test_numbers(self):
        self.table("n bigint, d numeric(18,4), f double, b bit")
        self.cursor.execute("insert into py_t values (?, ?, ?, ?)", -(2**62), decimal.Decimal("-12345678901.2345"), 0.1, True)
        row = self.cursor.execute("select n, d, f, b from py_t").fetchone()
        self.assertEqual(tuple(row), (-(2**62), decimal.Decimal("-12345678901.2345"), 0.1, True))

    def test_dates(self):
        self.table("d date, t time, m timestamp")
        moment = datetime.datetime(2024, 2, 29, 23, 59, 58, 123456)
        self.cursor.execute("insert into py_t values (?, ?, ?)", moment.date(), datetime.time(1, 2, 3), moment)
        row = self.cursor.execute("select d, t, m from py_t").fetchone()
        self.assertEqual(tuple(row), (moment.date(), datetime.time(1, 2, 3), moment))

    def test_procedures(self):
        self.table("n integer, s varchar(20)")
        self.cursor.execute("create procedure py_put(in n integer, in s varchar(20) default 'none') begin insert into py_t values (:n, :s); end")
        self.addCleanup(lambda: self.db.cursor().execute("drop procedure py_put"))
        self.cursor.execute(
            "create procedure py_get(in low integer) dynamic result sets begin "
            "select n from py_t where n < low order by n; select s, n from py_t where n >= low order by n; end"
        )
        self.addCleanup(lambda: self.db.cursor().execute("drop procedure py_get"))
        self.assertEqual(self.cursor.execute("{call py_put(?, ?)}", 1, "Ж😀").rowcount, 1)
        self.cursor.execute("{call py_put(2)}")
        self.cursor.execute("{CALL py_put (3, 'it''s')}")
        self.assertEqual([tuple(row) for row in self.cursor.execute("{call py_get(?)}", 2)], [(1,)])
        self.assertTrue(self.cursor.nextset())
        self.assertEqual([tuple(row) for row in self.cursor.fetchall()], [("none", 2), ("it's", 3)])
        self.assertFalse(self.cursor.nextset())
        names = {row.procedure_name for row in self.cursor.procedures(procedure="py!_%".replace("!", "\\"))}
        self.assertEqual(names, {"py_put", "py_get"})
        columns = [(row.column_name, row.type_name) for row in self.cursor.procedureColumns(procedure="py_put")]
        self.assertEqual(columns, [("n", "INTEGER"), ("s", "VARCHAR")])
        with self.assertRaises(pyodbc.Error) as failed:
            self.cursor.execute("{call py_nothing(?)}", 1)
        self.assertIn("-428", str(failed.exception))

    def test_a_megabyte_both_ways(self):
        self.table("n integer, body longvarchar, raw longvarbinary")
        text = "".join(f"line {i} Ж😀;" for i in range(80_000))
        raw = bytes(range(256)) * 4096
        self.assertGreater(len(text), 2**20)
        self.cursor.execute("insert into py_t values (1, ?, ?)", text, raw)
        row = self.cursor.execute("select body, raw from py_t").fetchone()
        self.assertEqual(len(row.body), len(text))
        self.assertTrue(row.body == text)
        self.assertTrue(row.raw == raw)

    def test_errors(self):
        with self.assertRaises(pyodbc.ProgrammingError) as caught:
            self.cursor.execute("select * from Nowhere")
        self.assertEqual(caught.exception.args[0], "42S02")
        self.assertIn("NOWHERE", caught.exception.args[1])
        self.table("n integer not null primary key")
        self.cursor.execute("insert into py_t values (1)")
        with self.assertRaises(pyodbc.IntegrityError):
            self.cursor.execute("insert into py_t values (1)")
        with self.assertRaises(pyodbc.InterfaceError) as caught:
            pyodbc.connect("DSN=box;PWD=zQ7canary")
        self.assertEqual(caught.exception.args[0], "28000")
        self.assertNotIn("zQ7canary", str(caught.exception))

    def test_transactions(self):
        self.table("n integer")
        with pyodbc.connect("DSN=box") as other:
            cursor = other.cursor()
            cursor.execute("insert into py_t values (1)")
            other.rollback()
            cursor.execute("insert into py_t values (2)")
            self.assertEqual(cursor.rowcount, 1)
            other.commit()
        self.assertEqual([row.n for row in self.cursor.execute("select n from py_t")], [2])

    def test_many(self):
        self.table("n integer, s varchar(20)")
        self.cursor.fast_executemany = True
        self.cursor.executemany("insert into py_t values (?, ?)", [(i, f"Ж{i}😀") for i in range(2000)])
        self.cursor.fast_executemany = False
        self.cursor.executemany("insert into py_t values (?, ?)", [(i, None) for i in range(2000, 2010)])
        self.assertEqual(tuple(self.cursor.execute("select count(*), count(s) from py_t").fetchone()), (2010, 2000))
        self.assertEqual(self.cursor.execute("select s from py_t where n = 1999").fetchval(), "Ж1999😀")

    def test_many_calls_with_results(self):
        self.table("n integer")
        self.cursor.execute("create procedure py_add(in n integer) dynamic result sets begin insert into py_t values (:n); select count(*) from py_t; end")
        self.addCleanup(lambda: self.db.cursor().execute("drop procedure py_add"))
        with pyodbc.connect("DSN=box", autocommit=False) as other:
            cursor = other.cursor()
            cursor.fast_executemany = True
            cursor.executemany("{call py_add(?)}", [(1,), (2,), (3,)])
            other.commit()
            cursor.close()
        self.assertEqual([row.n for row in self.cursor.execute("select n from py_t order by n")], [1, 2, 3])

    def test_catalog(self):
        self.table("Id integer not null primary key, Label varchar(20)")
        self.assertEqual([row.table_name for row in self.cursor.tables(table="py%", schema="SQLUser")], ["py_t"])
        self.assertEqual([row.column_name for row in self.cursor.columns(table="py_t")], ["Id", "Label"])
        self.assertEqual([row.column_name for row in self.cursor.primaryKeys("py_t")], ["Id"])
        self.assertEqual(self.db.getinfo(pyodbc.SQL_DBMS_NAME), "InterSystems IRIS")
        self.assertIn("VARCHAR", [row.type_name for row in self.cursor.getTypeInfo()])


if __name__ == "__main__":
    unittest.main()
