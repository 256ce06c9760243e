#pragma once
// From cells of the engine to list items, and from parameter items to values of the engine
// (wire-sql 8). Straight into the reply's buffer, nothing allocated per cell.

#include <optional>
#include <string>
#include <vector>

#include "samples/sandbox/session/streams.hpp"
#include "samples/sandbox/sql/engine.hpp"
#include "wire/codec/writer.hpp"
#include "wire/messages/blocks.hpp"
#include "wire/messages/procedure.hpp"

namespace irislink::sandbox {

[[nodiscard]] std::vector<wire::column> describe_columns(const std::vector<sql::column_info>& columns);
[[nodiscard]] std::vector<wire::procedure_parameter> describe_parameters(const sql::routine_info& routine);
[[nodiscard]] std::vector<wire::parameter_description> describe_parameters(const std::vector<sql::parameter_info>& parameters);

// Appends one row. Values of long columns become handles in `streams`, owned by `statement`.
void write_row(wire::writer& out, const sql::cursor& row, const std::vector<sql::column_info>& columns, stream_table& streams, std::uint32_t statement);

// Appends one value of `type`, as a cell of a row is.
void write_cell(wire::writer& out, const sql::cell& cell, const sql::sql_type& type, stream_table& streams, std::uint32_t statement);

// The arguments of a call; none where a client has given none (wire-sql 2.9).
[[nodiscard]] std::vector<std::optional<sql::sql_value>>
read_arguments(const wire::parameter_values& in, const sql::routine_info& routine, const wire::session_format& format, stream_table& streams);

// Decodes sets x parameters values. Throws sql_error 104 for an item that has no meaning.
[[nodiscard]] std::vector<sql::sql_value>
read_parameters(const wire::parameter_values& in, const std::vector<sql::parameter_info>& described, const wire::session_format& format, stream_table& streams);

} // namespace irislink::sandbox
