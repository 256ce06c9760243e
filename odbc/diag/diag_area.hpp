#pragma once
// The diagnostics of one handle: header and records of its last call. Protected by the handle's lock.

#include <string>
#include <vector>

#include "odbc/diag/odbc_error.hpp"

namespace irislink::odbc {

class diag_area {
public:
    diag_area();

    void clear() noexcept;

    void add(diag_record record) { records_.push_back(std::move(record)); }

    void warn(std::string_view sqlstate, std::string text);

    // What the call returns: warnings make SQL_SUCCESS SQL_SUCCESS_WITH_INFO. Ranks the records.
    [[nodiscard]] SQLRETURN finish(SQLRETURN outcome) noexcept;
    [[nodiscard]] SQLRETURN fail(const diag_record& record) noexcept;
    [[nodiscard]] SQLRETURN fail(const diagnostic& record) noexcept;
    [[nodiscard]] SQLRETURN fail_out_of_memory() noexcept;
    [[nodiscard]] SQLRETURN fail_general(const char* what) noexcept;

    [[nodiscard]] const std::vector<diag_record>& records() const noexcept { return records_; }

    [[nodiscard]] SQLRETURN outcome() const noexcept { return outcome_; }

    SQLLEN row_count{-1};         // SQL_DIAG_ROW_COUNT
    SQLLEN cursor_row_count{0};   // SQL_DIAG_CURSOR_ROW_COUNT
    std::string dynamic_function; // SQL_DIAG_DYNAMIC_FUNCTION
    SQLINTEGER dynamic_code{SQL_DIAG_UNKNOWN_STATEMENT};

private:
    std::vector<diag_record> records_;
    SQLRETURN outcome_{SQL_SUCCESS};
};

// "[irislink][ODBC driver][IRIS] text": the one place that makes prefixes.
[[nodiscard]] std::string message_of(const diag_record& record);
[[nodiscard]] std::string_view class_origin(std::string_view sqlstate) noexcept;
[[nodiscard]] std::string_view subclass_origin(std::string_view sqlstate) noexcept;

} // namespace irislink::odbc
