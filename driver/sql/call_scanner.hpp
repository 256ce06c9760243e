#pragma once
// Calls of stored procedures as SQL text: {call p(?, 'x', 3)}, {? = call p(?)}, CALL p(?). Of a call
// the server gets the procedure's name alone; its arguments travel as values (wire-sql 2.6).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace irislink::driver {

struct call_argument {
    enum class form : std::uint8_t { marker, literal, null, omitted };
    form kind{form::marker};
    std::string text; // of a literal, without quotes; numbers as written
};

struct scanned_call {
    bool returns{false}; // begins with ? =, the first marker
    std::string name;    // as written, delimited or not
    std::vector<call_argument> arguments;

    [[nodiscard]] std::uint32_t markers() const noexcept;
};

// Nothing for a text that is no call, or one whose arguments are more than markers and literals.
[[nodiscard]] std::optional<scanned_call> scan_call(std::string_view sql);

} // namespace irislink::driver
