#include "wire/messages/procedure.hpp"

#include <limits>

namespace irislink::wire {
namespace {

std::int32_t small_integer(reader& in) {
    return static_cast<std::int32_t>(in.integer_in(
        std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()
    ));
}

}  // namespace

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
        out.integer(parameter.scale);
        out.integer(parameter.nullable);
        out.text(parameter.name);
        out.integer(parameter.mode);
    }
}

std::error_code decode(reader& in, describe_procedure_reply& out) {
    out.shape.ret = static_cast<std::int32_t>(in.integer_in(-2, 3));
    if (out.shape.has_columns()) decode(in, out.columns);
    const auto count = in.count(6);
    out.parameters.clear();
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        auto& parameter = out.parameters.emplace_back();
        parameter.type = small_integer(in);
        parameter.precision = in.integer();
        parameter.scale = small_integer(in);
        parameter.nullable = small_integer(in);
        parameter.name = in.text();
        parameter.mode = small_integer(in);
    }
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

}  // namespace irislink::wire
