"""pyodbc over several ODBC drivers: pyodbc_peers.py ROWS FILE.

FILE has a connection string a line, each to a data source with the rows of the replay server. Prints a figure for each line:
rows per second of elapsed time for fetchall(), medians of rounds in which each runs once. Exit status 1 when rows are missing
or when the first rows of one differ from those of the first in type or value.
"""

import statistics
import sys
import time

import pyodbc

ROWS = int(sys.argv[1])
ROUNDS = 5
QUERY = f"SELECT * FROM replay_{ROWS}"

with open(sys.argv[2], encoding="utf-8") as targets:
    connections = [pyodbc.connect(line.strip(), autocommit=True) for line in targets]


def rate(connection):
    began = time.perf_counter()
    rows = connection.execute(QUERY).fetchall()
    took = time.perf_counter() - began
    if len(rows) != ROWS:
        sys.exit("rows are missing")
    return ROWS / took


# `big` comes from generators of their own.
first = [[(row[0], type(row[1]), *row[2:]) for row in each.execute(QUERY).fetchmany(100)] for each in connections]
if any(rows != first[0] for rows in first):
    sys.exit("the rows differ")
figures = [[rate(each) for each in connections] for _ in range(ROUNDS)]
print(*(statistics.median(each) for each in zip(*figures)))
