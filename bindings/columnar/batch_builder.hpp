#pragma once
// Builds one batch after the other from cells that are handed in by targets, one per column. Knows nothing of
// connections. A builder belongs to one thread; the batches it gives away belong to nobody in particular.

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "bindings/columnar/arrow_abi.hpp"
#include "bindings/columnar/column_plan.hpp"
#include "driver/api/cell_error.hpp"

namespace irislink::columnar {

class batch_builder {
public:
    batch_builder(const std::vector<column>& columns, options how);
    ~batch_builder();
    batch_builder(const batch_builder&) = delete;
    batch_builder& operator=(const batch_builder&) = delete;

    [[nodiscard]] const std::vector<column_plan>& plans() const noexcept { return plans_; }

    // Where the cells of the next row go: every column once or more, all of them before end_row(). Valid as
    // long as the builder.
    [[nodiscard]] std::span<const driver::cell_target> targets() const noexcept { return targets_; }

    // UTF-8 or bytes of a long value into the next row, in place of an item.
    [[nodiscard]] wire::coercion put_content(std::size_t column, std::string_view content, bool null);

    // The row is complete. True: the batch is full.
    [[nodiscard]] bool end_row();

    // Rows of the batch so far, and of all batches before it.
    [[nodiscard]] std::size_t rows() const noexcept { return row_; }

    [[nodiscard]] std::uint64_t rows_before() const noexcept { return before_; }

    // The error that a fault in the next row is; `column` from 0.
    [[nodiscard]] diagnostic error_of(const driver::cell_fault& fault) const;

    // The type of every batch: a struct ("+s") of the columns, all nullable, since servers say so of the
    // table's column and an outer join may have none.
    void schema(ArrowSchema* out) const;

    // Gives the batch away and begins the next.
    void finish(ArrowArray* out);

private:
    void reserve(std::size_t rows);
    void begin();

    options how_;
    std::vector<column_plan> plans_;
    std::size_t row_{0};
    std::size_t capacity_{0};
    std::size_t fixed_bytes_{0}; // of one row, at least 1
    std::uint64_t before_{0};
    std::vector<std::unique_ptr<column_builder>> columns_;
    std::vector<const column_builder*> variable_; // those whose rows differ in size
    std::vector<driver::cell_target> targets_;
};

} // namespace irislink::columnar
