#pragma once
// Reads Arrow arrays by the public layout of their buffers, without anything of the library under test: cells
// as text, "1|NULL|3" for a column. Header only.

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

#include "bindings/columnar/arrow_abi.hpp"

namespace irislink::test {

namespace detail {

template <class Value> Value value_at(const ArrowArray& array, std::int64_t row, std::size_t buffer = 1) {
    Value out{};
    std::memcpy(&out, static_cast<const char*>(array.buffers[buffer]) + static_cast<std::size_t>(row) * sizeof out, sizeof out);
    return out;
}

__extension__ using wide = __int128;

inline std::string digits_of(wide value, int scale) {
    const bool negative = value < 0;
    std::string out;
    do {
        const auto digit = static_cast<int>(value % 10);
        out.insert(out.begin(), static_cast<char>('0' + (digit < 0 ? -digit : digit)));
        value /= 10;
    } while (value != 0);
    while (static_cast<int>(out.size()) <= scale) out.insert(out.begin(), '0');
    if (scale > 0) out.insert(out.size() - static_cast<std::size_t>(scale), ".");
    return (negative ? "-" : "") + out;
}

template <class Offset> std::string bytes_at(const ArrowArray& array, std::int64_t row) {
    const auto begin = value_at<Offset>(array, row);
    const auto end = value_at<Offset>(array, row + 1);
    return {static_cast<const char*>(array.buffers[2]) + begin, static_cast<std::size_t>(end - begin)};
}

} // namespace detail

inline bool arrow_null(const ArrowArray& array, std::int64_t row) {
    const auto* const bits = static_cast<const unsigned char*>(array.buffers[0]);
    return bits != nullptr && (bits[row / 8] >> (row % 8) & 1) == 0;
}

// One cell. Bytes are in hexadecimal; dates, times and timestamps are their numbers.
inline std::string arrow_cell(const ArrowSchema& schema, const ArrowArray& array, std::int64_t row) {
    using namespace detail;
    if (arrow_null(array, row)) return "NULL";
    if (array.dictionary != nullptr) return arrow_cell(*schema.dictionary, *array.dictionary, value_at<std::int32_t>(array, row));
    const std::string format = schema.format;
    const auto hex = [](const std::string& bytes) {
        static constexpr char digits[] = "0123456789abcdef";
        std::string out;
        for (const char each : bytes) {
            out += digits[static_cast<unsigned char>(each) >> 4U];
            out += digits[static_cast<unsigned char>(each) & 0xFU];
        }
        return out;
    };
    if (format == "b") return (static_cast<const unsigned char*>(array.buffers[1])[row / 8] >> (row % 8) & 1) != 0 ? "true" : "false";
    if (format == "c") return std::to_string(value_at<std::int8_t>(array, row));
    if (format == "s") return std::to_string(value_at<std::int16_t>(array, row));
    if (format == "i" || format == "tdD" || format == "tts" || format == "ttm") return std::to_string(value_at<std::int32_t>(array, row));
    if (format == "l" || format == "ttu" || format == "ttn" || format.starts_with("ts")) return std::to_string(value_at<std::int64_t>(array, row));
    if (format == "g") return std::to_string(value_at<double>(array, row));
    if (format.starts_with("d:")) return digits_of(value_at<wide>(array, row), std::stoi(format.substr(format.find(',') + 1)));
    if (format == "u") return bytes_at<std::int32_t>(array, row);
    if (format == "U") return bytes_at<std::int64_t>(array, row);
    if (format == "z") return hex(bytes_at<std::int32_t>(array, row));
    if (format == "Z") return hex(bytes_at<std::int64_t>(array, row));
    if (format == "w:16") return hex({static_cast<const char*>(array.buffers[1]) + row * 16, 16});
    throw std::runtime_error("a type that no column has: " + format);
}

inline std::string arrow_text(const ArrowSchema& schema, const ArrowArray& array) {
    std::string out;
    for (std::int64_t row = 0; row < array.length; ++row) out += (row == 0 ? "" : "|") + arrow_cell(schema, array, row);
    return out;
}

// A batch: rows one after the other, "1|a;2|NULL".
inline std::string arrow_rows(const ArrowSchema& schema, const ArrowArray& batch) {
    std::string out;
    for (std::int64_t row = 0; row < batch.length; ++row) {
        if (row > 0) out += ";";
        for (std::int64_t i = 0; i < batch.n_children; ++i) out += (i == 0 ? "" : "|") + arrow_cell(*schema.children[i], *batch.children[i], row);
    }
    return out;
}

} // namespace irislink::test
