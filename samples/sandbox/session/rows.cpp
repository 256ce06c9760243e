#include "samples/sandbox/session/rows.hpp"

namespace irislink::sandbox {
namespace {

using sql::cell_kind;
using sql::sql_error;
using sql::sql_value;
namespace type_code = sql::type_code;

bool is_long(int type) {
    return type == type_code::longvarchar || type == type_code::longvarbinary;
}

sql_value read_value(const wire::item& in, const sql::sql_type& type, const wire::session_format& format, stream_table& streams) {
    if (in.is_null()) return std::monostate{};
    if (is_long(type.code) && in.code == wire::item_code::text8) {
        if (auto* const stored = streams.find(wire::as_text(in.data))) {
            stored->used = true;
            if (type.code == type_code::longvarchar && !stored->binary) return stored->data;
            const auto bytes = wire::as_bytes(stored->data);
            return std::vector<std::byte>(bytes.begin(), bytes.end());
        }
    }
    switch (in.code) {
    case wire::item_code::positive:
    case wire::item_code::negative: {
        std::int64_t value = 0;
        if (wire::to_integer(in, value) == wire::coercion::ok) return value;
        break;
    }
    case wire::item_code::decimal_positive:
    case wire::item_code::decimal_negative: {
        wire::decimal value;
        if (wire::to_decimal(in, value) == wire::coercion::ok) return value;
        break;
    }
    case wire::item_code::real:
    case wire::item_code::compact_real: {
        double value = 0;
        if (wire::to_real(in, value) == wire::coercion::ok) return value;
        break;
    }
    default:
        if (type.is_binary()) {
            std::string storage;
            wire::bytes_view bytes;
            if (wire::to_bytes(in, storage, bytes) == wire::coercion::ok) return std::vector<std::byte>(bytes.begin(), bytes.end());
            break;
        }
        std::string text;
        if (wire::to_text(in, format, text) == wire::coercion::ok) return text;
    }
    throw sql_error(104, "A parameter value could not be read", "ServerLoop");
}

} // namespace

std::vector<wire::column> describe_columns(const std::vector<sql::column_info>& columns) {
    std::vector<wire::column> out;
    out.reserve(columns.size());
    for (const auto& each : columns) {
        auto& column = out.emplace_back();
        column.name = each.name;
        column.type = each.type.code;
        column.precision = each.type.precision;
        column.scale = each.type.scale;
        column.nullable = each.nullable;
        column.label = each.label;
        column.table = each.table;
        column.schema = each.schema;
        const auto flag = [&column](bool on, wire::column::flag which) {
            if (on) column.flags = static_cast<std::uint16_t>(column.flags | which);
        };
        flag(each.identity, wire::column::auto_increment);
        flag(each.type.is_text() && each.case_sensitive, wire::column::case_sensitive);
        flag(each.identity || each.expression, wire::column::read_only);
        flag(each.unique, wire::column::unique);
        flag(each.aliased, wire::column::aliased);
        flag(each.expression, wire::column::expression);
        flag(each.identity, wire::column::identity);
        flag(each.key, wire::column::key_column);
        flag(each.row_id, wire::column::row_id);
    }
    return out;
}

std::vector<wire::parameter_description> describe_parameters(const std::vector<sql::parameter_info>& parameters) {
    std::vector<wire::parameter_description> out;
    out.reserve(parameters.size());
    for (const auto& each : parameters) out.push_back({each.type.code, each.type.precision, each.type.scale, each.nullable});
    return out;
}

std::vector<wire::procedure_parameter> describe_parameters(const sql::routine_info& routine) {
    std::vector<wire::procedure_parameter> out;
    if (routine.returns) out.push_back({routine.returns->code, routine.returns->precision, routine.returns->scale, 1, "RETURN_VALUE", 4});
    for (const auto& each : routine.parameters) out.push_back({each.type.code, each.type.precision, each.type.scale, 1, each.name, each.mode});
    return out;
}

void write_cell(wire::writer& out, const sql::cell& cell, const sql::sql_type& type, stream_table& streams, std::uint32_t statement) {
    if (cell.kind != cell_kind::null && is_long(type.code)) {
        stream value;
        value.data = cell.text;
        value.binary = type.code == type_code::longvarbinary;
        value.statement = statement;
        out.item_bytes(wire::item_code::text8, wire::as_bytes(streams.add(std::move(value))));
        return;
    }
    switch (cell.kind) {
    case cell_kind::null: out.null(); break;
    case cell_kind::integer: out.integer(cell.integer); break;
    case cell_kind::real: out.real(cell.real); break;
    case cell_kind::fixed:
        if (cell.dec.exponent == 0) {
            out.integer(cell.dec.mantissa);
        } else {
            out.number(cell.dec);
        }
        break;
    case cell_kind::text: out.text(cell.text); break;
    case cell_kind::bytes: out.binary(wire::as_bytes(cell.text)); break;
    }
}

std::vector<std::optional<sql_value>>
read_arguments(const wire::parameter_values& in, const sql::routine_info& routine, const wire::session_format& format, stream_table& streams) {
    if (in.sets > 1) throw sql_error(400, "A procedure is called with one set of arguments", "ServerLoop");
    std::vector<std::optional<sql_value>> out;
    wire::reader items(in.items, format);
    for (std::uint32_t i = 0; i < in.sets * in.count; ++i) {
        const auto item = items.next();
        const auto type = i < routine.parameters.size() ? routine.parameters[i].type : sql::sql_type{};
        auto& argument = out.emplace_back();
        if (!item.omitted) argument = read_value(item, type, format, streams);
    }
    return out;
}

void write_row(wire::writer& out, const sql::cursor& row, const std::vector<sql::column_info>& columns, stream_table& streams, std::uint32_t statement) {
    for (std::size_t i = 0; i < columns.size(); ++i) write_cell(out, row.get(i), columns[i].type, streams, statement);
}

std::vector<sql_value> read_parameters(
    const wire::parameter_values& in, const std::vector<sql::parameter_info>& described, const wire::session_format& format, stream_table& streams
) {
    if (in.count != described.size())
        throw sql_error(400, std::to_string(in.count) + " parameter values were sent, the statement has " + std::to_string(described.size()), "ServerLoop");
    std::vector<sql_value> out;
    out.reserve(std::size_t{in.sets} * in.count);
    wire::reader items(in.items, format);
    for (std::uint32_t set = 0; set < in.sets; ++set)
        for (const auto& each : described) out.push_back(read_value(items.next(), each.type, format, streams));
    return out;
}

} // namespace irislink::sandbox
