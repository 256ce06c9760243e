/* ODBC from C. planets-c "DSN=irislink-sandbox;UID=demo;PWD=..." */
#include <sql.h>
#include <sqlext.h>
#include <stdio.h>
#include <stdlib.h>

static void check(SQLRETURN done, SQLSMALLINT kind, SQLHANDLE of) {
    SQLCHAR state[6] = "", text[500] = "";
    if (SQL_SUCCEEDED(done) || done == SQL_NO_DATA) return;
    SQLGetDiagRec(kind, of, 1, state, NULL, text, sizeof text, NULL);
    fprintf(stderr, "%s %s\n", state, text);
    exit(1);
}
static void run(SQLHSTMT on, const char* sql) { check(SQLExecDirect(on, (SQLCHAR*)sql, SQL_NTS), SQL_HANDLE_STMT, on); }

int main(int argc, char** argv) {
    SQLHANDLE env, db, on;
    SQLCHAR *target = (SQLCHAR*)(argc > 1 ? argv[1] : "DSN=irislink-sandbox"), name[80], mass[20];
    SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env);
    SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0);
    SQLAllocHandle(SQL_HANDLE_DBC, env, &db);
    check(SQLDriverConnect(db, NULL, target, SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT), SQL_HANDLE_DBC, db);
    SQLAllocHandle(SQL_HANDLE_STMT, db, &on);
    run(on, "create table if not exists OdbcPlanet (Name varchar(20), Mass numeric(8,3))");
    run(on, "delete from OdbcPlanet");
    run(on, "insert into OdbcPlanet select 'Mars 🚀', 0.642 union all select 'Earth', 5.972");
    SQLBindCol(on, 1, SQL_C_CHAR, name, sizeof name, NULL);
    SQLBindCol(on, 2, SQL_C_CHAR, mass, sizeof mass, NULL);
    run(on, "select Name, Mass from OdbcPlanet where Mass < 10 order by Mass");
    while (SQL_SUCCEEDED(SQLFetch(on))) printf("%s: %s\n", name, mass);
    return SQL_SUCCEEDED(SQLDisconnect(db)) ? 0 : 1;
}
