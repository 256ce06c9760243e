#pragma once
// Values that go into and come out of the SQL engine. Text is UTF-8.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wire/codec/decimal.hpp"

namespace irislink::sandbox::sql {

using decimal = wire::decimal;
using sql_value = std::variant<std::monostate, std::int64_t, double, decimal, std::string, std::vector<std::byte>>;

// Client type codes of wire-sql 8.1, as far as the sandbox has them.
namespace type_code {
inline constexpr int guid = -11;
inline constexpr int bit = -7;
inline constexpr int tinyint = -6;
inline constexpr int bigint = -5;
inline constexpr int longvarbinary = -4;
inline constexpr int varbinary = -3;
inline constexpr int longvarchar = -1;
inline constexpr int numeric = 2;
inline constexpr int integer = 4;
inline constexpr int smallint = 5;
inline constexpr int real = 8;
inline constexpr int varchar = 12;
inline constexpr int date = 91;
inline constexpr int time = 92;
inline constexpr int timestamp = 93;
} // namespace type_code

struct sql_type {
    int code{type_code::varchar};
    int precision{50};
    int scale{0};
    friend bool operator==(const sql_type&, const sql_type&) = default;

    [[nodiscard]] bool is_integer() const noexcept {
        return code == type_code::bit || code == type_code::tinyint || code == type_code::bigint || code == type_code::smallint || code == type_code::integer;
    }

    [[nodiscard]] bool is_numeric() const noexcept { return code == type_code::numeric; }

    [[nodiscard]] bool is_real() const noexcept { return code == type_code::real; }

    [[nodiscard]] bool is_number() const noexcept { return is_integer() || is_numeric() || is_real(); }

    // Kept without binary floating point.
    [[nodiscard]] bool is_exact() const noexcept { return is_integer() || is_numeric(); }

    [[nodiscard]] int fraction_digits() const noexcept { return is_numeric() ? scale : 0; }

    [[nodiscard]] bool is_text() const noexcept { return code == type_code::varchar || code == type_code::longvarchar || code == type_code::guid; }

    [[nodiscard]] bool is_binary() const noexcept { return code == type_code::varbinary || code == type_code::longvarbinary; }

    [[nodiscard]] bool is_temporal() const noexcept { return code == type_code::date || code == type_code::time || code == type_code::timestamp; }
};

// The types that expressions have of themselves.
inline constexpr sql_type boolean_type{type_code::bit, 1, 0};
inline constexpr sql_type integer_type{type_code::integer, 10, 0};
inline constexpr sql_type bigint_type{type_code::bigint, 19, 0};
inline constexpr sql_type real_type{type_code::real, 20, 0};

} // namespace irislink::sandbox::sql
