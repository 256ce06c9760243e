/* What unixODBC's slencheck looks at: how many bytes the driver writes for an SQLLEN. */
#include <sql.h>
#include <sqlext.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char** argv) {
    SQLHANDLE environment, connection, statement;
    unsigned char memory[16];
    int size = 0;
    if (argc != 2) return 2;
    SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment);
    SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0);
    SQLAllocHandle(SQL_HANDLE_DBC, environment, &connection);
    if (!SQL_SUCCEEDED(SQLConnect(connection, (SQLCHAR*)argv[1], SQL_NTS, NULL, 0, NULL, 0))) return 1;
    SQLAllocHandle(SQL_HANDLE_STMT, connection, &statement);
    if (!SQL_SUCCEEDED(SQLTables(statement, NULL, 0, NULL, 0, NULL, 0, NULL, 0))) return 1;
    memset(memory, 0xde, sizeof memory);
    if (!SQL_SUCCEEDED(SQLRowCount(statement, (SQLLEN*)memory))) return 1;
    for (size = 0; size < 16 && memory[size] != 0xde; ++size) {
    }
    printf("sizeof(SQLLEN) == %d\n", size);
    SQLFreeHandle(SQL_HANDLE_STMT, statement);
    SQLDisconnect(connection);
    SQLFreeHandle(SQL_HANDLE_DBC, connection);
    SQLFreeHandle(SQL_HANDLE_ENV, environment);
    return 0;
}
