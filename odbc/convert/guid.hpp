#pragma once
// GUIDs: 36 characters at the server, SQLGUID in C. Digits are written in upper case, as ODBC's GUID
// literals have them.

#include <algorithm>
#include <array>
#include <string_view>

#include "odbc/text/odbc_types.hpp"
#include "wire/types/guid.hpp"

namespace irislink::odbc {

using guid_text = std::array<char, 36>;

[[nodiscard]] inline bool parse_guid(std::string_view text, SQLGUID& out) noexcept {
    const auto parsed = wire::parse_guid(text);
    if (!parsed) return false;
    std::array<unsigned char, 16> bytes{};
    std::ranges::transform(*parsed, bytes.begin(), [](std::byte each) { return std::to_integer<unsigned char>(each); });
    out.Data1 = 0;
    for (std::size_t i = 0; i < 4; ++i) out.Data1 = out.Data1 << 8U | bytes[i];
    out.Data2 = static_cast<WORD>(bytes[4] << 8U | bytes[5]);
    out.Data3 = static_cast<WORD>(bytes[6] << 8U | bytes[7]);
    std::copy(bytes.begin() + 8, bytes.end(), out.Data4);
    return true;
}

[[nodiscard]] inline std::string_view to_text(const SQLGUID& in, guid_text& storage) noexcept {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::array<unsigned, 16> bytes{};
    for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<unsigned>(in.Data1 >> (24 - 8 * i)) & 0xFFU;
    bytes[4] = in.Data2 >> 8U;
    bytes[5] = in.Data2 & 0xFFU;
    bytes[6] = in.Data3 >> 8U;
    bytes[7] = in.Data3 & 0xFFU;
    for (std::size_t i = 0; i < 8; ++i) bytes[8 + i] = in.Data4[i];
    std::size_t at = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) storage[at++] = '-';
        storage[at++] = digits[bytes[i] >> 4U];
        storage[at++] = digits[bytes[i] & 0xFU];
    }
    return {storage.data(), storage.size()};
}

} // namespace irislink::odbc
