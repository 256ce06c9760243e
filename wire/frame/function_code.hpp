#pragma once
// The code field of a frame: two ASCII characters in requests, a status in replies, 0xC240 + n for
// Native API requests (wire-session 1.5).

#include <compare>
#include <cstdint>
#include <string>

namespace irislink::wire {

struct function_code {
    std::uint16_t value{0};

    friend constexpr auto operator<=>(function_code, function_code) = default;

    // "HS", or "?4142" for a code that is not two printable characters.
    [[nodiscard]] std::string name() const;
};

inline namespace literals {
consteval function_code operator""_fc(const char* text, std::size_t size) {
    if (size != 2) throw "a function code has two characters";
    return {static_cast<std::uint16_t>(static_cast<unsigned char>(text[0]) | static_cast<unsigned char>(text[1]) << 8)};
}
} // namespace literals

// Statuses with a meaning of their own (wire-sql 6.1); every other value is |SQLCODE|.
namespace status {
inline constexpr std::uint16_t ok = 0;
inline constexpr std::uint16_t end_of_data = 100;
inline constexpr std::uint16_t null_stream = 403;
inline constexpr std::uint16_t statement_gone = 404;
inline constexpr std::uint16_t security = 417;
inline constexpr std::uint16_t last_piece = 418;
inline constexpr std::uint16_t timeout = 450;
inline constexpr std::uint16_t cancelled = 456;
} // namespace status

} // namespace irislink::wire
