#include "wire/messages/blocks.hpp"

#include <algorithm>
#include <limits>

namespace irislink::wire {
namespace {

std::int32_t small_integer(reader& in) {
    return static_cast<std::int32_t>(in.integer_in(
        std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()
    ));
}

// TIME columns may leave the scale out; -1 keeps that apart from 0 (wire-sql 3.2).
std::int32_t read_scale(reader& in) {
    const auto field = in.next();
    std::int64_t value = -1;
    const auto got = to_integer(field, value);
    if (got == coercion::null) return -1;
    if (got != coercion::ok || value < std::numeric_limits<std::int32_t>::min() ||
        value > std::numeric_limits<std::int32_t>::max()) {
        in.fail(wire_errc::bad_value);
        return -1;
    }
    return static_cast<std::int32_t>(value);
}

void write_scale(writer& out, std::int32_t scale) {
    if (scale == -1) {
        out.null();
    } else {
        out.integer(scale);
    }
}

// The byte position after at most `units` UTF-16 code units, never inside a character.
std::size_t chunk_end(std::string_view text, std::size_t from, std::size_t units) {
    std::size_t at = from;
    while (at < text.size()) {
        std::size_t after = at;
        const auto c = next_utf8(text, after);
        const std::size_t width = c && *c >= 0x10000 ? 2 : 1;
        if (width > units) break;
        units -= width;
        at = c ? after : at + 1;
    }
    return std::max(at, from + 1);
}

std::uint32_t read_count32(reader& in) {
    return static_cast<std::uint32_t>(
        in.integer_in(0, std::numeric_limits<std::int32_t>::max())
    );
}

}  // namespace

void encode(writer& out, const statement_text& block) {
    if (block.text.empty()) {
        out.text({});
        return;
    }
    const std::size_t units = std::max<std::size_t>(block.chunk_units, 2);
    const std::string_view text = block.text;
    if (text.size() <= units) {  // never more code units than UTF-8 bytes
        out.integer(1);
        out.text(text);
        return;
    }
    std::vector<std::size_t> ends;
    for (std::size_t at = 0; at < text.size();) {
        at = chunk_end(text, at, units);
        ends.push_back(at);
    }
    out.integer(static_cast<std::int64_t>(ends.size()));
    std::size_t from = 0;
    for (const auto end : ends) {
        out.text(text.substr(from, end - from));
        from = end;
    }
}

void decode(reader& in, statement_text& block) {
    block.text.clear();
    const auto first = in.next();
    if (in.failed()) return;
    if (first.is_null() || first.is_empty_text()) return;
    std::int64_t chunks = 0;
    if (to_integer(first, chunks) != coercion::ok || chunks < 0 ||
        static_cast<std::uint64_t>(chunks) > in.remaining()) {
        in.fail(wire_errc::bad_value);
        return;
    }
    for (std::int64_t i = 0; i < chunks && !in.failed(); ++i) block.text += in.text();
}

void encode(writer& out, const std::vector<parameter_info>& block) {
    out.integer(static_cast<std::int64_t>(block.size()));
    for (const auto& parameter : block) {
        if (parameter.kind_as_text) {
            out.text({&parameter.kind, 1});
        } else {
            out.integer(parameter.kind);
        }
        out.integer(parameter.format);
    }
}

void decode(reader& in, std::vector<parameter_info>& block) {
    const auto count = in.count(2);
    block.clear();
    block.reserve(count);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        parameter_info parameter;
        const auto kind = in.next();
        if (kind.code == item_code::text8) {
            parameter.kind_as_text = true;
            parameter.kind = kind.data.size() == 1 ? std::to_integer<char>(kind.data[0]) : '?';
        } else {
            std::int64_t value = 0;
            if (to_integer(kind, value) != coercion::ok || value < 1 || value > 126) {
                in.fail(wire_errc::bad_value);
                return;
            }
            parameter.kind = static_cast<char>(value);
        }
        parameter.format = in.integer();
        block.push_back(parameter);
    }
}

void encode(writer& out, const parameter_values& block) {
    out.integer(block.sets);
    out.integer(block.count);
    out.raw(block.items);
}

void decode(reader& in, parameter_values& block) {
    block.sets = read_count32(in);
    block.count = read_count32(in);
    if (in.failed()) return;
    const std::uint64_t total = std::uint64_t{block.sets} * block.count;
    if (total > in.remaining()) {  // an item takes at least one byte
        in.fail(wire_errc::truncated);
        return;
    }
    // Walk a copy of the reader to find where the values end; then take them in one piece.
    reader walk = in;
    for (std::uint64_t i = 0; i < total && !walk.failed(); ++i) (void)walk.next();
    if (walk.failed()) {
        in.fail(static_cast<wire_errc>(walk.error().value()));
        return;
    }
    block.items = in.raw(in.remaining() - walk.remaining());
}

void encode(writer& out, const std::vector<column>& block, bool slots) {
    out.integer(static_cast<std::int64_t>(block.size()));
    for (const auto& column : block) {
        out.text(column.name);
        out.integer(column.type);
        out.integer(column.precision);
        write_scale(out, column.scale);
        out.integer(column.nullable);
        out.text(column.label);
        out.text(column.table);
        out.text(column.schema);
        out.text(column.catalog);
        std::array<std::byte, 12> additional{};
        for (std::size_t i = 0; i < additional.size(); ++i)
            additional[i] = static_cast<std::byte>(column.flags >> i & 1U);
        out.binary(additional);
        if (slots) out.integer(column.slot);
    }
}

void decode(reader& in, std::vector<column>& block, bool slots) {
    const auto count = in.count(10);
    block.clear();
    block.reserve(count);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        auto& column = block.emplace_back();
        column.name = in.text();
        column.type = small_integer(in);
        // Clients rewrite the ODBC 2 date and time codes (wire-sql 3.2).
        if (column.type >= 9 && column.type <= 11) column.type += 82;
        column.precision = in.integer();
        column.scale = read_scale(in);
        column.nullable = small_integer(in);
        column.label = in.text();
        column.table = in.text();
        column.schema = in.text();
        column.catalog = in.text();
        const auto additional = in.binary();
        for (std::size_t bit = 0; bit < additional.size() && bit < 12; ++bit)
            if (additional[bit] != std::byte{0})
                column.flags = static_cast<std::uint16_t>(column.flags | 1U << bit);
        if (slots) column.slot = read_count32(in);
    }
}

void encode(writer& out, const parameter_data& block) {
    out.integer(static_cast<std::int64_t>(block.parameters.size()));
    for (const auto& parameter : block.parameters) {
        out.integer(parameter.type);
        out.integer(parameter.precision);
        write_scale(out, parameter.scale);
        out.integer(parameter.nullable);
    }
    out.integer(block.flags);
}

void decode(reader& in, parameter_data& block) {
    const auto count = in.count(4);
    block.parameters.clear();
    block.parameters.reserve(count);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        auto& parameter = block.parameters.emplace_back();
        parameter.type = small_integer(in);
        parameter.precision = in.integer();
        parameter.scale = read_scale(in);
        parameter.nullable = small_integer(in);
    }
    block.flags = in.integer();
}

void encode(writer& out, const statement_features& block) {
    out.integer(block.option);
    if ((block.option & feature::fast_insert) != 0) out.integer(block.key_count);
    if ((block.option & (feature::fast_select | feature::fast_insert)) != 0)
        out.integer(block.row_items);
}

void decode(reader& in, statement_features& block) {
    block.option = read_count32(in);
    if ((block.option & feature::fast_insert) != 0) block.key_count = in.integer();
    if ((block.option & (feature::fast_select | feature::fast_insert)) != 0)
        block.row_items = in.integer();
}

}  // namespace irislink::wire
