#include "odbc/bind/parameter_reader.hpp"

#include <algorithm>
#include <cstring>

#include "driver/value/convert.hpp"
#include "odbc/convert/table.hpp"

namespace irislink::odbc {
namespace {

bool is_at_execution(SQLLEN length) {
    return length == SQL_DATA_AT_EXEC || length <= SQL_LEN_DATA_AT_EXEC_OFFSET;
}

bool is_number(SQLSMALLINT sql_code) {
    const auto* const row = find_sql_type(sql_code);
    return row != nullptr && (row->family == sql_family::exact || row->family == sql_family::integer || row->family == sql_family::approximate);
}

bool is_text(SQLSMALLINT sql_code) {
    const auto* const row = find_sql_type(sql_code);
    return row != nullptr && row->family == sql_family::character;
}

bool comes_out_as_stream(SQLSMALLINT direction) {
    return direction == SQL_PARAM_OUTPUT_STREAM || direction == SQL_PARAM_INPUT_OUTPUT_STREAM;
}

bool goes_in(SQLSMALLINT direction) {
    return direction != SQL_PARAM_OUTPUT && direction != SQL_PARAM_OUTPUT_STREAM;
}

// The default C type of a parameter follows from its SQL type.
SQLSMALLINT c_type_for(const descriptor_record& buffer, const descriptor_record& declared) {
    if (buffer.concise_type != SQL_C_DEFAULT) return buffer.concise_type;
    return default_c_type(static_cast<sql_type>(declared.concise_type));
}

} // namespace

parameter_reader::parameter_reader(const descriptor& apd, const descriptor& ipd, std::uint32_t markers, bool outputs)
    : buffers_(apd.header), report_(ipd.header) {
    const auto moved = [by = buffers_.bind_offset_ptr != nullptr ? *buffers_.bind_offset_ptr : SQLLEN{0}](auto* base) {
        return base == nullptr ? nullptr : reinterpret_cast<decltype(base)>(static_cast<std::byte*>(static_cast<void*>(base)) + by);
    };
    buffers_.bind_offset_ptr = nullptr;
    plan_.reserve(markers);
    for (std::uint32_t i = 1; i <= markers; ++i) {
        const auto number = static_cast<SQLSMALLINT>(i);
        const auto* const buffer = apd.find(number);
        const auto* const declared = ipd.find(number);
        if (buffer == nullptr || declared == nullptr || !buffer->is_bound())
            fail("07002", "Parameter " + std::to_string(i) + " of " + std::to_string(markers) + " is not bound");
        if (declared->parameter_type != SQL_PARAM_INPUT && !outputs) not_implemented("An output parameter of a statement that calls no procedure");
        const auto c_type = c_type_for(*buffer, *declared);
        auto* const convert = find_parameter_conversion(c_type, declared->concise_type, own_width);
        if (convert == nullptr && goes_in(declared->parameter_type)) throw odbc_error(record_of(outcome::not_convertible, 0, number));
        const auto fixed = size_of_c_type(c_type);
        parameter in;
        in.sql_code = declared->concise_type;
        in.column_size = declared->length;
        in.decimals = declared->type == SQL_DATETIME ? declared->precision : declared->scale;
        in.precision = buffer->precision;
        in.scale = buffer->scale;
        in.capacity = buffer->octet_length;
        plan_.push_back(
            {moved(buffer->data_ptr), moved(buffer->indicator_ptr), moved(buffer->octet_length_ptr), in, convert, c_type,
             fixed != 0 ? fixed : buffer->octet_length, declared->parameter_type}
        );
    }
}

void parameter_reader::suit(const std::vector<wire::parameter_description>& expected) {
    for (std::size_t i = 0; i < std::min(plan_.size(), expected.size()); ++i) {
        // Codes above 1000 are the logical forms of the ordinary ones (wire-sql 8.1).
        const auto code = static_cast<SQLSMALLINT>(expected[i].type > 1000 ? expected[i].type - 1000 : expected[i].type);
        if (is_number(code) && is_text(plan_[i].declared.sql_code)) plan_[i].declared.column_size = 0;
    }
}

SQLLEN parameter_reader::length_of(const bound_parameter& of, SQLULEN index) const {
    // In rows of packed structures they are not aligned.
    const auto read = [&](SQLLEN* base) {
        SQLLEN out = SQL_NTS;
        if (const auto* const at = address_of(base, buffers_, index, sizeof(SQLLEN))) std::memcpy(&out, at, sizeof out);
        return out;
    };
    return read(of.indicator) == SQL_NULL_DATA ? SQLLEN{SQL_NULL_DATA} : read(of.length);
}

std::vector<SQLSMALLINT> parameter_reader::at_execution(SQLULEN index) const {
    std::vector<SQLSMALLINT> out;
    for (std::size_t i = 0; i < plan_.size(); ++i)
        if (goes_in(plan_[i].direction) && is_at_execution(length_of(plan_[i], index))) out.push_back(static_cast<SQLSMALLINT>(i + 1));
    return out;
}

SQLPOINTER parameter_reader::token_of(SQLSMALLINT number, SQLULEN index) const {
    const auto& of = plan_[static_cast<std::size_t>(number) - 1];
    return address_of(of.data, buffers_, index, of.element);
}

value parameter_reader::value_of(std::size_t parameter, SQLULEN index, const put_values& put, SQLLEN length) const {
    const auto& each = plan_[parameter];
    const auto number = static_cast<SQLSMALLINT>(parameter + 1);
    auto in = each.declared;
    in.length = length;
    if (const auto given = put.find(number); given != put.end()) {
        in.data = given->second.bytes.data();
        in.length = given->second.null ? SQLLEN{SQL_NULL_DATA} : static_cast<SQLLEN>(given->second.bytes.size());
        in.capacity = static_cast<SQLLEN>(given->second.bytes.size());
    } else {
        in.data = address_of(each.data, buffers_, index, each.element);
    }
    if (in.data == nullptr && in.length != SQL_NULL_DATA && in.length != 0) fail("HY009", "Parameter " + std::to_string(number) + " has no buffer");
    value converted;
    if (const auto done = each.convert(in, converted); is_error(done)) {
        auto record = record_of(done, 0, number);
        record.text = "Parameter " + std::to_string(number) + ": " + record.text;
        throw odbc_error(std::move(record));
    }
    return converted;
}

void parameter_reader::append_argument(wire::writer& items, SQLSMALLINT number, SQLULEN index, const put_values& put) const {
    const auto& of = plan_[static_cast<std::size_t>(number) - 1];
    const auto length = length_of(of, index);
    if (!goes_in(of.direction) || (length == SQL_DEFAULT_PARAM && !put.contains(number))) {
        items.omitted();
        return;
    }
    // Its address is a token of the program's, no buffer.
    if (comes_out_as_stream(of.direction) && length != SQL_NULL_DATA && !put.contains(number))
        fail("HY090", "Parameter " + std::to_string(number) + " is a stream: its value comes by SQLPutData (SQL_DATA_AT_EXEC), or is NULL");
    driver::write_value(items, value_of(static_cast<std::size_t>(number) - 1, index, put, length));
}

bool parameter_reader::is_stream(SQLSMALLINT number) const {
    return comes_out_as_stream(plan_[static_cast<std::size_t>(number) - 1].direction);
}

std::optional<target> parameter_reader::output_of(SQLSMALLINT number, SQLULEN index) const {
    const auto& of = plan_[static_cast<std::size_t>(number) - 1];
    if (of.direction == SQL_PARAM_INPUT || comes_out_as_stream(of.direction)) return std::nullopt;
    target to;
    to.data = address_of(of.data, buffers_, index, of.element);
    to.capacity = of.declared.capacity;
    to.length = reinterpret_cast<SQLLEN*>(address_of(of.length, buffers_, index, sizeof(SQLLEN)));
    to.indicator = reinterpret_cast<SQLLEN*>(address_of(of.indicator, buffers_, index, sizeof(SQLLEN)));
    to.precision = of.declared.precision;
    to.scale = of.declared.scale;
    return to;
}

void parameter_reader::append(driver::encoded_parameters& out, SQLULEN index, const put_values& put, const wire::session_format& format) const {
    const auto before = out.items.size();
    wire::writer items(out.items, format);
    try {
        for (std::size_t i = 0; i < plan_.size(); ++i) driver::write_value(items, value_of(i, index, put, length_of(plan_[i], index)));
    } catch (const odbc_error&) {
        out.items.resize(before);
        throw;
    }
    if (items.failed()) {
        out.items.resize(before);
        fail("22018", "A parameter cannot be sent: " + items.error().message());
    }
    out.count = static_cast<std::uint32_t>(plan_.size());
}

} // namespace irislink::odbc
