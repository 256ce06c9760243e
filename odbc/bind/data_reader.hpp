#pragma once
// SQLGetData: one column of the current row, whole or in pieces, in any order. Long columns are read
// from the server as they are asked for, in memory bounded by the program's buffer.

#include <map>
#include <memory>
#include <string>

#include "odbc/bind/result_cursor.hpp"
#include "odbc/convert/convert.hpp"
#include "odbc/descriptor/descriptor.hpp"

namespace irislink::odbc {

class data_reader {
public:
    // The row is another one: everything starts anew.
    void forget() noexcept {
        columns_.clear();
        bookmark_ = {};
    }

    // `column` counts from 0. Throws odbc_error and error; other outcomes go to `diag`.
    [[nodiscard]] SQLRETURN read(result_cursor& from, std::size_t column, SQLSMALLINT c_type, target to, diag_area& diag);
    // Column 0.
    [[nodiscard]] SQLRETURN read_bookmark(SQLLEN bookmark, SQLSMALLINT c_type, target to, diag_area& diag);

private:
    struct progress {
        SQLSMALLINT c_type{0};
        convert_fn convert{nullptr};
        chunk_state chunk;
        // Of a long value that is read in pieces.
        std::shared_ptr<driver::long_value> source;
        std::string pending;
        bool ended{false};
        bool finished{false};
    };

    [[nodiscard]] static std::size_t append_piece(result_cursor& from, progress& at);
    [[nodiscard]] outcome read_piece(result_cursor& from, progress& at, target& to);

    std::map<std::size_t, progress> columns_;
    progress bookmark_;
};

} // namespace irislink::odbc
