#pragma once
// The steps of a connection are public (irislink/error.hpp): every error names the one that failed,
// and `irislink doctor` walks them.

#include <string_view>

#include "irislink/error.hpp"

namespace irislink::driver {

using irislink::step;

[[nodiscard]] inline std::string_view step_name(step which) noexcept {
    return to_string(which);
}

} // namespace irislink::driver
