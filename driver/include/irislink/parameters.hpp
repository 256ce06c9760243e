#pragma once
// What goes into a statement: C++ values in the place of its ? marks, and how a call reports failure.

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "irislink/error.hpp"
#include "irislink/value.hpp"

namespace irislink {

template <class T> struct is_optional : std::false_type {};

template <class T> struct is_optional<std::optional<T>> : std::true_type {};

namespace detail {

template <class T> value to_value(T&& in) {
    using plain = std::remove_cvref_t<T>;
    if constexpr (std::is_same_v<plain, value>) {
        return std::forward<T>(in);
    } else if constexpr (is_optional<plain>::value) {
        if (!in) return null;
        return to_value(*std::forward<T>(in));
    } else if constexpr (std::is_same_v<plain, std::nullptr_t>) {
        return null;
    } else if constexpr (std::is_same_v<plain, bool>) {
        return value(in);
    } else if constexpr (std::is_integral_v<plain>) {
        static_assert(sizeof(plain) < 8 || std::is_signed_v<plain>, "use std::int64_t: unsigned 64-bit values do not fit");
        return value(static_cast<std::int64_t>(in));
    } else if constexpr (std::is_floating_point_v<plain>) {
        return value(static_cast<double>(in));
    } else if constexpr (std::is_convertible_v<T, std::string_view>) {
        return value(std::string(std::string_view(in)));
    } else {
        return value(std::forward<T>(in));
    }
}

template <class... T> std::vector<value> to_values(T&&... in) {
    std::vector<value> out;
    out.reserve(sizeof...(T));
    (out.push_back(to_value(std::forward<T>(in))), ...);
    return out;
}

// The last two of a list of arguments are std::error_code& and diagnostics&.
template <class... T> consteval bool end_with_errors() {
    if constexpr (sizeof...(T) < 2) {
        return false;
    } else {
        using list = std::tuple<T...>;
        return std::is_same_v<std::tuple_element_t<sizeof...(T) - 2, list>, std::error_code&> &&
               std::is_same_v<std::tuple_element_t<sizeof...(T) - 1, list>, diagnostics&>;
    }
}

// Runs `work` on the values of a variadic call: both of its forms, the one that throws and the one
// whose last two arguments are std::error_code& and diagnostics&.
template <class Work, class... T> auto with_values(const Work& work, T&&... arguments) {
    if constexpr (end_with_errors<T...>()) {
        const auto all = std::forward_as_tuple(std::forward<T>(arguments)...);
        constexpr auto count = sizeof...(T) - 2;
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return returning_errors(std::get<count>(all), std::get<count + 1>(all), [&] {
                const auto values = to_values(static_cast<std::tuple_element_t<I, std::tuple<T&&...>>>(std::get<I>(all))...);
                return work(std::span<const value>(values));
            });
        }
        (std::make_index_sequence<count>{});
    } else {
        const auto values = to_values(std::forward<T>(arguments)...);
        return work(std::span<const value>(values));
    }
}

} // namespace detail

// As the first argument of execute(): the server is asked for the key that it gave to the new row, in
// a message of its own after the statement. Without it no such message is sent.
struct with_generated_keys_t {};

inline constexpr with_generated_keys_t with_generated_keys{};

struct execute_result {
    std::int64_t rows{0}; // changed
    // With with_generated_keys: the row id of the new row, of the last one when there are several.
    // Empty when the server gave none.
    std::vector<value> generated_keys;

    // The first of them as a number. Nothing when there is none, or when it is not a whole number: the
    // row id of a child table is text such as "1||2".
    [[nodiscard]] std::optional<std::int64_t> generated_key() const;
};

} // namespace irislink
