#pragma once
// Errors as IRIS reports them: a positive SQLCODE (wire-sql 6.4), the location and the specific text.

#include <stdexcept>
#include <string>
#include <string_view>

namespace irislink::sandbox::sql {

struct sql_error : std::runtime_error {
    sql_error(int error_code, std::string specific, std::string where = "Prepare")
        : std::runtime_error(specific), code(error_code), location(std::move(where)), message(std::move(specific)) {}

    int code;             // |SQLCODE|
    std::string location; // "Prepare", "ServerLoop", "ServerLoop - Query Open()"
    std::string message;  // %msg
};

// The fixed text of a code; a general one for codes without an entry.
[[nodiscard]] std::string_view fixed_text(int code) noexcept;

// "[SQLCODE: <-30>:<...>]\r\n[Location: <...>]\r\n[%msg: < ...>]"
[[nodiscard]] std::string error_text(int code, std::string_view location, std::string_view message);

} // namespace irislink::sandbox::sql
