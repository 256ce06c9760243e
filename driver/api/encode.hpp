#pragma once
// Between the public values and what a session sends and gives back; shared by the blocking and the
// asynchronous forms. Both functions throw irislink::error.

#include <span>

#include "driver/session/session.hpp"
#include "irislink/connection.hpp"

namespace irislink::driver {

// One set of parameters.
[[nodiscard]] encoded_parameters encode(std::span<const value> values, const wire::session_format& format);

// What became of an update with one set of parameters. The reason of a failed set is thrown.
[[nodiscard]] execute_result single_outcome(const execution& done);

} // namespace irislink::driver
