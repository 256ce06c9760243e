#include "wire/messages/procedure.hpp"

#include "wire/messages/fields.hpp"

namespace irislink::wire {
namespace {

void read_description(reader& in, describe_procedure_reply& out) {
    out.shape.ret = static_cast<std::int32_t>(in.integer_in(-2, 3));
    out.columns.clear();
    if (out.shape.has_columns()) decode(in, out.columns);
    const auto count = bounded_count(in, 6, most_parameters);
    out.parameters.clear();
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        auto& parameter = out.parameters.emplace_back();
        parameter.type = small_integer(in);
        parameter.precision = in.integer();
        parameter.scale = read_scale(in);
        parameter.nullable = small_integer(in);
        parameter.name = in.text();
        parameter.mode = small_integer(in);
    }
}

// OUTPUT [update count]: the count is the last item of what is left.
void read_output_and_count(reader& in, bytes_view& output, std::int64_t& count) {
    const auto items = count_items(in);
    output = take_items(in, items > 0 ? items - 1 : 0);
    reader ahead = in;
    // A missing parameter value is an omitted item; it must not be taken for the count.
    if (ahead.next().is_null() && !ahead.failed()) in.fail(wire_errc::bad_value);
    count = in.integer();
}

// [result], and for a result set COLUMNS and the first ROWS.
void read_next_result(reader& in, next_result_reply& out) {
    out.columns.clear();
    out.row_items = {};
    out.result = in.integer_in(next_result_reply::no_more_results, std::numeric_limits<std::int64_t>::max());
    if (in.failed() || out.result != next_result_reply::result_set) return;
    decode(in, out.columns);
    out.row_items = in.rest();
}

} // namespace

void describe_procedure_request::encode(writer& out) const {
    out.text(name);
}

std::error_code decode(reader& in, describe_procedure_request& out) {
    out.name = in.text();
    return in.finish();
}

void describe_procedure_reply::encode(writer& out) const {
    out.integer(shape.ret);
    if (shape.has_columns()) wire::encode(out, columns);
    out.integer(static_cast<std::int64_t>(parameters.size()));
    for (const auto& parameter : parameters) {
        out.integer(parameter.type);
        out.integer(parameter.precision);
        write_scale(out, parameter.scale);
        out.integer(parameter.nullable);
        out.text(parameter.name);
        out.integer(parameter.mode);
    }
}

std::error_code decode(reader& in, describe_procedure_reply& out) {
    read_description(in, out);
    return in.finish();
}

void procedure_update_request::encode(writer& out) const {
    out.integer(reserved1);
    out.integer(reserved2);
    out.integer(max_rows);
    wire::encode(out, values);
}

std::error_code decode(reader& in, procedure_update_request& out) {
    out.reserved1 = in.integer();
    out.reserved2 = in.integer();
    out.max_rows = in.integer();
    decode(in, out.values);
    return in.finish();
}

void procedure_query_request::encode(writer& out) const {
    out.integer(static_cursor);
    out.integer(timeout);
    out.integer(max_rows);
    wire::encode(out, values);
}

std::error_code decode(reader& in, procedure_query_request& out) {
    out.static_cursor = in.integer();
    out.timeout = in.integer();
    out.max_rows = in.integer();
    decode(in, out.values);
    return in.finish();
}

void direct_procedure_request::encode(writer& out) const {
    out.text(name);
    out.integer(static_cursor);
    out.integer(timeout);
    out.integer(max_rows);
    wire::encode(out, values);
}

std::error_code decode(reader& in, direct_procedure_request& out) {
    out.name = in.text();
    out.static_cursor = in.integer();
    out.timeout = in.integer();
    out.max_rows = in.integer();
    decode(in, out.values);
    return in.finish();
}

void multi_result_request::encode(writer& out) const {
    out.integer(static_cursor);
    out.integer(timeout);
    wire::encode(out, values);
}

std::error_code decode(reader& in, multi_result_request& out) {
    out.static_cursor = in.integer();
    out.timeout = in.integer();
    decode(in, out.values);
    return in.finish();
}

void procedure_update_reply::encode(writer& out) const {
    out.raw(output);
    out.integer(update_count);
}

std::error_code decode(reader& in, procedure_update_reply& out) {
    read_output_and_count(in, out.output, out.update_count);
    return in.finish();
}

std::error_code decode(reader& in, procedure_query_reply& out) {
    out.output = take_items(in, count_items(in));
    return in.finish();
}

void direct_procedure_reply::encode(writer& out) const {
    description.encode(out);
    if (description.shape.multiple_results()) return;
    out.raw(output);
    if (!description.shape.has_columns()) out.integer(update_count);
}

std::error_code decode(reader& in, direct_procedure_reply& out) {
    read_description(in, out.description);
    out.output = {};
    out.update_count = 0;
    if (in.failed() || out.description.shape.multiple_results()) return in.finish();
    if (out.description.shape.has_columns()) {
        out.output = take_items(in, count_items(in));
    } else {
        read_output_and_count(in, out.output, out.update_count);
    }
    return in.finish();
}

void next_result_reply::encode(writer& out) const {
    out.integer(result);
    if (result != result_set) return;
    wire::encode(out, columns);
    out.raw(row_items);
}

std::error_code decode(reader& in, next_result_reply& out) {
    read_next_result(in, out);
    return in.finish();
}

void multi_result_reply::encode(writer& out) const {
    out.raw(output);
    first.encode(out);
}

std::error_code decode(reader& in, multi_result_reply& out) {
    out.output = take_items(in, out.outputs);
    read_next_result(in, out.first);
    return in.finish();
}

void result_object_request::encode(writer& out) const {
    out.text(reference);
    out.integer(mode);
}

std::error_code decode(reader& in, result_object_request& out) {
    out.reference = in.text();
    out.mode = in.integer_in(result_object_request::describe, result_object_request::close);
    return in.finish();
}

std::error_code decode(reader& in, columns_reply& out) {
    decode(in, out.columns);
    return in.finish();
}

void dialect_prepare_request::encode(writer& out) const {
    out.integer(dialect);
    out.text(sql);
}

std::error_code decode(reader& in, dialect_prepare_request& out) {
    out.dialect = in.integer();
    out.sql = in.text();
    return in.finish();
}

void dialect_execute_request::encode(writer& out) const {
    out.integer(dialect);
    out.text(sql);
    out.integer(static_cursor);
    out.integer(timeout);
    out.integer(max_rows);
}

std::error_code decode(reader& in, dialect_execute_request& out) {
    out.dialect = in.integer();
    out.sql = in.text();
    out.static_cursor = in.integer();
    out.timeout = in.integer();
    out.max_rows = in.integer();
    return in.finish();
}

void dialect_prepare_reply::encode(writer& out) const {
    wire::encode(out, parameters);
}

std::error_code decode(reader& in, dialect_prepare_reply& out) {
    decode(in, out.parameters);
    return in.finish();
}

void dialect_execute_reply::encode(writer& out) const {
    wire::encode(out, parameters);
    first.encode(out);
}

std::error_code decode(reader& in, dialect_execute_reply& out) {
    decode(in, out.parameters);
    read_next_result(in, out.first);
    return in.finish();
}

} // namespace irislink::wire
