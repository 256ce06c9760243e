#include "driver/value/convert.hpp"

namespace irislink::driver {
namespace {

bool is_binary(sql_type type) {
    return type == sql_type::varbinary || type == sql_type::binary || type == sql_type::longvarbinary;
}

template <class Out, class In> std::string text_of(const In& in) {
    std::string out;
    wire::append_text(out, static_cast<Out>(in));
    return out;
}

struct value_writer {
    wire::writer* out;

    void operator()(null_type) const { out->null(); }

    void operator()(bool in) const { out->integer(in ? 1 : 0); }

    void operator()(std::int64_t in) const { out->integer(in); }

    void operator()(double in) const { out->real(in); }

    void operator()(decimal in) const { out->number(to_wire(in)); }

    void operator()(const std::string& in) const { out->text(in); }

    void operator()(const bytes& in) const { write_bytes(*out, in); }

    void operator()(date in) const { out->text(text_of<wire::date>(to_wire(in))); }

    void operator()(const time_of_day& in) const { out->text(text_of<wire::time_of_day>(to_wire(in))); }

    void operator()(const timestamp& in) const { out->text(text_of<wire::timestamp>(to_wire(in))); }
};

} // namespace

// One zero byte in an 8-bit item is the empty value (wire-sql 1.3); a 16-bit item says what is meant.
void write_bytes(wire::writer& out, wire::bytes_view in) {
    static constexpr std::byte zero[2]{};
    if (in.size() == 1 && in[0] == std::byte{0} && out.format().unicode) {
        out.item_bytes(wire::item_code::text16, zero);
    } else {
        out.binary(in);
    }
}

void write_value(wire::writer& out, const value& in) {
    std::visit(value_writer{&out}, in);
}

value read_value(const wire::item& in, sql_type type, const wire::session_format& format) {
    using wire::coercion;
    if (in.is_null()) return null;
    switch (type) {
    case sql_type::bit: {
        std::int64_t number = 0;
        if (wire::to_integer(in, number) == coercion::ok) return number != 0;
        break;
    }
    case sql_type::tinyint:
    case sql_type::smallint:
    case sql_type::integer:
    case sql_type::bigint: {
        std::int64_t number = 0;
        if (wire::to_integer(in, number) == coercion::ok) return number;
        break;
    }
    case sql_type::numeric:
    case sql_type::decimal_type: {
        wire::decimal number;
        if (wire::to_decimal(in, number) == coercion::ok) return decimal{number.mantissa, number.exponent};
        break;
    }
    case sql_type::floating:
    case sql_type::real:
    case sql_type::double_precision: {
        double number = 0;
        if (wire::to_real(in, number) == coercion::ok) return number;
        break;
    }
    case sql_type::date: {
        wire::date day;
        if (wire::to_date(in, day) == coercion::ok) return from_wire(day);
        break;
    }
    case sql_type::time: {
        wire::time_of_day time;
        if (wire::to_time(in, time) == coercion::ok) return from_wire(time);
        break;
    }
    case sql_type::timestamp: {
        wire::timestamp moment;
        if (wire::to_timestamp(in, moment) == coercion::ok) return from_wire(moment);
        break;
    }
    default: break;
    }
    if (is_binary(type)) {
        std::string storage;
        wire::bytes_view data;
        if (wire::to_bytes(in, storage, data) == coercion::ok) return bytes(data.begin(), data.end());
    }
    std::string text;
    (void)wire::to_text(in, format, text);
    return text;
}

void append_hex(std::string& out, wire::bytes_view data) {
    static constexpr char digits[] = "0123456789ABCDEF";
    for (const auto each : data) {
        out.push_back(digits[std::to_integer<unsigned>(each) >> 4U]);
        out.push_back(digits[std::to_integer<unsigned>(each) & 0xFU]);
    }
}

wire::coercion read_text(const wire::item& in, sql_type type, const wire::session_format& format, std::string& out) {
    if (in.is_null() || !is_binary(type)) return wire::to_text(in, format, out);
    std::string storage;
    wire::bytes_view data;
    const auto got = wire::to_bytes(in, storage, data);
    append_hex(out, data);
    return got;
}

} // namespace irislink::driver
