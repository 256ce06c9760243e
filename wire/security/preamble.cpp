#include "wire/security/preamble.hpp"

#include <algorithm>

#include "wire/error/errc.hpp"

namespace irislink::wire {
namespace {

constexpr std::array<std::byte, 4> preamble_start{std::byte{0x00}, std::byte{0x00}, std::byte{0x7F}, std::byte{0x01}};
constexpr std::size_t id_at = 4;
constexpr std::size_t statement_at = 8;
constexpr std::size_t code_at = 12;
constexpr unsigned largest_tls_record = 16384;

bool starts_preamble(bytes_view bytes) noexcept {
    return std::equal(preamble_start.begin(), preamble_start.end(), bytes.begin());
}

// The record's length is what tells it from a CI of 66 kB: that one has a zero there.
bool starts_tls(bytes_view bytes) noexcept {
    const auto at = [bytes](std::size_t i) { return std::to_integer<unsigned>(bytes[i]); };
    const unsigned length = at(3) << 8U | at(4);
    return at(0) == 0x16 && at(1) == 0x03 && at(2) <= 0x04 && length > 0 && length <= largest_tls_record;
}

bool zero(bytes_view bytes, std::size_t from, std::size_t to) noexcept {
    for (std::size_t i = from; i < std::min(to, bytes.size()); ++i)
        if (bytes[i] != std::byte{0}) return false;
    return true;
}

bool code_is(bytes_view bytes, char first, char second) noexcept {
    return (bytes.size() <= code_at || bytes[code_at] == static_cast<std::byte>(first)) &&
           (bytes.size() <= code_at + 1 || bytes[code_at + 1] == static_cast<std::byte>(second));
}

bool may_be_hello(bytes_view bytes) noexcept {
    return bytes[0] == std::byte{2} && zero(bytes, 1, id_at) && zero(bytes, statement_at, code_at) && code_is(bytes, 'H', 'S');
}

bool may_be_namespace_list(bytes_view bytes) noexcept {
    return zero(bytes, id_at, code_at) && code_is(bytes, 'C', 'I');
}

} // namespace

std::array<std::byte, preamble_size> encode_preamble(gss_level level) noexcept {
    return {preamble_start[0], preamble_start[1], preamble_start[2], preamble_start[3], static_cast<std::byte>(level)};
}

std::error_code decode_preamble(bytes_view bytes, gss_level& level) noexcept {
    if (bytes.size() < preamble_size) return wire_errc::truncated;
    if (!starts_preamble(bytes)) return wire_errc::bad_value;
    const auto value = std::to_integer<unsigned>(bytes[preamble_start.size()]);
    if (value < 1 || value > 3) return wire_errc::out_of_range;
    level = static_cast<gss_level>(value);
    return {};
}

line_start classify_first_bytes(bytes_view bytes) noexcept {
    if (bytes.size() < preamble_size) return line_start::undecided;
    bytes = bytes.first(std::min(bytes.size(), first_bytes_size));
    if (starts_tls(bytes)) return line_start::tls;
    if (starts_preamble(bytes)) {
        gss_level level{};
        return decode_preamble(bytes, level) ? line_start::unknown : line_start::kerberos;
    }
    const bool hello = may_be_hello(bytes);
    const bool list = may_be_namespace_list(bytes);
    if (!hello && !list) return line_start::unknown;
    if (bytes.size() < first_bytes_size) return line_start::undecided;
    return hello ? line_start::hello : line_start::namespace_list;
}

} // namespace irislink::wire
