#!/usr/bin/env python3
"""Loads a CSV file into a table, column by column, with a progress bar. All of it is there at the end, or none.

samples/python/load_csv.py iris://demo:demo@localhost/USER Demo.Weather samples/data/seattle-weather.csv
"""

import csv
import os
import sys
from datetime import datetime
from decimal import Decimal

from tqdm import tqdm

import irislink


def moment(text):
    return datetime.fromisoformat(text.replace("/", "-"))


FROM_TEXT = {irislink.STRING: str, irislink.NUMBER: Decimal, irislink.DATE: lambda text: moment(text).date(), irislink.TIMESTAMP: moment}


def converter(name, code, *_):
    for kind, function in FROM_TEXT.items():
        if code == kind:
            return function
    sys.exit(f"{name} has a type that this program does not make from text")


def counted(file, bar):
    for line in file:
        bar.update(len(line.encode()))
        yield line


def main(target, table, path):
    with irislink.connect(target) as db, open(path, encoding="utf-8", newline="") as file:
        columns = [converter(*column) for column in db.execute(f"select * from {table} where 1 = 0").description or ()]
        with tqdm(total=os.path.getsize(path), unit="B", unit_scale=True) as bar:
            lines = csv.reader(counted(file, bar))
            next(lines)  # the names of the columns
            rows = ([convert(text) if text else None for convert, text in zip(columns, line)] for line in lines)
            cursor = db.cursor().executemany(f"insert into {table} values ({', '.join('?' * len(columns))})", rows)
    print(f"{cursor.rowcount} rows in {table}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except irislink.Error as failed:
        sys.exit(str(failed))  # it names the row
