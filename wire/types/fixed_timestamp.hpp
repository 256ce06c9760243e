#pragma once
// "YYYY-MM-DD HH:MM:SS[.f]", the form in which servers write a timestamp, read by position and eight
// digits at a time. Inline and without allocation because every timestamp of every row passes here.

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "wire/types/temporal.hpp"

namespace irislink::wire {

namespace detail {

static_assert(std::endian::native == std::endian::little, "the words below are for little-endian loads");

[[nodiscard]] inline std::uint64_t load_word(const char* at) noexcept {
    std::uint64_t out = 0;
    std::memcpy(&out, at, sizeof out);
    return out;
}

// `pattern` as a word: its '0' stand for digits, all else for itself.
[[nodiscard]] constexpr std::uint64_t word_of(const char (&pattern)[9]) noexcept {
    std::uint64_t out = 0;
    for (std::size_t i = 8; i-- > 0;) out = out << 8U | static_cast<unsigned char>(pattern[i]);
    return out;
}

// What has to be added to a byte of (word ^ pattern) to set its high bit when it does not fit: more than 9
// where the pattern has a digit, anything but 0 elsewhere.
[[nodiscard]] constexpr std::uint64_t excess_of(const char (&pattern)[9]) noexcept {
    std::uint64_t out = 0;
    for (std::size_t i = 8; i-- > 0;) out = out << 8U | (pattern[i] == '0' ? 0x76U : 0x7FU);
    return out;
}

// A carry out of a byte comes only from one whose high bit is set, which is a misfit already.
[[nodiscard]] constexpr std::uint64_t misfit(std::uint64_t digits, std::uint64_t excess) noexcept {
    return ((digits + excess) | digits) & 0x8080808080808080U;
}

// Byte i becomes 10 * byte i + byte i + 1: a pair of digits is read at its first byte.
[[nodiscard]] constexpr std::uint64_t pairs(std::uint64_t digits) noexcept {
    return digits * 10 + (digits >> 8U);
}

[[nodiscard]] constexpr unsigned byte_of(std::uint64_t word, unsigned at) noexcept {
    return static_cast<unsigned>(word >> (8 * at) & 0xFFU);
}

inline constexpr char date_pattern[9] = "0000-00-";
inline constexpr char day_pattern[9] = "00 00:00";
inline constexpr char time_pattern[9] = "00:00:00";
inline constexpr char fraction_pattern[9] = "0.000000"; // of microseconds, from the last digit of the seconds

} // namespace detail

// False when `text` has another form or is no valid moment; `out` is untouched then. Straight into the
// caller's fields (any struct with those of wire::timestamp): a value built beside them and copied costs
// more than the parsing, since bytes would be written and read back as words.
template <class Timestamp> [[nodiscard]] inline bool take_fixed_timestamp(std::string_view text, Timestamp& out) noexcept {
    using namespace detail;
    if (text.size() < 19 || text.size() > 29) return false;
    const char* const at = text.data();
    const auto ymd_word = load_word(at) ^ word_of(date_pattern);
    const auto day_word = load_word(at + 8) ^ word_of(day_pattern);
    const auto time = load_word(at + 11) ^ word_of(time_pattern);
    auto wrong = misfit(ymd_word, excess_of(date_pattern)) | misfit(day_word, excess_of(day_pattern)) | misfit(time, excess_of(time_pattern));
    std::uint32_t nanosecond = 0;
    if (text.size() == 26) [[likely]] { // microseconds
        const auto fraction = load_word(at + 18) ^ word_of(fraction_pattern);
        wrong |= misfit(fraction, excess_of(fraction_pattern));
        const auto two = pairs(fraction); // hundredths at byte 2, 4 and 6
        nanosecond = (byte_of(two, 2) * 10'000 + byte_of(two, 4) * 100 + byte_of(two, 6)) * 1'000U;
    } else if (text.size() > 19) {
        if (at[19] != '.' || text.size() == 20) return false;
        constexpr std::array<std::uint32_t, 10> scale{1'000'000'000, 100'000'000, 10'000'000, 1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};
        for (std::size_t i = 20; i < text.size(); ++i) {
            const auto digit = static_cast<unsigned char>(at[i]) - unsigned{'0'};
            wrong |= digit > 9 ? 1U : 0U;
            nanosecond = nanosecond * 10 + digit;
        }
        nanosecond *= scale[text.size() - 20];
    }
    const auto ymd = pairs(ymd_word);
    const auto hms = pairs(time);
    const unsigned year = byte_of(ymd, 0) * 100 + byte_of(ymd, 2);
    const unsigned month = byte_of(ymd, 5);
    const unsigned day = byte_of(pairs(day_word), 0);
    const unsigned hour = byte_of(hms, 0);
    const unsigned minute = byte_of(hms, 3);
    const unsigned second = byte_of(hms, 6);
    if (wrong != 0 || hour > 23 || minute > 59 || second > 59 || year == 0 || month - 1 > 11 || day - 1 > 30) return false;
    // Days that every month has need no calendar.
    if (day > 28 && !valid(date{static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)})) return false;
    out.day.year = static_cast<std::int16_t>(year);
    out.day.month = static_cast<std::uint8_t>(month);
    out.day.day = static_cast<std::uint8_t>(day);
    out.time.hour = static_cast<std::uint8_t>(hour);
    out.time.minute = static_cast<std::uint8_t>(minute);
    out.time.second = static_cast<std::uint8_t>(second);
    out.time.nanosecond = nanosecond;
    return true;
}

} // namespace irislink::wire
