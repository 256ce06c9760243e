// ODBC from C++, with an array of parameters. planets-cpp "DSN=irislink-sandbox;UID=demo;PWD=..."
#include <sql.h>
#include <sqlext.h>

#include <iostream>
#include <string>

std::string reason(SQLSMALLINT kind, SQLHANDLE of) {
    std::string state(5, ' '), text(500, ' ');
    SQLSMALLINT length = 0;
    SQLGetDiagRec(kind, of, 1, reinterpret_cast<SQLCHAR*>(state.data()), nullptr, reinterpret_cast<SQLCHAR*>(text.data()), 500, &length);
    return state + " " + text.substr(0, static_cast<std::size_t>(length));
}

int main(int argc, char** argv) try {
    const auto text = [](const char* sql) { return reinterpret_cast<SQLCHAR*>(const_cast<char*>(sql)); };
    SQLHANDLE env, db, on;
    SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env);
    SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3), 0);
    SQLAllocHandle(SQL_HANDLE_DBC, env, &db);
    const auto* target = argc > 1 ? argv[1] : "DSN=irislink-sandbox";
    if (!SQL_SUCCEEDED(SQLDriverConnect(db, nullptr, text(target), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT))) throw reason(SQL_HANDLE_DBC, db);
    SQLAllocHandle(SQL_HANDLE_STMT, db, &on);
    const auto run = [&](const char* sql) {
        if (const auto done = SQLExecDirect(on, text(sql), SQL_NTS); !SQL_SUCCEEDED(done) && done != SQL_NO_DATA) throw reason(SQL_HANDLE_STMT, on);
    };
    run("create table if not exists OdbcPlanet (Name varchar(20), Mass numeric(8,3))");
    run("delete from OdbcPlanet");
    char names[2][20] = {"Mars 🚀", "Earth"}, name[80], mass[20];
    double masses[2] = {0.642, 5.972};
    SQLSetStmtAttr(on, SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(2), 0);
    SQLBindParameter(on, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, names, 20, nullptr);
    SQLBindParameter(on, 2, SQL_PARAM_INPUT, SQL_C_DOUBLE, SQL_NUMERIC, 8, 3, masses, 0, nullptr);
    run("insert into OdbcPlanet values (?, ?)");
    SQLSetStmtAttr(on, SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(1), 0);
    SQLBindCol(on, 1, SQL_C_CHAR, name, sizeof name, nullptr);
    SQLBindCol(on, 2, SQL_C_CHAR, mass, sizeof mass, nullptr);
    run("select Name, Mass from OdbcPlanet where Mass < 10 order by Mass");
    while (SQL_SUCCEEDED(SQLFetch(on))) std::cout << name << ": " << mass << "\n";
    return SQL_SUCCEEDED(SQLDisconnect(db)) ? 0 : 1;

} catch (const std::string& failed) {

    std::cerr << failed << "\n";
    return 1;
}
