#include "driver/config/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "driver/error/sqlstate_table.hpp"
#include "wire/codec/ascii.hpp"

namespace irislink::driver {
namespace {

int base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

// 32 bytes in base 64 (44 characters, one of them padding) as hexadecimal; empty when it is not that.
std::string digest_from_base64(std::string_view text) {
    static constexpr char digits[] = "0123456789abcdef";
    if (text.size() != 44 || text.back() != '=') return {};
    std::string out;
    unsigned bits = 0;
    unsigned have = 0;
    for (const char c : text.substr(0, 43)) {
        const int digit = base64_digit(c);
        if (digit < 0) return {};
        bits = (bits << 6U | static_cast<unsigned>(digit)) & 0xFFFFU;
        have += 6;
        if (have >= 8) {
            have -= 8;
            const auto byte = bits >> have & 0xFFU;
            out.push_back(digits[byte >> 4U]);
            out.push_back(digits[byte & 0xFU]);
        }
    }
    return out;
}

} // namespace

bool same_text(std::string_view left, std::string_view right) noexcept {
    return wire::equal_ignoring_case(left, right);
}

std::string_view trimmed(std::string_view text) noexcept {
    static constexpr std::string_view blank = " \t\r\n\v\f";
    while (!text.empty() && blank.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
    while (!text.empty() && blank.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
    return text;
}

void bad_settings(int native, const std::string& text, const std::string& hint) {
    throw error(diagnostic{
        errc::bad_settings, std::string(sqlstate_of(native)), native, step::settings, text, hint.empty() ? std::string(hint_of(native, step::settings)) : hint,
        true, 0});
}

void bad_value(const keyword& row, std::string_view text) {
    const auto shown = row.type == keyword_type::secret ? std::string("The value") : "'" + std::string(text.substr(0, 40)) + "'";
    bad_settings(native::bad_setting, shown + " is not a value for " + std::string(row.name), "Allowed: " + std::string(row.values) + ".");
}

std::int64_t number_value(const keyword& row, std::string_view text, std::int64_t low, std::int64_t high) {
    text = trimmed(text);
    std::int64_t out = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (failure != std::errc{} || end != text.data() + text.size() || out < low || out > high) bad_value(row, text);
    return out;
}

bool flag_value(const keyword& row, std::string_view text) {
    text = trimmed(text);
    for (const auto* const yes : {"1", "true", "yes", "on", "y"})
        if (same_text(text, yes)) return true;
    for (const auto* const no : {"0", "false", "no", "off", "n"})
        if (same_text(text, no)) return false;
    bad_value(row, text);
}

tls_version version_value(const keyword& row, std::string_view text) {
    text = trimmed(text);
    auto plain = text;
    if (same_text(plain.substr(0, 4), "tlsv")) plain.remove_prefix(4);
    static constexpr auto names = std::to_array<std::pair<std::string_view, tls_version>>({
        {"1.0", tls_version::tls10},
        {"1.1", tls_version::tls11},
        {"1.2", tls_version::tls12},
        {"1.3", tls_version::tls13},
        {"1", tls_version::tls10},
        {"4", tls_version::tls10},
        {"8", tls_version::tls11},
        {"16", tls_version::tls12},
        {"32", tls_version::tls13},
    });
    for (const auto& [name, version] : names)
        if (plain == name) return version;
    bad_value(row, text);
}

tls_check check_value(const keyword& row, std::string_view text) {
    text = trimmed(text);
    if (same_text(text, "require")) return tls_check::none;
    if (same_text(text, "verify-ca")) return tls_check::chain;
    if (same_text(text, "verify-full")) return tls_check::chain_and_host;
    bad_value(row, text);
}

std::vector<std::string> pin_values(const keyword& row, std::string_view text) {
    std::vector<std::string> out;
    while (true) {
        const auto end = std::min(text.find(','), text.size());
        const auto one = trimmed(text.substr(0, end));
        std::string digest;
        if (same_text(one.substr(0, 7), "sha256/")) {
            digest = digest_from_base64(one.substr(7));
        } else if (one.size() == 64 && one.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos) {
            for (const char c : one) digest.push_back(wire::ascii_lower(c));
        }
        if (digest.empty()) bad_value(row, one);
        out.push_back(std::move(digest));
        if (end == text.size()) return out;
        text.remove_prefix(end + 1);
    }
}

std::vector<endpoint> endpoint_values(std::string_view text, std::uint16_t port) {
    const auto& server = *find_keyword("Server");
    std::vector<endpoint> out;
    while (true) {
        const auto end = std::min(text.find(','), text.size());
        auto one = trimmed(text.substr(0, end));
        endpoint made;
        made.port = port;
        std::string_view digits;
        bool has_port = false;
        if (!one.empty() && one.front() == '[') {
            const auto close = one.find(']');
            if (close == std::string_view::npos)
                bad_settings(native::bad_setting, "An IPv6 address in Server lacks its closing bracket", "Write [address]:port.");
            made.host = one.substr(1, close - 1);
            one.remove_prefix(close + 1);
            if (!one.empty() && one.front() != ':') bad_value(server, one);
            has_port = !one.empty();
            if (has_port) digits = one.substr(1);
        } else if (const auto colon = one.find(':'); colon != std::string_view::npos && one.find(':', colon + 1) == std::string_view::npos) {
            made.host = one.substr(0, colon);
            digits = one.substr(colon + 1);
            has_port = true;
        } else {
            made.host = one;
        }
        if (has_port) made.port = static_cast<std::uint16_t>(number_value(*find_keyword("Port"), digits, 1, 65535));
        if (made.host.empty()) bad_settings(native::bad_setting, "A host name in Server is empty", "Allowed: " + std::string(server.values) + ".");
        if (made.host.find('\0') != std::string::npos) bad_value(server, "host with a zero byte");
        out.push_back(std::move(made));
        if (out.size() > 64) bad_settings(native::bad_setting, "Server names more than 64 hosts");
        if (end == text.size()) return out;
        text.remove_prefix(end + 1);
    }
}

std::vector<std::string> word_values(std::string_view text) {
    std::vector<std::string> out;
    std::string word;
    bool quoted = false;
    bool any = false;
    for (const char c : text) {
        if (c == '"') {
            quoted = !quoted;
            any = true;
        } else if ((c == ' ' || c == '\t') && !quoted) {
            if (any) out.push_back(std::exchange(word, {}));
            any = false;
        } else {
            word.push_back(c);
            any = true;
        }
    }
    if (quoted) bad_settings(native::bad_setting, "TwoFactorCommand has a double quote that is not closed");
    if (any) out.push_back(std::move(word));
    return out;
}

} // namespace irislink::driver
