#pragma once
// How often this program has asked for memory: conversions of cells never do.

#include <cstddef>

namespace irislink::odbc::test {

[[nodiscard]] std::size_t allocations() noexcept;

} // namespace irislink::odbc::test
