#pragma once
// What a client must know of a statement before it is sent: its parameters and its kind. Quotes,
// comments and delimited identifiers are left alone; the server parses SQL (wire-sql 2.10).

#include <cstdint>
#include <string>
#include <string_view>

namespace irislink::driver {

enum class statement_kind : std::uint8_t { query, update, ddl, drop, use };

struct scanned_statement {
    std::string text; // ? replaced by :%qpar(n), trailing semicolon gone
    std::uint32_t parameters{0};
    statement_kind kind{statement_kind::update};
};

[[nodiscard]] scanned_statement scan_statement(std::string_view sql);

} // namespace irislink::driver
