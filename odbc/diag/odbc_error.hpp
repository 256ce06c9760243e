#pragma once
// A diagnostic record, and the exception that carries one inside the driver. Nothing is thrown across
// the C boundary: odbc/handle/call.hpp is where it ends.

#include <exception>
#include <string>
#include <string_view>

#include "irislink/error.hpp"
#include "odbc/text/odbc_types.hpp"

namespace irislink::odbc {

struct diag_record {
    std::string sqlstate{"HY000"};
    SQLINTEGER native{0};
    std::string text; // UTF-8, without the prefix
    bool from_server{false};
    SQLLEN row{SQL_NO_ROW_NUMBER};           // 1-based
    SQLINTEGER column{SQL_NO_COLUMN_NUMBER}; // 1-based

    [[nodiscard]] bool is_warning() const noexcept { return sqlstate.starts_with("01"); }
};

// What the client library says, as a record; the hint becomes part of the text.
[[nodiscard]] diag_record record_of(const diagnostic& in);

class odbc_error : public std::exception {
public:
    explicit odbc_error(diag_record record) : record_(std::move(record)) {}

    [[nodiscard]] const char* what() const noexcept override { return record_.text.c_str(); }

    [[nodiscard]] const diag_record& record() const noexcept { return record_; }

private:
    diag_record record_;
};

[[noreturn]] void fail(std::string_view sqlstate, std::string text);
// For a call that the driver does not have in it: HYC00.
[[noreturn]] void not_implemented(std::string_view what);

} // namespace irislink::odbc
