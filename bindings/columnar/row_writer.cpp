#include "bindings/columnar/row_writer.hpp"

#include <charconv>
#include <cstring>
#include <limits>
#include <utility>

#include "driver/value/convert.hpp"
#include "irislink/error.hpp"
#include "wire/codec/wide_decimal.hpp"
#include "wire/types/temporal.hpp"

namespace irislink::columnar {
namespace {

using plan = row_writer::column;
using wire::writer;

[[noreturn]] void fail(const plan& of, const char* sqlstate, const std::string& what, const char* hint = "") {
    throw error(diagnostic{errc::bad_conversion, sqlstate, 0, step::statement, "Column '" + of.name + "': " + what, hint, false, 0});
}

template <class Value> Value value_at(const ArrowArray& array, std::int64_t at, std::size_t buffer = 1) {
    Value out{};
    std::memcpy(&out, static_cast<const char*>(array.buffers[buffer]) + static_cast<std::size_t>(at) * sizeof out, sizeof out);
    return out;
}

bool bit_at(const void* bits, std::int64_t at) {
    return (static_cast<const unsigned char*>(bits)[at / 8] >> (at % 8) & 1) != 0;
}

// `at` counts from the beginning of the buffers.
bool null_at(const ArrowArray& array, std::int64_t at) {
    return array.null_count != 0 && array.n_buffers > 0 && array.buffers[0] != nullptr && !bit_at(array.buffers[0], at);
}

void write_null(const plan&, const ArrowArray&, std::int64_t, writer& out) {
    out.null();
}

void write_bit(const plan&, const ArrowArray& array, std::int64_t at, writer& out) {
    out.integer(bit_at(array.buffers[1], at) ? 1 : 0);
}

template <class Int> void write_integer(const plan& of, const ArrowArray& array, std::int64_t at, writer& out) {
    const auto value = value_at<Int>(array, at);
    if (!std::in_range<std::int64_t>(value)) fail(of, "22003", "an integer is larger than the server's 64 bits");
    out.integer(static_cast<std::int64_t>(value));
}

template <class Real> void write_real(const plan&, const ArrowArray& array, std::int64_t at, writer& out) {
    out.real(static_cast<double>(value_at<Real>(array, at)));
}

void write_decimal(const plan& of, const ArrowArray& array, std::int64_t at, writer& out) {
    auto value = value_at<wire::int128>(array, at);
    int exponent = -of.scale;
    const auto fits = [&] {
        return value >= std::numeric_limits<std::int64_t>::min() && value <= std::numeric_limits<std::int64_t>::max() && exponent >= -128 && exponent <= 127;
    };
    while (!fits() && value % 10 == 0 && value != 0) {
        value /= 10;
        ++exponent;
    }
    if (value == 0) exponent = std::max(-128, std::min(0, exponent));
    if (!fits()) fail(of, "22003", "a decimal has no exact form on the server: 64 bits of digits, exponent -128 to 127", "Round the column.");
    out.number({static_cast<std::int64_t>(value), static_cast<std::int16_t>(exponent)});
}

std::string_view as_text(const void* data, std::int64_t begin, std::int64_t size) {
    return size == 0 ? std::string_view{} : std::string_view(static_cast<const char*>(data) + begin, static_cast<std::size_t>(size));
}

template <class Offset> std::string_view bytes_at(const ArrowArray& array, std::int64_t at) {
    const auto begin = value_at<Offset>(array, at);
    return as_text(array.buffers[2], begin, value_at<Offset>(array, at + 1) - begin);
}

// A length, then the bytes themselves or where they are: four bytes of them, a buffer and an offset.
std::string_view view_at(const ArrowArray& array, std::int64_t at) {
    const auto* const view = static_cast<const char*>(array.buffers[1]) + at * 16;
    std::int32_t words[4];
    std::memcpy(words, view, sizeof words);
    if (words[0] <= 12) return as_text(view, 4, words[0]);
    return as_text(array.buffers[2 + words[2]], words[3], words[0]);
}

std::string_view fixed_at(const plan& of, const ArrowArray& array, std::int64_t at) {
    return as_text(array.buffers[1], at * of.width, of.width);
}

void put_text(const plan& of, std::string_view text, writer& out) {
    out.text(text);
    if (out.failed()) fail(of, "22021", "a text is not valid UTF-8");
}

template <class Offset> void write_text(const plan& of, const ArrowArray& array, std::int64_t at, writer& out) {
    put_text(of, bytes_at<Offset>(array, at), out);
}

void write_text_view(const plan& of, const ArrowArray& array, std::int64_t at, writer& out) {
    put_text(of, view_at(array, at), out);
}

template <class Offset> void write_bytes(const plan&, const ArrowArray& array, std::int64_t at, writer& out) {
    driver::write_bytes(out, wire::as_bytes(bytes_at<Offset>(array, at)));
}

void write_bytes_view(const plan&, const ArrowArray& array, std::int64_t at, writer& out) {
    driver::write_bytes(out, wire::as_bytes(view_at(array, at)));
}

void write_fixed(const plan& of, const ArrowArray& array, std::int64_t at, writer& out) {
    driver::write_bytes(out, wire::as_bytes(fixed_at(of, array, at)));
}

// As the server writes those that it makes.
void write_uuid(const plan& of, const ArrowArray& array, std::int64_t at, writer& out) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string text;
    for (const char each : fixed_at(of, array, at)) {
        if (text.size() == 8 || text.size() == 13 || text.size() == 18 || text.size() == 23) text += '-';
        text += digits[static_cast<unsigned char>(each) >> 4U];
        text += digits[static_cast<unsigned char>(each) & 0xFU];
    }
    out.text(text);
}

template <class T> void put_temporal(const T& value, writer& out) {
    std::string text;
    wire::append_text(text, value);
    out.text(text);
}

wire::date day_of(const plan& of, std::int64_t days) {
    // The range of days is far from that of 64 bits.
    const auto day = days < -1'000'000 || days > 10'000'000 ? std::nullopt : wire::date_of_horolog(days + wire::horolog_of_1970);
    if (!day) fail(of, "22007", "a date is not within the years 1 to 9999");
    return *day;
}

wire::time_of_day time_of(const plan& of, std::int64_t units) {
    const auto seconds = units / of.factor;
    if (units < 0 || seconds >= 86'400) fail(of, "22007", "a time is not within a day");
    wire::time_of_day out;
    out.hour = static_cast<std::uint8_t>(seconds / 3600);
    out.minute = static_cast<std::uint8_t>(seconds / 60 % 60);
    out.second = static_cast<std::uint8_t>(seconds % 60);
    out.nanosecond = static_cast<std::uint32_t>(units % of.factor * (1'000'000'000 / of.factor));
    return out;
}

void write_date(const plan& of, const ArrowArray& array, std::int64_t at, writer& out) {
    put_temporal(day_of(of, value_at<std::int32_t>(array, at)), out);
}

void write_date64(const plan& of, const ArrowArray& array, std::int64_t at, writer& out) {
    constexpr std::int64_t per_day = 86'400'000;
    const auto value = value_at<std::int64_t>(array, at);
    if (value % per_day != 0) fail(of, "22007", "a date has a time of day");
    put_temporal(day_of(of, value / per_day), out);
}

template <class Stored> void write_time(const plan& of, const ArrowArray& array, std::int64_t at, writer& out) {
    put_temporal(time_of(of, value_at<Stored>(array, at)), out);
}

void write_timestamp(const plan& of, const ArrowArray& array, std::int64_t at, writer& out) {
    const auto value = value_at<std::int64_t>(array, at);
    const auto per_day = 86'400 * of.factor;
    auto days = value / per_day;
    auto rest = value % per_day;
    if (rest < 0) {
        rest += per_day;
        --days;
    }
    put_temporal(wire::timestamp{day_of(of, days), time_of(of, rest)}, out);
}

void write_cell(const plan& of, const ArrowArray& array, std::int64_t at, writer& out) {
    if (null_at(array, at)) {
        out.null();
    } else {
        of.write(of, array, at, out);
    }
}

template <class Index> void write_word(const plan& of, const ArrowArray& array, std::int64_t at, writer& out) {
    const auto number = static_cast<std::int64_t>(value_at<Index>(array, at));
    write_cell(of.values.front(), *array.dictionary, number + array.dictionary->offset, out);
}

std::int64_t units_per_second(char letter) {
    switch (letter) {
    case 's': return 1;
    case 'm': return 1'000;
    case 'u': return 1'000'000;
    default: return 1'000'000'000;
    }
}

// The pairs are those of the C data interface: counts and lengths before the bytes.
bool is_uuid(const char* metadata) {
    if (metadata == nullptr) return false;
    const auto number = [&metadata] {
        std::int32_t out = 0;
        std::memcpy(&out, metadata, sizeof out);
        metadata += sizeof out;
        return out;
    };
    const auto text = [&] {
        const auto size = static_cast<std::size_t>(number());
        const std::string_view out(metadata, size);
        metadata += size;
        return out;
    };
    for (auto left = number(); left > 0; --left) {
        const auto key = text();
        const auto value = text();
        if (key == "ARROW:extension:name" && value == "arrow.uuid") return true;
    }
    return false;
}

using write_fn = decltype(plan::write);

// Of types whose format is one word. Null: another type.
write_fn simple_writer(std::string_view format) {
    struct row {
        std::string_view format;
        write_fn write;
    };

    static constexpr row rows[] = {
        {"n", write_null},
        {"b", write_bit},
        {"c", write_integer<std::int8_t>},
        {"C", write_integer<std::uint8_t>},
        {"s", write_integer<std::int16_t>},
        {"S", write_integer<std::uint16_t>},
        {"i", write_integer<std::int32_t>},
        {"I", write_integer<std::uint32_t>},
        {"l", write_integer<std::int64_t>},
        {"L", write_integer<std::uint64_t>},
        {"f", write_real<float>},
        {"g", write_real<double>},
        {"u", write_text<std::int32_t>},
        {"U", write_text<std::int64_t>},
        {"vu", write_text_view},
        {"z", write_bytes<std::int32_t>},
        {"Z", write_bytes<std::int64_t>},
        {"vz", write_bytes_view},
        {"tdD", write_date},
        {"tdm", write_date64},
        {"tts", write_time<std::int32_t>},
        {"ttm", write_time<std::int32_t>},
        {"ttu", write_time<std::int64_t>},
        {"ttn", write_time<std::int64_t>}};
    for (const auto& each : rows)
        if (each.format == format) return each.write;
    return nullptr;
}

write_fn word_writer(char index) {
    switch (index) {
    case 'c': return write_word<std::int8_t>;
    case 'C': return write_word<std::uint8_t>;
    case 's': return write_word<std::int16_t>;
    case 'S': return write_word<std::uint16_t>;
    case 'i': return write_word<std::int32_t>;
    case 'I': return write_word<std::uint32_t>;
    case 'l': return write_word<std::int64_t>;
    case 'L': return write_word<std::uint64_t>;
    default: return nullptr;
    }
}

plan plan_of(const ArrowSchema& schema, const std::string& name) {
    const std::string_view format = schema.format;
    plan out;
    out.name = name;
    if (schema.dictionary != nullptr) {
        out.values.push_back(plan_of(*schema.dictionary, name));
        out.write = word_writer(format.front());
    } else if (format.starts_with("ts")) {
        if (format.size() > 4)
            fail(
                out, "22008", "a timestamp with a time zone cannot be stored: times of the server have none",
                "Convert it to the zone that is meant, and drop the zone."
            );
        out.factor = units_per_second(format[2]);
        out.write = write_timestamp;
    } else if (format.starts_with("d:")) {
        const auto comma = format.find(',');
        const auto rest = comma == std::string_view::npos ? std::string_view{} : format.substr(comma + 1);
        const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), out.scale);
        // Behind a second comma there are the bits, when they are not 128.
        if (failed == std::errc{} && end == rest.data() + rest.size()) out.write = write_decimal;
    } else if (format.starts_with("w:")) {
        (void)std::from_chars(format.data() + 2, format.data() + format.size(), out.width);
        out.write = out.width == 16 && is_uuid(schema.metadata) ? write_uuid : write_fixed;
    } else {
        if (format.starts_with("tt") && format.size() == 3) out.factor = units_per_second(format[2]);
        out.write = simple_writer(format);
    }
    if (out.write == nullptr) fail(out, "07006", "an Arrow column of type '" + std::string(format) + "' cannot be sent");
    return out;
}

} // namespace

row_writer::row_writer(const ArrowSchema& schema) {
    if (std::string_view(schema.format) != "+s")
        throw error(diagnostic{errc::bad_argument, "07006", 0, step::statement, "The Arrow data is no table", "Send a table or a record batch.", false, 0});
    for (std::int64_t i = 0; i < schema.n_children; ++i) {
        const auto& child = *schema.children[i];
        columns_.push_back(plan_of(child, child.name == nullptr ? std::to_string(i) : child.name));
    }
}

void row_writer::write(const ArrowArray& batch, std::int64_t row, wire::writer& out) const {
    if (null_at(batch, row + batch.offset))
        throw error(diagnostic{
            errc::bad_conversion, "22002", 0, step::statement, "Row " + std::to_string(row) + " of the Arrow data is NULL as a whole", "Leave such rows out.",
            false, 0});
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const auto& child = *batch.children[i];
        write_cell(columns_[i], child, row + batch.offset + child.offset, out);
    }
}

} // namespace irislink::columnar
