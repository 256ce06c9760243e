// The module as programs and driver managers load it and let go of it.

#include <malloc.h>

#include "tests/integration/odbc/odbc_module.hpp"

namespace irislink::test {
namespace {

// What a process has that could become more with every loading.
struct process_size {
    std::size_t files{entries("/proc/self/fd")};
    std::size_t threads{entries("/proc/self/task")};
    std::size_t mappings{lines("/proc/self/maps")};
    std::size_t bytes{::mallinfo2().uordblks}; // 0 with a sanitizer's allocator

    static std::size_t entries(const char* folder) {
        const std::filesystem::directory_iterator all(folder);
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    }

    static std::size_t lines(const char* file) {
        std::size_t out = 0;
        std::ifstream in(file);
        for (std::string line; std::getline(in, line);) ++out;
        return out;
    }
};

class OdbcModule : public ::testing::Test {
protected:
    void use_it_once() {
        const module driver;
        SQLHANDLE environment = nullptr;
        SQLHANDLE connection = nullptr;
        SQLHANDLE statement = nullptr;
        SQLINTEGER value = 0;
        const auto target = "DRIVER={irislink};Server=127.0.0.1;Port=" + std::to_string(server_.port()) + ";UID=demo;PWD=demo;";
        ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_ENV, nullptr, &environment), SQL_SUCCESS);
        ASSERT_EQ(IN_DRIVER(SQLSetEnvAttr, environment, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3), 0), SQL_SUCCESS);
        ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_DBC, environment, &connection), SQL_SUCCESS);
        ASSERT_EQ(IN_DRIVER(SQLDriverConnect, connection, nullptr, text(target), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT), SQL_SUCCESS);
        ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_STMT, connection, &statement), SQL_SUCCESS);
        // Beside this thread, so that a thread of the module's has come and gone too.
        ASSERT_EQ(IN_DRIVER(SQLSetStmtAttr, statement, SQL_ATTR_ASYNC_ENABLE, reinterpret_cast<SQLPOINTER>(SQL_ASYNC_ENABLE_ON), 0), SQL_SUCCESS);
        SQLRETURN done = SQL_STILL_EXECUTING;
        while (done == SQL_STILL_EXECUTING) done = IN_DRIVER(SQLExecDirect, statement, text("select 42"), SQL_NTS);
        ASSERT_EQ(done, SQL_SUCCESS);
        ASSERT_EQ(ZEROS(SQLFetch, statement), SQL_SUCCESS);
        ASSERT_EQ(IN_DRIVER(SQLGetData, statement, 1, SQL_C_SLONG, &value, 0, nullptr), SQL_SUCCESS);
        EXPECT_EQ(value, 42);
        ASSERT_EQ(ZEROS(SQLDisconnect, connection), SQL_SUCCESS);
        ASSERT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_DBC, connection), SQL_SUCCESS);
        ASSERT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_ENV, environment), SQL_SUCCESS);
    }

    sandbox_runner server_;
};

TEST_F(OdbcModule, LoadsAndUnloadsAgainAndAgain) {
    // Handles' memory is used again after some.
    for (int i = 0; i < 80; ++i) ASSERT_NO_FATAL_FAILURE(use_it_once());
    const process_size before;
    for (int i = 0; i < 100; ++i) ASSERT_NO_FATAL_FAILURE(use_it_once());
    const process_size after;
    EXPECT_EQ(after.files, before.files);
    EXPECT_EQ(after.threads, before.threads);
    EXPECT_LE(after.mappings, before.mappings + 30) << "a sanitizer's allocator takes some";
    EXPECT_LE(after.bytes, before.bytes + 20'000) << "a hundred times";
}

// A program's global objects free their handles when the driver was let go of already.
TEST_F(OdbcModule, HandlesMayBeFreedAfterTheLastClose) {
    SQLHANDLE environment = nullptr;
    SQLRETURN (*free_handle)(SQLSMALLINT, SQLHANDLE) = nullptr;
    {
        const module driver;
        ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_ENV, nullptr, &environment), SQL_SUCCESS);
        free_handle = driver.find<SQLRETURN (*)(SQLSMALLINT, SQLHANDLE)>("SQLFreeHandle");
    }
    EXPECT_EQ(free_handle(SQL_HANDLE_ENV, environment), SQL_SUCCESS);
    EXPECT_EQ(free_handle(SQL_HANDLE_ENV, environment), SQL_INVALID_HANDLE);
}

} // namespace
} // namespace irislink::test
