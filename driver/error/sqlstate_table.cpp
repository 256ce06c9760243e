// data table
// SQLCODE or status -> SQLSTATE, built-in text, advice (docs/protocol/wire-sql.md 6.3,
// wire-session.md 6.10). docs/errors.md follows from it.

#include "driver/error/sqlstate_table.hpp"

#include <algorithm>
#include <array>

namespace irislink::driver {
namespace {

// clang-format off
constexpr std::array rows{
    sqlstate_row{1, "42000", "", "Check the statement near the place the server names."},
    sqlstate_row{2, "42000", "", ""},
    sqlstate_row{3, "42000", "", ""},
    sqlstate_row{4, "42000", "", ""},
    sqlstate_row{5, "42000", "", ""},
    sqlstate_row{6, "42000", "", ""},
    sqlstate_row{7, "42000", "", ""},
    sqlstate_row{8, "42000", "", ""},
    sqlstate_row{9, "42000", "", ""},
    sqlstate_row{10, "42000", "", ""},
    sqlstate_row{11, "42000", "", ""},
    sqlstate_row{12, "42000", "", "Check the statement near the place the server names."},
    sqlstate_row{13, "42000", "", ""},
    sqlstate_row{14, "42000", "", ""},
    sqlstate_row{15, "42000", "", ""},
    sqlstate_row{16, "42000", "", ""},
    sqlstate_row{17, "42000", "", ""},
    sqlstate_row{18, "42000", "", ""},
    sqlstate_row{19, "42000", "", ""},
    sqlstate_row{20, "42000", "", ""},
    sqlstate_row{21, "42000", "", ""},
    sqlstate_row{22, "42000", "", ""},
    sqlstate_row{23, "42000", "", ""},
    sqlstate_row{24, "42000", "", ""},
    sqlstate_row{25, "42000", "", "Something follows the end of the statement."},
    sqlstate_row{26, "42000", "", ""},
    sqlstate_row{27, "42000", "", ""},
    sqlstate_row{28, "42000", "", ""},
    sqlstate_row{29, "42S22", "", "Check the spelling of the column; names that need quotes go into double quotes."},
    sqlstate_row{30, "42S02", "", "Check the spelling and the schema of the table; unqualified names are looked up in SQLUser."},
    sqlstate_row{31, "42S22", "", ""},
    sqlstate_row{32, "42000", "", ""},
    sqlstate_row{33, "42S02", "", ""},
    sqlstate_row{34, "42000", "", ""},
    sqlstate_row{35, "42000", "", ""},
    sqlstate_row{36, "42000", "", ""},
    sqlstate_row{37, "42000", "", ""},
    sqlstate_row{38, "42S02", "", ""},
    sqlstate_row{39, "42S02", "", ""},
    sqlstate_row{40, "42000", "", ""},
    sqlstate_row{41, "42000", "", ""},
    sqlstate_row{42, "42000", "", ""},
    sqlstate_row{51, "42000", "", ""},
    sqlstate_row{53, "42000", "", ""},
    sqlstate_row{56, "42000", "", ""},
    sqlstate_row{58, "42000", "", ""},
    sqlstate_row{59, "42000", "", ""},
    sqlstate_row{60, "42000", "", ""},
    sqlstate_row{61, "42000", "", ""},
    sqlstate_row{62, "21S01", "", "Give one value for each column."},
    sqlstate_row{98, "HY000", "License violation", ""},
    sqlstate_row{99, "42000", "Privilege violation", "Ask the administrator for the privilege."},
    sqlstate_row{100, "HY000", "No (more) data", ""},
    sqlstate_row{101, "24000", "", ""},
    sqlstate_row{102, "24000", "", ""},
    sqlstate_row{103, "34000", "", ""},
    sqlstate_row{104, "23000", "", "Check the value against the column's type and length."},
    sqlstate_row{105, "23000", "", "Check the value against the column's type and length."},
    sqlstate_row{108, "23000", "", "Give a value for the required column."},
    sqlstate_row{110, "40001", "", "Another transaction holds the row; commit or roll it back, then repeat."},
    sqlstate_row{112, "42000", "Access violation", ""},
    sqlstate_row{114, "40001", "", "Another transaction holds the row; commit or roll it back, then repeat."},
    sqlstate_row{116, "21S01", "", ""},
    sqlstate_row{119, "23000", "", "A row with this key exists already."},
    sqlstate_row{120, "23000", "", "A row with this key exists already."},
    sqlstate_row{121, "23000", "", "Insert the referenced row first."},
    sqlstate_row{122, "23000", "", ""},
    sqlstate_row{123, "23000", "", ""},
    sqlstate_row{124, "23000", "", "Delete the referencing rows first."},
    sqlstate_row{125, "23000", "", ""},
    sqlstate_row{127, "23000", "", ""},
    sqlstate_row{129, "42000", "", ""},
    sqlstate_row{136, "23000", "", ""},
    sqlstate_row{137, "23000", "", ""},
    sqlstate_row{139, "23000", "", ""},
    sqlstate_row{141, "22018", "", ""},
    sqlstate_row{146, "22007", "", ""},
    sqlstate_row{147, "22007", "", ""},
    sqlstate_row{148, "42000", "", ""},
    sqlstate_row{201, "42S01", "", "The name is taken; drop it or use another."},
    sqlstate_row{300, "42000", "", ""},
    sqlstate_row{301, "42000", "", ""},
    sqlstate_row{302, "42000", "", ""},
    sqlstate_row{304, "23000", "", ""},
    sqlstate_row{305, "23000", "", ""},
    sqlstate_row{306, "42S21", "", ""},
    sqlstate_row{310, "42S02", "", ""},
    sqlstate_row{312, "42000", "", ""},
    sqlstate_row{324, "42S11", "", ""},
    sqlstate_row{333, "42S12", "", ""},
    sqlstate_row{356, "42000", "", ""},
    sqlstate_row{359, "42000", "", ""},
    sqlstate_row{361, "42S02", "", ""},
    sqlstate_row{400, "HY000", "Fatal error occurred", ""},
    sqlstate_row{401, "08S01", "Fatal connection error", ""},
    sqlstate_row{402, "28000", "Invalid user name or password", "Check user name and password."},
    sqlstate_row{403, "HY000", "The stream is NULL", ""},
    sqlstate_row{404, "HY000", "The statement is no longer kept by the server", ""},
    sqlstate_row{405, "08S01", "Unable to read from communication device", ""},
    sqlstate_row{406, "08S01", "Unable to write to server", ""},
    sqlstate_row{407, "08S01", "Unable to write to server master", ""},
    sqlstate_row{408, "08S01", "Unable to start server", ""},
    sqlstate_row{409, "HY000", "Invalid server function", ""},
    sqlstate_row{410, "HY000", "Invalid namespace or directory", "Check the namespace (Database keyword)."},
    sqlstate_row{413, "08S01", "Incompatible protocol version", ""},
    sqlstate_row{417, "28000", "Access Denied", "Check user name, password and namespace; the server does not say which one is wrong."},
    sqlstate_row{418, "HY000", "Last piece of the stream", ""},
    sqlstate_row{450, "HYT00", "Request timed out", "Raise the query timeout, or make the statement cheaper."},
    sqlstate_row{451, "08S01", "Unable to receive server message", ""},
    sqlstate_row{452, "08S01", "Message sequencing error", "The peer may not be an IRIS superserver, or something between changes the data."},
    sqlstate_row{454, "HY000", "Error sending external interrupt", ""},
    sqlstate_row{456, "HY008", "Query interrupted", ""},
    sqlstate_row{459, "08S01", "Secure communication link failure", ""},
    sqlstate_row{460, "HY000", "General error", ""},
    sqlstate_row{461, "08S01", "Communication link failure", "Check that the server runs and that its port is reachable."},
    sqlstate_row{462, "HY001", "Memory allocation failure", ""},
    sqlstate_row{463, "07009", "Invalid column number", ""},
    sqlstate_row{464, "HY010", "Function sequence error", ""},
    sqlstate_row{465, "HY090", "Invalid string or buffer length", ""},
    sqlstate_row{466, "07009", "Invalid parameter number", ""},
    sqlstate_row{467, "HY097", "Column type out of range", ""},
    sqlstate_row{468, "HY106", "Fetch type out of range", ""},
    sqlstate_row{469, "HYC00", "Driver not capable", ""},
    sqlstate_row{470, "01S02", "Option value changed", ""},
    sqlstate_row{471, "3C000", "Duplicate cursor name", ""},
    sqlstate_row{478, "HY000", "Result set mismatch", ""},
    sqlstate_row{499, "HY000", "Protocol mismatch", ""},
    sqlstate_row{1004, "01004", "", ""},
    sqlstate_row{1031, "42000", "", ""},
    sqlstate_row{7001, "07001", "", ""},
    sqlstate_row{7006, "07006", "", ""},
    sqlstate_row{22003, "22003", "", ""},
    sqlstate_row{22005, "22018", "", ""},
    sqlstate_row{22008, "22008", "", ""},
    sqlstate_row{24000, "24000", "", ""},
};
// clang-format on

}  // namespace

std::span<const sqlstate_row> sqlstate_table() noexcept {
    return rows;
}

const sqlstate_row* find_sqlstate(int native) noexcept {
    const int code = native < 0 ? -native : native;
    const auto* const found = std::ranges::lower_bound(rows, code, {}, &sqlstate_row::code);
    return found != rows.end() && found->code == code ? found : nullptr;
}

std::string_view sqlstate_of(int native) noexcept {
    const auto* const row = find_sqlstate(native);
    return row == nullptr ? "HY000" : row->sqlstate;
}

}  // namespace irislink::driver
