#pragma once
// The only map from the server's codes to SQLSTATEs.

#include <span>
#include <string_view>

namespace irislink::driver {

struct sqlstate_row {
    int code;                   // |SQLCODE| or status
    std::string_view sqlstate;  // ODBC 3
    std::string_view text;      // built in, for when the server says nothing; may be empty
    std::string_view hint;      // what to do; may be empty
};

[[nodiscard]] std::span<const sqlstate_row> sqlstate_table() noexcept;
// Null for codes without a row. The sign does not matter.
[[nodiscard]] const sqlstate_row* find_sqlstate(int native) noexcept;
[[nodiscard]] std::string_view sqlstate_of(int native) noexcept;

}  // namespace irislink::driver
