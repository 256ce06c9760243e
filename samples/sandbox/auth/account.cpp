#include "samples/sandbox/auth/account.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace irislink::sandbox {
namespace {

constexpr std::size_t longest_account_name = 128;

struct type_row {
    account_type type;
    std::string_view name;
};

constexpr std::array types{
    type_row{account_type::password, "password"},
    type_row{account_type::kerberos, "kerberos"},
    type_row{account_type::delegated, "delegated"},
    type_row{account_type::ldap, "ldap"},
    type_row{account_type::os, "os"},
};

// Of UTF-8: every byte that does not continue a character.
std::size_t characters(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool is_control(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

std::optional<int> digits(std::string_view text) noexcept {
    int out = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        out = out * 10 + (c - '0');
    }
    return out;
}

} // namespace

std::string_view type_name(account_type type) noexcept {
    return std::ranges::find(types, type, &type_row::type)->name;
}

std::optional<account_type> type_named(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(types, name, &type_row::name);
    return found == types.end() ? std::nullopt : std::optional(found->type);
}

bool is_user_name(std::string_view name, bool multi_domain) noexcept {
    if (name.empty() || characters(name) > longest_account_name) return false;
    std::size_t at_signs = 0;
    for (const char c : name) {
        if (is_control(c) || c == '*') return false;
        at_signs += c == '@' ? 1 : 0;
    }
    return at_signs == 0 || (multi_domain && at_signs == 1 && name.front() != '@' && name.back() != '@');
}

std::string printable(std::string_view text, std::size_t limit) {
    std::string out;
    for (const char c : text) {
        // A character is never cut in two.
        if (out.size() >= limit && (static_cast<unsigned char>(c) & 0xC0U) != 0x80U) return out + "...";
        out.push_back(is_control(c) ? '?' : c);
        if (out.size() >= limit + 4) return out; // not UTF-8 at all
    }
    return out;
}

std::optional<std::int64_t> parse_day(std::string_view text) noexcept {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = digits(text.substr(0, 4));
    const auto month = digits(text.substr(5, 2));
    const auto day = digits(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)), std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::sys_days(date).time_since_epoch()).count();
}

std::string show_day(std::int64_t time) {
    const auto day = std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(time)));
    const std::chrono::year_month_day date(day);
    const auto two = [](unsigned value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    auto year = std::to_string(static_cast<int>(date.year()));
    if (year.size() < 4) year.insert(0, 4 - year.size(), '0');
    return year + "-" + two(static_cast<unsigned>(date.month())) + "-" + two(static_cast<unsigned>(date.day()));
}

} // namespace irislink::sandbox
