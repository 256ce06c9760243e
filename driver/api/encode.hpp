#pragma once
// Between the public values and what a session sends and gives back; shared by the blocking and the
// asynchronous forms. They throw irislink::error.

#include <span>

#include "driver/session/session.hpp"
#include "irislink/connection.hpp"

namespace irislink::driver {

// One set of parameters.
[[nodiscard]] encoded_parameters encode(std::span<const value> values, const wire::session_format& format);

// The arguments of a call.
[[nodiscard]] encoded_parameters encode(std::span<const argument> arguments, const wire::session_format& format);

// What became of an update with one set of parameters. The reason of a failed set is thrown.
[[nodiscard]] execute_result single_outcome(execution done);

// What became of one message of a batch: its `sets` follow `sent` earlier ones. False: a set failed, and the rest
// of the batch is not to be sent; add_failure() throws what is not the fault of a set.
[[nodiscard]] bool add_outcome(batch_result& into, execution done, std::size_t sets);
void add_failure(batch_result& into, const error& failed, std::size_t sent, std::size_t sets);

// Values of a batch are sent in messages of about this size.
inline constexpr std::size_t batch_message_bytes = std::size_t{1} << 20U;

// Queries give rows and nothing else does; which of the two is meant is checked before anything is sent.
void require_kind(const scanned_statement& sql, bool rows_wanted);

} // namespace irislink::driver
