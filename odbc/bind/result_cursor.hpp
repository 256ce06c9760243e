#pragma once
// An open result as the statement reads it: rows one after the other, cells as items. Rows come from
// the server, or were made here (SQLGetTypeInfo). The caller holds connection::line.

#include <memory>

#include "driver/api/row_storage.hpp"
#include "wire/codec/writer.hpp"

namespace irislink::odbc {

class result_cursor {
public:
    result_cursor(std::shared_ptr<driver::session> session, std::shared_ptr<driver::result_state> state, bool local = false);

    [[nodiscard]] const std::vector<column>& columns() const noexcept { return state_->columns; }

    // Whether so many rows, or the end, are there without another word with the server.
    [[nodiscard]] bool is_at_hand(std::size_t rows) const noexcept;
    // Steps to the next row; false at the end. Throws error.
    [[nodiscard]] bool next();
    // Tells the server that no more rows are wanted. Throws error.
    void close();

    [[nodiscard]] driver::row_storage& row() noexcept { return storage_; }

    [[nodiscard]] driver::session& session() noexcept { return *session_; }

private:
    std::shared_ptr<driver::session> session_;
    std::shared_ptr<driver::result_state> state_;
    driver::row_storage storage_;
    bool local_;
};

// Rows made by the driver: `write` puts one item per column and row.
[[nodiscard]] std::shared_ptr<driver::result_state> local_result(std::vector<column> columns, wire::byte_buffer items);

} // namespace irislink::odbc
