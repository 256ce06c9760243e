"""What differential.py sees otherwise by the vendor's module (5.4.1) than by ours, and why that is right: the titles are those of the
table in docs/python.md. Of each case: what they give, what ours gives."""

DIFFERENCES = {
    "whole and short decimals": {
        "NUMERIC(18,4): Decimal Decimal('100')": ("int 100", "Decimal Decimal('100.0000')"),
        "NUMERIC(18,4): Decimal Decimal('1E+3')": ("int 1000", "Decimal Decimal('1000.0000')"),
        "NUMERIC(18,4): int 7": ("int 7", "Decimal Decimal('7.0000')"),
        "NUMERIC(18,4): float 0.5": ("Decimal Decimal('0.5')", "Decimal Decimal('0.5000')"),
        "NUMERIC(18,4): str '2.50'": ("Decimal Decimal('2.5')", "Decimal Decimal('2.5000')"),
        "NUMERIC(18,0): Decimal Decimal('5')": ("int 5", "Decimal Decimal('5')"),
        "NUMERIC(18,0): Decimal Decimal('123456789012345678')": ("int 123456789012345678", "Decimal Decimal('123456789012345678')"),
        "callproc: a returned value": ("[Decimal Decimal('2.5'), Decimal Decimal('1.25')]", "[Decimal Decimal('2.50'), Decimal Decimal('1.25')]"),
    },
    "dates and times": {
        "DATE: date datetime.date(2024, 2, 29)": ("str '2024-02-29'", "date datetime.date(2024, 2, 29)"),
        "DATE: date datetime.date(1841, 1, 1)": ("str '1841-01-01'", "date datetime.date(1841, 1, 1)"),
        "DATE: date datetime.date(9999, 12, 31)": ("str '9999-12-31'", "date datetime.date(9999, 12, 31)"),
        "DATE: str '2024-02-29'": ("str '2024-02-29'", "date datetime.date(2024, 2, 29)"),
        "TIME: time datetime.time(10, 20, 30)": ("str '10:20:30'", "time datetime.time(10, 20, 30)"),
        "TIME: time datetime.time(0, 0)": ("str '00:00:00'", "time datetime.time(0, 0)"),
        "TIME: str '10:20:30'": ("str '10:20:30'", "time datetime.time(10, 20, 30)"),
        "TIME(6): time datetime.time(10, 20, 30, 500000)": ("str '10:20:30.5'", "time datetime.time(10, 20, 30, 500000)"),
        "TIMESTAMP: datetime datetime.datetime(2024, 2, 29, 10, 20, 30)": ("str '2024-02-29 10:20:30'", "datetime datetime.datetime(2024, 2, 29, 10, 20, 30)"),
        "TIMESTAMP: datetime datetime.datetime(2024, 2, 29, 0, 0)": ("str '2024-02-29 00:00:00'", "datetime datetime.datetime(2024, 2, 29, 0, 0)"),
        "TIMESTAMP: str '2024-02-29 10:20:30'": ("str '2024-02-29 10:20:30'", "datetime datetime.datetime(2024, 2, 29, 10, 20, 30)"),
        "TIMESTAMP(6): datetime datetime.datetime(2024, 2, 29, 10, 20, 30, 500000)": (
            "str '2024-02-29 10:20:30.5'",
            "datetime datetime.datetime(2024, 2, 29, 10, 20, 30, 500000)",
        ),
        "TIMESTAMP(6): datetime datetime.datetime(2024, 2, 29, 10, 20, 30, 123456)": (
            "str '2024-02-29 10:20:30.123456'",
            "datetime datetime.datetime(2024, 2, 29, 10, 20, 30, 123456)",
        ),
        "callproc: types that come out": (
            "[int 1, str '2024-02-29', Decimal Decimal('2.5'), str '', None]",
            "[int 1, date datetime.date(2024, 2, 29), Decimal Decimal('2.50'), str '', None]",
        ),
        "select casts": (
            "[int 5, Decimal Decimal('1.25'), float 0.5, str '2024-02-29', str '7']",
            "[int 5, Decimal Decimal('1.25'), float 0.5, date datetime.date(2024, 2, 29), str '7']",
        ),
    },
    "literals": {
        "select literals": (
            "[str '1', str \"it's\", None, str '', str '1.5', str '-3', str 'Zoë 😀']",
            "[int 1, str \"it's\", None, str '', Decimal Decimal('1.5'), int -3, str 'Zoë 😀']",
        ),
        "select arithmetic": (
            "[float 3.5, int 14, float 0.3333333333333333, float 2.5]",
            "[float 3.5, int 14, float 0.3333333333333333, Decimal Decimal('2.5')]",
        ),
        "select functions": ("[str 'ZOË', int 1, str 'x', float 2.57]", "[str 'ZOË', int 1, str 'x', Decimal Decimal('2.570')]"),
        "the connection works after an error": ("[str '42']", "[int 42]"),
    },
    "a text of one NUL": {
        "VARCHAR(200): str '\\x00'": ("str ''", "str '\\x00'"),
    },
    "lists": {
        "a list as a parameter": ("ProgrammingError 0", "[bytes b'\\x03\\x01a\\x03\\x04\\x01']"),
        "an empty list as a parameter": ("ProgrammingError 0", "DataError 0"),
    },
    "other buffers of bytes": {
        "VARBINARY(200): bytearray bytearray(b'ab')": ("DataError 0", "bytes b'ab'"),
        "VARBINARY(200): memoryview of b'ab'": ("DataError 0", "bytes b'ab'"),
    },
    "integers beyond 64 bits": {
        "BIGINT: int 9223372036854775808": ("DataError -104", "DataError 0"),
        "not a value: 2**200": ("[None, str '1606938044258990275541962092341162602522202993782792835301376']", "DataError 0"),
    },
    "sizes in description": {
        "description of VARCHAR(200): display_size": ("None", "int 200"),
        "description of VARCHAR(200): precision": ("int 200", "None"),
        "description of VARCHAR(200): scale": ("int 0", "None"),
        "description of CHAR(10): display_size": ("None", "int 10"),
        "description of CHAR(10): precision": ("int 10", "None"),
        "description of CHAR(10): scale": ("int 0", "None"),
        "description of VARBINARY(200): display_size": ("None", "int 200"),
        "description of VARBINARY(200): precision": ("int 200", "None"),
        "description of VARBINARY(200): scale": ("int 0", "None"),
        "description of LONGVARCHAR: display_size": ("None", "int 2147483647"),
        "description of LONGVARCHAR: precision": ("int 2147483647", "None"),
        "description of LONGVARCHAR: scale": ("int 0", "None"),
        "description of LONGVARBINARY: display_size": ("None", "int 2147483647"),
        "description of LONGVARBINARY: precision": ("int 2147483647", "None"),
        "description of LONGVARBINARY: scale": ("int 0", "None"),
    },
    "type objects": {
        "BIGINT is ROWID": ("bool False", "bool True"),
        "UNIQUEIDENTIFIER is STRING": ("bool True", "bool False"),
    },
    "fetching at the end": {
        "fetchmany": ("TypeError 0", "[int 4, int 4, int 2, int 0]"),
        "fetchall after fetchone, and again": ("TypeError 0", "[int 9, int 0, None]"),
    },
    "rows": {
        "a row is equal to a tuple": ("bool False", "bool True"),
    },
    "lastrowid": {
        "lastrowid": ("ProgrammingError -428", "[int 1, int 2]"),
    },
    "executemany": {
        "executemany of a generator": ("TypeError 0", "[int 3, [[int 0, str 'v0'], [int 1, str 'v1'], [int 2, str 'v2']]]"),
        "executemany of nothing": ("ProgrammingError 0", "[int 0, []]"),
    },
    "callproc": {
        "callproc: its name alone": ("ProgrammingError 0", "[int 7, int 10, str 'got 7']"),
    },
    "SQLCODE -104": {
        "error: a text that is no number": ("DataError -104", "IntegrityError -104"),
        "error: a text that is too long": ("DataError -104", "IntegrityError -104"),
    },
    "surplus parameters": {
        "error: too many parameters": ("None", "ProgrammingError 0"),
    },
    "no connection": {
        "error: a wrong password": ("RuntimeError 0", "OperationalError 417"),
        "error: nobody listens": ("RuntimeError 0", "OperationalError 90011"),
    },
    "closed connections": {
        "error: a closed connection": ("ProgrammingError 0", "InterfaceError 0"),
        "error: a cursor of a closed connection": ("ProgrammingError 0", "InterfaceError 0"),
    },
    "autocommit": {
        "an insert on a new connection without commit, seen from outside": ("int 1", "int 0"),
    },
    "threadsafety": {
        "module attributes": ("[str '2.0', str 'qmark', int 1]", "[str '2.0', str 'qmark', int 2]"),
    },
}
