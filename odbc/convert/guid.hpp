#pragma once
// GUIDs: 36 characters at the server, SQLGUID in C. Digits are written in upper case, as ODBC's GUID
// literals have them.

#include <array>
#include <string_view>

#include "odbc/convert/ascii.hpp"
#include "odbc/text/odbc_types.hpp"

namespace irislink::odbc {

using guid_text = std::array<char, 36>;

// xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx in any case, with blanks or one pair of braces around it.
[[nodiscard]] inline bool parse_guid(std::string_view text, SQLGUID& out) noexcept {
    text = trim_blanks(text);
    if (text.size() == 38 && text.front() == '{' && text.back() == '}') text = text.substr(1, 36);
    if (text.size() != 36) return false;
    std::array<unsigned char, 16> bytes{};
    std::size_t digits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (c != '-') return false;
            continue;
        }
        const int value = is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (value < 0) return false;
        bytes[digits / 2] = static_cast<unsigned char>(bytes[digits / 2] << 4U | value);
        ++digits;
    }
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
