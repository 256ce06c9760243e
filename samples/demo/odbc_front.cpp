// The driver manager's functions, as any ODBC program calls them.

#include <sql.h>
#include <sqlext.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>

#include "samples/demo/front.hpp"

namespace demo {
namespace {

// Connection attribute of the second factor: whether the server asks (get), the one-time code (set).
constexpr SQLINTEGER second_factor = 1002;

// Functions of ODBC take what they only read as if they wrote it.
SQLCHAR* text(const std::string& in) {
    return reinterpret_cast<SQLCHAR*>(const_cast<char*>(in.c_str()));
}

std::string text(const SQLCHAR* in) {
    return reinterpret_cast<const char*>(in);
}

// What a record says, without the names of who says it: "[irislink][ODBC driver][IRIS] ".
std::string words_of(std::string record) {
    while (record.starts_with('[') && record.find(']') != std::string::npos) record.erase(0, record.find(']') + 1);
    return record.substr(std::min(record.find_first_not_of(' '), record.size()));
}

// ODBC shows a NUMERIC with all the digits of its column's scale; a session's answer has none that say nothing.
std::string without_zeros(std::string number) {
    if (number.find('.') == std::string::npos) return number;
    number.erase(number.find_last_not_of('0') + 1);
    if (number.ends_with('.')) number.pop_back();
    return number;
}

class odbc_handle {
public:
    odbc_handle(SQLSMALLINT type, SQLHANDLE within) : type_(type) {
        if (!SQL_SUCCEEDED(SQLAllocHandle(type, within, &handle_))) throw front_error("HY000", "the driver manager gives no handle");
    }

    ~odbc_handle() { SQLFreeHandle(type_, handle_); }

    odbc_handle(const odbc_handle&) = delete;
    odbc_handle& operator=(const odbc_handle&) = delete;

    [[nodiscard]] SQLHANDLE get() const noexcept { return handle_; }

    // Passes what succeeded or has no (more) data; for the rest throws the first record.
    SQLRETURN check(SQLRETURN outcome) const {
        if (SQL_SUCCEEDED(outcome) || outcome == SQL_NO_DATA) return outcome;
        std::array<SQLCHAR, 6> state{};
        std::array<SQLCHAR, 1000> words{};
        SQLINTEGER native = 0;
        SQLSMALLINT size = 0;
        if (!SQL_SUCCEEDED(SQLGetDiagRec(type_, handle_, 1, state.data(), &native, words.data(), SQLSMALLINT{words.size()}, &size)))
            throw front_error("HY000", "failed without a record");
        throw front_error(text(state.data()), words_of(text(words.data())));
    }

private:
    SQLSMALLINT type_;
    SQLHANDLE handle_{nullptr};
};

odbc_handle& environment() {
    static odbc_handle one(SQL_HANDLE_ENV, SQL_NULL_HANDLE);
    // NOLINTNEXTLINE(performance-no-int-to-ptr): a number in a pointer is how ODBC has it
    one.check(SQLSetEnvAttr(one.get(), SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3_80), 0));
    return one;
}

class odbc_session : public session {
public:
    explicit odbc_session(const login& in) : line_(SQL_HANDLE_DBC, environment().get()) {
        const auto target = "DRIVER={irislink};" + connection_string(in);
        line_.check(SQLDriverConnect(line_.get(), nullptr, text(target), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT));
        try {
            if (in.code) answer(in.code);
        } catch (...) {
            SQLDisconnect(line_.get());
            throw;
        }
    }

    ~odbc_session() override { SQLDisconnect(line_.get()); }

    std::vector<std::string> ask(const std::string& sql) override {
        const odbc_handle statement(SQL_HANDLE_STMT, line_.get());
        statement.check(SQLExecDirect(statement.get(), text(sql), SQL_NTS));
        SQLSMALLINT columns = 0;
        statement.check(SQLNumResultCols(statement.get(), &columns));
        std::vector<std::string> lines;
        while (statement.check(SQLFetch(statement.get())) != SQL_NO_DATA) {
            std::string line;
            for (SQLSMALLINT i = 1; i <= columns; ++i) line += (i > 1 ? ", " : "") + cell(statement, static_cast<SQLUSMALLINT>(i));
            lines.push_back(std::move(line));
        }
        return lines;
    }

private:
    void answer(const std::function<std::string()>& code) const {
        SQLINTEGER asked = 0;
        line_.check(SQLGetConnectAttr(line_.get(), second_factor, &asked, SQL_IS_INTEGER, nullptr));
        if (asked == 0) throw front_error("HY000", "no second factor was asked for");
        line_.check(SQLSetConnectAttr(line_.get(), second_factor, text(code()), SQL_NTS));
    }

    static std::string cell(const odbc_handle& statement, SQLUSMALLINT column) {
        std::string out;
        SQLRETURN got = SQL_SUCCESS_WITH_INFO;
        while (got == SQL_SUCCESS_WITH_INFO) {
            std::array<SQLCHAR, 256> piece{};
            SQLLEN size = 0;
            got = statement.check(SQLGetData(statement.get(), column, SQL_C_CHAR, piece.data(), SQLLEN{piece.size()}, &size));
            if (size == SQL_NULL_DATA) return "NULL";
            out += text(piece.data());
        }
        SQLLEN type = 0;
        statement.check(SQLColAttribute(statement.get(), column, SQL_DESC_CONCISE_TYPE, nullptr, 0, nullptr, &type));
        return type == SQL_NUMERIC || type == SQL_DECIMAL ? without_zeros(std::move(out)) : out;
    }

    odbc_handle line_;
};

} // namespace

void declare_odbc_driver(const std::string& driver, const std::string& folder) {
    std::ofstream(folder + "/odbcinst.ini") << "[irislink]\nDriver=" << driver << "\nThreading=0\n";
    ::setenv("ODBCSYSINI", folder.c_str(), 1);
    ::setenv("ODBCINI", (folder + "/odbc.ini").c_str(), 1);
}

std::unique_ptr<session> open_by_odbc(const login& in) {
    return std::make_unique<odbc_session>(in);
}

} // namespace demo
