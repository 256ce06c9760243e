#include "wire/messages/blocks.hpp"

#include <algorithm>

#include "wire/messages/fields.hpp"

namespace irislink::wire {
namespace {

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

} // namespace

void encode(writer& out, const statement_text& block) {
    if (block.text.empty()) {
        out.text({});
        return;
    }
    const std::size_t units = std::max<std::size_t>(block.chunk_units, 2);
    const std::string_view text = block.text;
    if (text.size() <= units) { // never more code units than UTF-8 bytes
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
    if (to_integer(first, chunks) != coercion::ok || chunks < 0 || static_cast<std::uint64_t>(chunks) > in.remaining()) {
        in.fail(wire_errc::bad_value);
        return;
    }
    // Chunks are cut by code units, so one may end between the halves of a surrogate pair: UTF-16 is
    // joined before it is converted.
    byte_buffer wide;
    const auto flush = [&] {
        if (!append_utf8_from_utf16(block.text, wide)) in.fail(wire_errc::bad_text);
        wide.clear();
    };
    for (std::int64_t i = 0; i < chunks && !in.failed(); ++i) {
        const auto chunk = in.next();
        if (is_wide_code(chunk.code)) {
            wide.insert(wide.end(), chunk.data.begin(), chunk.data.end());
            continue;
        }
        flush();
        const auto got = to_text(chunk, in.format(), block.text);
        if (got != coercion::ok && got != coercion::null) in.fail(wire_errc::bad_text);
    }
    flush();
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
    const auto count = bounded_count(in, 2, most_parameters);
    block.clear();
    block.reserve(count);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        parameter_info parameter;
        const auto kind = in.next();
        // The value is a hint that no receiver may depend on (wire-sql 2.8): what is not an ASCII
        // character reads as a user parameter.
        std::int64_t value = 0;
        if (is_text_code(kind.code)) {
            parameter.kind_as_text = true;
            if (kind.data.size() == 1) value = std::to_integer<std::int64_t>(kind.data[0]);
        } else if (to_integer(kind, value) != coercion::ok) {
            value = 0;
        }
        if (value > ' ' && value <= '~') parameter.kind = static_cast<char>(value);
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
    block.sets = count32(in);
    block.count = count32(in);
    if (in.failed()) return;
    if (block.count > most_parameters || (block.count == 0 && block.sets > most_empty_sets)) {
        in.fail(wire_errc::limit_exceeded);
        return;
    }
    block.items = take_items(in, std::uint64_t{block.sets} * block.count);
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
        for (std::size_t i = 0; i < additional.size(); ++i) additional[i] = static_cast<std::byte>(column.flags >> i & 1U);
        out.binary(additional);
        if (slots) out.integer(column.slot);
    }
}

void decode(reader& in, std::vector<column>& block, bool slots) {
    const auto count = bounded_count(in, 10, most_columns);
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
        if (column.catalog == "0") column.catalog.clear(); // some servers send the integer 0 for ''
        const auto additional = in.binary();
        for (std::size_t bit = 0; bit < additional.size() && bit < 12; ++bit)
            if (additional[bit] != std::byte{0}) column.flags = static_cast<std::uint16_t>(column.flags | 1U << bit);
        if (slots) column.slot = count32(in);
    }
}

void encode(writer& out, const std::vector<parameter_description>& block) {
    out.integer(static_cast<std::int64_t>(block.size()));
    for (const auto& parameter : block) {
        out.integer(parameter.type);
        out.integer(parameter.precision);
        write_scale(out, parameter.scale);
        out.integer(parameter.nullable);
    }
}

void decode(reader& in, std::vector<parameter_description>& block) {
    const auto count = bounded_count(in, 4, most_parameters);
    block.clear();
    block.reserve(count);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        auto& parameter = block.emplace_back();
        parameter.type = small_integer(in);
        parameter.precision = in.integer();
        parameter.scale = read_scale(in);
        parameter.nullable = small_integer(in);
    }
}

void encode(writer& out, const parameter_data& block) {
    encode(out, block.parameters);
    out.integer(block.flags);
}

void decode(reader& in, parameter_data& block) {
    decode(in, block.parameters);
    block.flags = in.integer();
}

void encode(writer& out, const statement_features& block) {
    out.integer(block.option);
    if ((block.option & feature::fast_insert) != 0) out.integer(block.key_count);
    if ((block.option & (feature::fast_select | feature::fast_insert)) != 0) out.integer(block.row_items);
}

void decode(reader& in, statement_features& block) {
    block.option = count32(in);
    if ((block.option & feature::fast_insert) != 0) block.key_count = in.integer();
    if ((block.option & (feature::fast_select | feature::fast_insert)) != 0) block.row_items = in.integer();
}

} // namespace irislink::wire
