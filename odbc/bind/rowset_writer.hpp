#pragma once
// From the current row to the buffers that the ARD describes. What is converted, and how, is planned when
// bindings change; where it goes, for every call that fetches, since the program may move the offset between two.

#include <vector>

#include "odbc/bind/result_cursor.hpp"
#include "odbc/convert/convert.hpp"
#include "odbc/descriptor/descriptor.hpp"

namespace irislink::odbc {

// A cell of the current row as conversions take it. Lives no longer than the row.
class item_source {
public:
    item_source(driver::row_storage& row, std::size_t column)
        : source_{
              row.longs.empty() ? row.cells[column] : loaded(row, column), *row.format, (*row.columns)[column],
              !row.longs.empty() && driver::content_of(row, column) != nullptr} {}

    item_source(const item_source&) = delete;
    item_source& operator=(const item_source&) = delete;

    [[nodiscard]] const source& get() const noexcept { return source_; }

private:
    // A long column that was read: its content. Any other: the cell.
    [[nodiscard]] const wire::item& loaded(driver::row_storage& row, std::size_t column);

    wire::item content_;
    source source_;
};

class rowset_writer {
public:
    // At the beginning of every call that writes rows. Throws 07006 for a column that cannot be delivered as it is bound,
    // 07009 for one that is not there.
    void plan(const descriptor& ard, const std::vector<column>& columns, bool bookmarks);

    void forget() noexcept { planned_for_ = nullptr; }

    // Where a row goes: row `index` of the rowset; of a rowset of more than one, diagnostics tell which.
    struct place {
        SQLULEN index;
        bool rowset;
        SQLLEN bookmark; // of the row; 0: it is not written
    };

    // Writes the current row. What went wrong goes to `diag` with row and column numbers. Returns the row status.
    [[nodiscard]] SQLUSMALLINT write(result_cursor& from, const descriptor& ard, const place& at, diag_area& diag);

private:
    struct bound_column {
        std::size_t column;
        const descriptor_record* record;
        convert_fn convert;
        SQLLEN element; // bytes from one row to the next, column-wise
        bool content;   // of a long column, to be loaded
        // For this call: the buffers of row aimed_at_, and from one row to the next.
        target to{};
        SQLLEN data_step{0};
        SQLLEN length_step{0};
        SQLLEN indicator_step{0};

        // No buffer has no step.
        void aim_at_next() noexcept {
            const auto step = [](void* at, SQLLEN by) { return static_cast<void*>(static_cast<std::byte*>(at) + by); };
            to.data = step(to.data, data_step);
            to.length = static_cast<SQLLEN*>(step(to.length, length_step));
            to.indicator = static_cast<SQLLEN*>(step(to.indicator, indicator_step));
        }
    };

    // What went wrong with one cell: a record, and the row's status.
    static void judge(outcome done, SQLINTEGER column, const place& at, diag_area& diag, SQLUSMALLINT& status);
    void choose(const descriptor& ard, const std::vector<column>& columns, bool bookmarks);
    void aim(const descriptor_header& header, SQLULEN index) noexcept;

    std::vector<bound_column> columns_;
    const descriptor_record* bookmark_{nullptr}; // when it is bound
    const descriptor* planned_for_{nullptr};
    std::uint64_t changes_{0};
    SQLULEN aimed_at_{0};
};

// The address of row `index`: column-wise by the element's size, row-wise by the structure's.
[[nodiscard]] std::byte* address_of(void* base, const descriptor_header& header, SQLULEN index, SQLLEN element) noexcept;

// The buffers of column 0, for row `index`.
[[nodiscard]] target bookmark_target(const descriptor& ard, SQLULEN index);

// An outcome as a record; the column counts from 1, row 0 is none.
[[nodiscard]] diag_record record_of(outcome what, SQLLEN row, SQLINTEGER column);

inline constexpr auto own_width = static_cast<wide_width>(sizeof(SQLWCHAR));

} // namespace irislink::odbc
