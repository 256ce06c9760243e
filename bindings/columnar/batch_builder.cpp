#include "bindings/columnar/batch_builder.hpp"

#include <algorithm>

#include "bindings/columnar/export.hpp"

namespace irislink::columnar {
namespace {

constexpr std::size_t first_rows = 256;

} // namespace

batch_builder::batch_builder(const std::vector<column>& columns, options how) : how_(std::move(how)), plans_(plan_columns(columns, how_)) {
    before_ = how_.rows_before;
    for (const auto& plan : plans_) fixed_bytes_ += plan.width;
    fixed_bytes_ = std::max<std::size_t>(fixed_bytes_, 1);
    columns_.resize(plans_.size());
    targets_.resize(plans_.size());
    begin();
}

batch_builder::~batch_builder() = default;

void batch_builder::begin() {
    row_ = 0;
    capacity_ = 0;
    variable_.clear();
    for (std::size_t i = 0; i < plans_.size(); ++i) {
        columns_[i] = std::make_unique<column_builder>(plans_[i], &row_);
        targets_[i] = {plans_[i].decode, columns_[i].get()};
        if (plans_[i].dictionary || plans_[i].layout == layout::bytes || plans_[i].layout == layout::large) variable_.push_back(columns_[i].get());
    }
    reserve(first_rows);
}

void batch_builder::reserve(std::size_t rows) {
    for (auto& each : columns_) each->reserve(rows);
    capacity_ = rows;
}

wire::coercion batch_builder::put_content(std::size_t column, std::string_view content, bool null) {
    auto& into = *columns_[column];
    if (null) {
        into.set_null();
        return wire::coercion::ok;
    }
    const bool put = into.plan->binary ? into.put_bytes(content.data(), content.size()) : into.put_text(content);
    return put ? wire::coercion::ok : wire::coercion::out_of_range;
}

bool batch_builder::end_row() {
    ++row_;
    auto bytes = row_ * fixed_bytes_;
    for (const auto* each : variable_) bytes += each->bytes_of(row_);
    if (bytes >= how_.batch_bytes || row_ == how_.batch_rows) return true;
    if (row_ == capacity_) [[unlikely]]
        reserve(2 * capacity_);
    return false;
}

diagnostic batch_builder::error_of(const driver::cell_fault& fault) const {
    const auto& plan = plans_[fault.column];
    auto out = driver::cell_error(plan.name, fault.outcome, static_cast<std::size_t>(before_) + row_ + 1);
    out.hint = plan.hint;
    return out;
}

void batch_builder::schema(ArrowSchema* out) const {
    export_schema(plans_, out);
}

void batch_builder::finish(ArrowArray* out) {
    export_batch(columns_, row_, out);
    before_ += row_;
    begin();
}

} // namespace irislink::columnar
