"""LibreOffice Base without a screen, through UNO: its ODBC bridge, its tables, its row sets."""

import contextlib
import os
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.sdbc import SQLException

sys.path.insert(0, sys.argv[1])
from tap import BIG, case, equal, run

FOLDER = os.environ["HOME"]
PIPE = f"irislink{os.getpid()}"
OFFICE = subprocess.Popen(
    [
        "soffice",
        "--headless",
        "--nologo",
        "--nodefault",
        "--norestore",
        f"-env:UserInstallation=file://{FOLDER}/office",
        f"--accept=pipe,name={PIPE};urp;StarOffice.ComponentContext",
    ]
)


def reach():
    """The office's component context; it takes some seconds to start."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(240):
        try:
            return resolver.resolve(f"uno:pipe,name={PIPE};urp;StarOffice.ComponentContext")
        except Exception:  # noqa: BLE001 - not there yet
            time.sleep(0.25)
    raise RuntimeError("the office did not start")


def service(name):
    return CONTEXT.ServiceManager.createInstanceWithContext(name, CONTEXT)


def column(statement_or_rows, kind="String", number=1):
    rows = statement_or_rows
    out = []
    while rows.next():
        value = getattr(rows, f"get{kind}")(number)
        out.append(None if rows.wasNull() else value)
    rows.close()
    return out


def query(sql):
    return DB.createStatement().executeQuery(sql)


def update(sql):
    return DB.createStatement().executeUpdate(sql)


CONTEXT = reach()
DB = service("com.sun.star.sdbc.DriverManager").getConnectionWithInfo("sdbc:odbc:box", (PropertyValue("CharSet", 0, "utf-8", 0),))


@case
def connect():
    equal(DB.getMetaData().getDatabaseProductName(), "InterSystems IRIS")


@case
def ddl_and_tables_listed():
    update("create table l_ddl (Id integer not null primary key, Label varchar(20), D numeric(18,4))")
    equal(column(DB.getMetaData().getTables(None, "SQLUser", "l%", ("TABLE",)), number=3), ["l_ddl"])
    equal(column(DB.getMetaData().getColumns(None, "SQLUser", "l_ddl", "%"), number=4), ["Id", "Label", "D"])
    equal(column(DB.getMetaData().getPrimaryKeys(None, "SQLUser", "l_ddl"), number=4), ["Id"])


@case
def unicode_and_null():
    texts = ["Ж äö € 😀 𝒳", "", None, "it's"]
    update("create table l_u (n integer not null primary key, s varchar(200))")
    insert = DB.prepareStatement("insert into l_u values (?, ?)")
    for n, text in enumerate(texts):
        insert.setInt(1, n)
        if text is None:
            insert.setNull(2, 12)
        else:
            insert.setString(2, text)
        insert.executeUpdate()
    insert.close()
    equal(column(query("select s from l_u order by n")), texts)
    equal(column(query("select '😀 Ж'")), ["😀 Ж"])


@case
def decimals_and_numbers():
    update("create table l_n (a bigint, d numeric(18,4), e double, f bit)")
    update("insert into l_n values (-4611686018427387904, -12345678901234.5678, 0.1, 1)")
    equal(column(query("select d from l_n")), ["-12345678901234.5678"])
    equal(column(query("select a from l_n"), "Long"), [-(2**62)])
    equal(column(query("select e from l_n"), "Double"), [0.1])
    equal(column(query("select f from l_n"), "Boolean"), [True])


@case
def timestamps():
    update("create table l_m (m timestamp)")
    update("insert into l_m values ('2024-02-29 23:59:58.123456')")
    moment = column(query("select m from l_m"), "Timestamp")[0]
    equal((moment.Year, moment.Month, moment.Day, moment.Hours, moment.Seconds, moment.NanoSeconds), (2024, 2, 29, 23, 58, 123456000))


@case
def a_mebibyte_of_text_and_of_bytes():
    # LibreOffice asks for long text in pieces of 2,047 bytes and makes text of each alone, so it loses characters of
    # several bytes that lie across. The bytes come and go as streams: strings of this size take the bridge minutes.
    text = BIG.translate({0x416: "z", 0x1F600: "e"}).encode() * 2
    update("create table l_l (n integer, body longvarchar, raw longvarbinary)")
    insert = DB.prepareStatement("insert into l_l values (1, ?, ?)")
    stream = CONTEXT.ServiceManager.createInstanceWithArgumentsAndContext("com.sun.star.io.SequenceInputStream", (uno.ByteSequence(text),), CONTEXT)
    insert.setCharacterStream(1, stream, len(text))
    insert.setBytes(2, uno.ByteSequence(text))
    insert.executeUpdate()
    insert.close()
    rows = query("select raw, char_length(body) as n, substring(body, 1000001, 16) as s from l_l")
    rows.next()
    equal(rows.getBytes(1).value == text, True)
    equal((rows.getInt(2), rows.getString(3).encode()), (len(text), text[1000000:1000016]))
    rows.close()


@case
def errors():
    for state, sql in (("42S02", "select * from Nowhere"), ("23000", "insert into l_u values (0, 'again')")):
        try:
            DB.createStatement().executeQuery(sql)
        except SQLException as error:
            equal(error.SQLState, state)
        else:
            raise AssertionError("was not refused")


@case
def transactions():
    update("create table l_t (n integer)")
    DB.setAutoCommit(False)
    update("insert into l_t values (1)")
    DB.rollback()
    update("insert into l_t values (2)")
    DB.commit()
    DB.setAutoCommit(True)
    equal(column(query("select n from l_t"), "Int"), [2])


@case
def a_database_document_with_the_tables():
    """What a person does in Base: a document on the data source, its tables, a table opened."""
    source = service("com.sun.star.sdb.DatabaseContext").createInstance()
    source.URL = "sdbc:odbc:box"
    source.Info = (PropertyValue("CharSet", 0, "utf-8", 0),)
    place = f"file://{FOLDER}/box.odb"
    source.DatabaseDocument.storeAsURL(place, (PropertyValue("Overwrite", 0, True, 0),))
    connection = source.getConnection("demo", "demo")
    try:
        names = connection.getTables().getElementNames()
        equal(any(name.endswith("l_u") for name in names), True)
        rows = service("com.sun.star.sdb.RowSet")
        rows.ActiveConnection = connection
        rows.CommandType = 0  # a table
        rows.Command = next(name for name in names if name.endswith("l_u"))
        rows.execute()
        seen = {}
        while rows.next():
            seen[rows.getInt(1)] = rows.getString(2)
        equal((len(seen), seen[0]), (4, "Ж äö € 😀 𝒳"))
        rows.dispose()
    finally:
        connection.close()


print("# version: LibreOffice", subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "libreoffice-base-core"], capture_output=True, text=True).stdout)
try:
    STATUS = run()
    DB.close()
finally:
    with contextlib.suppress(Exception):  # it closes the line as it goes
        service("com.sun.star.frame.Desktop").terminate()
    try:
        OFFICE.wait(timeout=20)
    except subprocess.TimeoutExpired:
        OFFICE.kill()
sys.exit(STATUS)
