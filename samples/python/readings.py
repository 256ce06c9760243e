#!/usr/bin/env python3
"""Loads a CSV file of two columns (a timestamp and a number) and shows its warmest months.

samples/python/readings.py iris://demo:demo@localhost/USER samples/data/sf-temps.csv
"""

import csv
import sys
from datetime import datetime
from decimal import Decimal

import irislink


def rows_of(file):
    reader = csv.reader(file)
    next(reader)  # the names of the columns
    for number, moment in reader:
        yield datetime.strptime(moment, "%Y/%m/%d %H:%M:%S"), Decimal(number)


def main(target, path):
    with irislink.connect(target) as db:
        cursor = db.cursor()
        cursor.execute("create table if not exists Sample.Reading (At timestamp, Fahrenheit numeric(5,1))")
        cursor.execute("delete from Sample.Reading")
        with open(path, encoding="utf-8", newline="") as file:
            cursor.executemany("insert into Sample.Reading values (?, ?)", rows_of(file))
        print(f"{cursor.rowcount} readings")
        cursor.execute("select top 3 month(At) as M, max(Fahrenheit) from Sample.Reading group by month(At) order by 2 desc, 1")
        for month, warmest in cursor:
            print(f"month {month:2}: {warmest} F")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except irislink.Error as failed:
        sys.exit(str(failed))
    except TypeError:
        sys.exit(__doc__)
