#pragma once
// Tokens of IRIS SQL. Blanks around dots, :%qpar(n) parameters, :variables, %keywords, delimited identifiers,
// ODBC braces, comments.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace irislink::sandbox::sql {

enum class token_kind : std::uint8_t {
    end,
    identifier, // text as written
    delimited,  // "text", quotes removed
    string,     // 'text', quotes removed
    number,
    parameter, // number holds its position, 1-based
    variable,  // :name, colon removed
    symbol,
};

struct token {
    token_kind kind{token_kind::end};
    std::string text;
    std::string upper; // identifiers only
    std::uint32_t number{0};
    std::size_t position{0};
};

// Throws sql_error 3 (string not closed), 1 (a character that means nothing), 28 (bad host variable).
[[nodiscard]] std::vector<token> tokenize(std::string_view sql);

[[nodiscard]] std::string to_upper(std::string_view text);

// Names joined by dots, in capitals. A dot within a name is escaped: "a.b"."c" is not "a"."b.c".
[[nodiscard]] std::string dotted(std::initializer_list<std::string_view> parts);

} // namespace irislink::sandbox::sql
