#pragma once
// What a cell that cannot be delivered is called, for every way of reading rows.

#include <cstddef>
#include <string_view>

#include "irislink/error.hpp"
#include "wire/codec/coerce.hpp"

namespace irislink::driver {

// A cell that could not be decoded, by its column from 0.
struct cell_fault {
    wire::coercion outcome{wire::coercion::ok};
    std::size_t column{0};
};

// `outcome` is not ok. `row` counts from 1; 0: not known.
[[nodiscard]] diagnostic cell_error(std::string_view label, wire::coercion outcome, std::size_t row = 0);
[[nodiscard]] diagnostic cell_error(std::string_view label, const char* sqlstate, std::string_view what, std::size_t row = 0);

} // namespace irislink::driver
