#pragma once
// An open result as the statement reads it: rows one after the other, cells as items. Rows come from
// the server, or were made here (SQLGetTypeInfo). Those of a static cursor are kept, and may be read in
// any order. The caller holds connection::line.

#include <functional>
#include <memory>
#include <optional>

#include "driver/api/row_storage.hpp"
#include "odbc/bind/row_buffer.hpp"
#include "odbc/info/type_table.hpp"
#include "wire/codec/writer.hpp"

namespace irislink::odbc {

class result_cursor {
public:
    result_cursor(std::shared_ptr<driver::session> session, std::shared_ptr<driver::result_state> state, bool local = false);

    [[nodiscard]] const std::vector<column>& columns() const noexcept { return state_->columns; }

    // Text is described as wide. Before anything is read of the columns.
    void tell_wide();
    // Of catalog rows: DATA_TYPE and SQL_DATA_TYPE are told so, SQL_DATETIME_SUB with it, and COLUMN_SIZE as told_size() has
    // it. Before the first row.
    void tell_codes(type_telling as);

    // Whether so many rows, or the end, are there without another word with the server.
    [[nodiscard]] bool is_at_hand(std::size_t rows) const noexcept;
    // Steps to the next row; false at the end. Throws error.
    [[nodiscard]] bool next();
    // Tells the server that no more rows are wanted. Throws error.
    void close();

    // Reads all rows there are into memory, at most `limit` bytes of them (0: no limit), and stands before
    // the first. Long values stay with the server, which keeps them until the cursor is closed. Throws
    // error and odbc_error; then the result is closed.
    void keep_rows(std::size_t limit);

    [[nodiscard]] bool is_kept() const noexcept { return kept_ != nullptr; }

    // Of kept rows: how many there are, and the one that next() steps to, from 0.
    [[nodiscard]] std::size_t rows() const noexcept { return kept_->rows(); }

    void seek(std::size_t index) noexcept { next_ = index; }

    // The kept row that row() is; only after next().
    [[nodiscard]] std::size_t index() const noexcept { return next_ - 1; }

    // Of a forward-only cursor: the rows stepped to from now on may be stood on again, until this is called again. While
    // a row's block is there nothing of it is copied.
    void begin_rowset(bool remember, std::size_t limit = 0);
    // Row `index` of those, from 0, becomes row(); or of kept rows, the row of that index.
    void stand_on(std::size_t index);

    [[nodiscard]] driver::row_storage& row() noexcept { return storage_; }

    // Called before the server is asked for more of this result, and stops that by throwing.
    void set_look_around(std::function<void()> look) { look_around_ = std::move(look); }

    void look_around() const {
        if (look_around_) look_around_();
    }

    [[nodiscard]] driver::session& session() noexcept { return *session_; }

private:
    struct told_column {
        std::size_t column;
        wire::byte_buffer item; // of the current row
    };

    // Of catalog rows, by tell_codes(); those that there are.
    struct told_columns {
        type_telling telling;
        std::optional<told_column> type;
        std::optional<told_column> verbose;
        std::optional<told_column> subcode;
        std::optional<told_column> size;
    };

    [[nodiscard]] bool next_kept();
    void remember(const std::byte* begin);
    void parse_row(wire::bytes_view row);
    void save_remembered();
    void save_row();
    void forget_longs();
    void put_codes();
    [[nodiscard]] std::optional<std::int64_t> number_in(const std::optional<told_column>& column) const;
    void put_number(std::optional<told_column>& into, std::int64_t value);

    std::shared_ptr<driver::session> session_;
    std::shared_ptr<driver::result_state> state_;
    driver::row_storage storage_;
    bool local_;
    std::function<void()> look_around_;

    std::optional<told_columns> told_columns_;
    std::unique_ptr<row_buffer> kept_;
    std::size_t next_{0};

    // Of begin_rowset(): the rows of earlier blocks, copied, then those in the current block, where they lie.
    bool remembers_{false};
    bool block_is_fresh_{true}; // its first row may have begun in the one before
    row_buffer saved_{0};
    std::vector<wire::bytes_view> here_;
    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
    std::size_t at_{0};                           // the row of them that row() is, or nowhere
    std::size_t stepped_{0};                      // how many there are
    bool overflowed_{false};                      // they took more than the limit: none is kept
    std::vector<wire::stream_handle> read_longs_; // of the rows of the rowset: the server may forget them after it
};

// Rows made by the driver: `write` puts one item per column and row.
[[nodiscard]] std::shared_ptr<driver::result_state> local_result(std::vector<column> columns, wire::byte_buffer items);

} // namespace irislink::odbc
