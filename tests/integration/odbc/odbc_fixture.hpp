#pragma once
// A sandbox, a private ODBCSYSINI with the built driver in it, and thin wrappers over the driver
// manager's functions that say what went wrong.

#include <gtest/gtest.h>
#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/sandbox_runner/sandbox_runner.hpp"

namespace irislink::test {

inline SQLCHAR* text(const char* in) {
    return reinterpret_cast<SQLCHAR*>(const_cast<char*>(in));
}

inline SQLCHAR* text(const std::string& in) {
    return text(in.c_str());
}

inline SQLWCHAR* wide(const std::u16string& in) {
    return reinterpret_cast<SQLWCHAR*>(const_cast<char16_t*>(in.c_str()));
}

inline std::u16string from_wide(const SQLWCHAR* in) {
    return reinterpret_cast<const char16_t*>(in);
}

// "42S02 -30 [irislink]...", one line per record.
inline std::string problems(SQLSMALLINT type, SQLHANDLE of) {
    std::string out;
    for (SQLSMALLINT i = 1; i < 20; ++i) {
        SQLCHAR state[6]{};
        SQLCHAR message[2000]{};
        SQLINTEGER native = 0;
        SQLSMALLINT length = 0;
        if (!SQL_SUCCEEDED(SQLGetDiagRec(type, of, i, state, &native, message, sizeof message, &length))) break;
        out += std::string(reinterpret_cast<char*>(state)) + " " + std::to_string(native) + " " + reinterpret_cast<char*>(message) + "\n";
    }
    return out;
}

inline std::string state_of(SQLSMALLINT type, SQLHANDLE of) {
    return problems(type, of).substr(0, 5);
}

// Handles, and nothing to connect to.
class OdbcHandles : public ::testing::Test {
protected:
    OdbcHandles() {
        setenv("ODBCSYSINI", folder().c_str(), 1);
        setenv("ODBCINI", (folder().path / "odbc.ini").c_str(), 1);
        setenv("HOME", folder().c_str(), 1);
    }

    void SetUp() override {
        ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment_), SQL_SUCCESS);
        ASSERT_EQ(SQLSetEnvAttr(environment_, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3), 0), SQL_SUCCESS);
        ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_DBC, environment_, &connection_), SQL_SUCCESS);
    }

    void TearDown() override {
        if (statement_ != nullptr) SQLFreeHandle(SQL_HANDLE_STMT, statement_);
        if (connection_ != nullptr) {
            SQLDisconnect(connection_);
            SQLFreeHandle(SQL_HANDLE_DBC, connection_);
        }
        if (environment_ != nullptr) SQLFreeHandle(SQL_HANDLE_ENV, environment_);
    }

    // One per process: the driver manager remembers what it read.
    struct ini_folder {
        ini_folder() {
            char name[] = "/tmp/irislink-odbc-XXXXXX";
            path = mkdtemp(name);
            std::ofstream(path / "odbcinst.ini") << "[irislink]\nDescription=irislink\nDriver=" IRISLINK_ODBC_DRIVER "\nThreading=0\n";
        }

        ~ini_folder() { std::filesystem::remove_all(path); }

        ini_folder(const ini_folder&) = delete;
        ini_folder& operator=(const ini_folder&) = delete;

        [[nodiscard]] const char* c_str() const noexcept { return path.c_str(); }

        std::filesystem::path path;
    };

    static const ini_folder& folder() {
        static const ini_folder instance;
        return instance;
    }

    void run(const std::string& sql) {
        const auto done = SQLExecDirect(statement_, text(sql), SQL_NTS);
        ASSERT_TRUE(SQL_SUCCEEDED(done) || done == SQL_NO_DATA) << sql << "\n" << why();
    }

    [[nodiscard]] std::string why() const { return problems(SQL_HANDLE_STMT, statement_); }

    [[nodiscard]] std::string state() const { return state_of(SQL_HANDLE_STMT, statement_); }

    // Column 1 of the row the cursor stands on.
    [[nodiscard]] std::string cell(SQLUSMALLINT column = 1) {
        SQLCHAR out[1000]{};
        SQLLEN length = 0;
        EXPECT_TRUE(SQL_SUCCEEDED(SQLGetData(statement_, column, SQL_C_CHAR, out, sizeof out, &length))) << why();
        return length == SQL_NULL_DATA ? "NULL" : reinterpret_cast<char*>(out);
    }

    // "1|one;2|two": what is left of the current result; "none" without columns.
    [[nodiscard]] std::string rows() {
        std::string out;
        SQLSMALLINT width = 0;
        SQLNumResultCols(statement_, &width);
        if (width == 0) return "none";
        while (SQL_SUCCEEDED(SQLFetch(statement_))) {
            out += out.empty() ? "" : ";";
            for (SQLSMALLINT i = 1; i <= width; ++i) out += (i == 1 ? "" : "|") + cell(static_cast<SQLUSMALLINT>(i));
        }
        return out;
    }

    // SQL_DIAG_ROW_NUMBER of a record.
    [[nodiscard]] SQLLEN row_told(SQLSMALLINT record = 1) {
        SQLLEN row = 0;
        EXPECT_EQ(SQLGetDiagField(SQL_HANDLE_STMT, statement_, record, SQL_DIAG_ROW_NUMBER, &row, 0, nullptr), SQL_SUCCESS);
        return row;
    }

    // The only cell of a query.
    [[nodiscard]] std::string ask(const std::string& sql) {
        run(sql);
        EXPECT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
        const auto out = cell();
        EXPECT_EQ(SQLCloseCursor(statement_), SQL_SUCCESS);
        return out;
    }

    // The connection string for a server on this machine.
    [[nodiscard]] static std::string target_at(std::uint16_t port, const std::string& more = {}) {
        return "DRIVER={irislink};Server=127.0.0.1;Port=" + std::to_string(port) + ";UID=demo;PWD=demo;" + more;
    }

    // Of the connection.
    [[nodiscard]] std::string why_not() const { return problems(SQL_HANDLE_DBC, connection_); }

    SQLHENV environment_{nullptr};
    SQLHDBC connection_{nullptr};
    SQLHSTMT statement_{nullptr};
};

class OdbcTest : public OdbcHandles {
protected:
    OdbcTest() : dsn_("box" + std::to_string(++data_sources_)) { write_dsn(); }

    void write_dsn(const std::string& more = {}) {
        std::ofstream(folder().path / "odbc.ini") << "[" << dsn_ << "]\nDriver=irislink\nServer=127.0.0.1\nPort=" << server_.port()
                                                  << "\nDatabase=USER\nUID=demo\n"
                                                  << more;
    }

    [[nodiscard]] std::string target() const { return target_at(server_.port()); }

    void connect() {
        ASSERT_EQ(SQLConnect(connection_, text(dsn_), SQL_NTS, nullptr, 0, text("demo"), SQL_NTS), SQL_SUCCESS) << problems(SQL_HANDLE_DBC, connection_);
        ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &statement_), SQL_SUCCESS);
    }

    // The connection string that comes back is in completed_.
    SQLRETURN driver_connect(const std::string& target) {
        SQLCHAR out[1024]{};
        SQLSMALLINT length = 0;
        const auto done = SQLDriverConnect(connection_, nullptr, text(target), SQL_NTS, out, sizeof out, &length, SQL_DRIVER_NOPROMPT);
        completed_ = reinterpret_cast<char*>(out);
        return done;
    }

    inline static int data_sources_ = 0;
    std::string completed_;
    std::string dsn_;
    sandbox_runner server_;
};

} // namespace irislink::test
