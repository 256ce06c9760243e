#pragma once
// What one column of a result becomes in Arrow, decided once per result: its type, its layout and the function
// that decodes its cells. Source of the types: wire-sql 8.1, 8.6; of the format strings: the Arrow C data interface.

#include <string>
#include <vector>

#include "bindings/columnar/column_builder.hpp"
#include "bindings/columnar/options.hpp"
#include "irislink/result.hpp"

namespace irislink::columnar {

using decode_fn = decltype(driver::cell_target::decode);

struct column_plan {
    std::string name;      // the column's label
    std::string format;    // Arrow's word for the type; of the indices where `dictionary`
    std::string extension; // name of an Arrow extension type, or nothing
    columnar::layout layout{columnar::layout::bytes};
    std::size_t width{0};   // bytes per row of `fixed`, of one offset otherwise
    bool dictionary{false}; // values are utf8
    bool long_content{false};
    bool binary{false};
    int precision{0}; // of decimals
    int scale{0};
    time_unit unit{time_unit::microsecond}; // of times and timestamps
    decode_fn decode{nullptr};              // into a column_builder
    const char* hint{""};                   // what to do about a value that does not fit
};

// Every SQL type has a column type; what is not known is text, as the server sends it.
[[nodiscard]] std::vector<column_plan> plan_columns(const std::vector<column>& columns, const options& how);

} // namespace irislink::columnar
