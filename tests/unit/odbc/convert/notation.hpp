#pragma once
// How the data files of the conversion matrix write values down. Nothing here is shared with the
// driver: expected bytes are built from the notation alone.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sql.h>
#include <sqlext.h>

#include "irislink/value.hpp"
#include "wire/codec/item.hpp"

namespace irislink::odbc::test {

// "SQL_C_NUMERIC(10,2)": a name and up to two numbers.
struct typed_name {
    std::string name;
    std::vector<int> arguments;

    [[nodiscard]] int argument(std::size_t i, int otherwise) const { return i < arguments.size() ? arguments[i] : otherwise; }
};

struct data_line {
    int number{0};
    std::vector<std::string> fields;
};

// Lines of a file with `|` between their fields; blank lines and lines with # are none. \p stands
// for |, \e for nothing at the end of a field, \0 for a zero byte.
std::vector<data_line> read_lines(const std::string& file);

typed_name parse_type(std::string_view text);
SQLSMALLINT sql_code(const std::string& name);
SQLSMALLINT c_code(const std::string& name);
std::size_t c_size(const std::string& name); // 0: text and binary

// A cell as a server sends it:
//   null | omitted | i:-5 | d:1250e-2 | r:0.1 | f:0.1 (binary32) | s:text (8-bit) | w:text (UTF-16) |
//   u:D83D,0041 (UTF-16 units) | x:00FF (8-bit bytes)
wire::byte_buffer encode_item(std::string_view text);

// Bytes in the application's memory:
//   'text' (with terminator) | "text" (without) | x:00FF | int 5 | real 0.1 | date 2024-02-29 | time 23:59:58 |
//   ts 2024-02-29 23:59:58 123456789 | num + 12345 38 2 (sign, digits, precision, scale) | guid ... |
//   iv 8 - 3 12 30 45 500000 (interval type code, sign, fields from the leading one on: years months,
//   or days hours minutes seconds fraction)
std::string memory_of(const std::string& text, const std::string& c_type);

} // namespace irislink::odbc::test
