#include "tests/unit/odbc/convert/notation.hpp"

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "wire/codec/writer.hpp"

namespace irislink::odbc::test {
namespace {

std::string strip(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return std::string(text);
}

std::string unescape(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out += text[i];
            continue;
        }
        switch (text[++i]) {
        case 'p': out += '|'; break;
        case '0': out += '\0'; break;
        case 'e': break;
        default: out += text[i];
        }
    }
    return out;
}

std::string from_hex(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) out += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
    return out;
}

template <class Value> void put(std::string& out, Value value) {
    char raw[sizeof value];
    std::memcpy(raw, &value, sizeof value);
    out.append(raw, sizeof value);
}

// UTF-8 as little-endian UTF-16, by the definition of UTF-16.
std::string utf16(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t size = lead < 0x80 ? 1U : lead < 0xE0 ? 2U : lead < 0xF0 ? 3U : 4U;
        std::uint32_t c = size == 1 ? lead : lead & (0xFFU >> (size + 1));
        for (std::size_t k = 1; k < size; ++k) c = c << 6U | (static_cast<unsigned char>(text.at(i + k)) & 0x3FU);
        i += size;
        if (c < 0x10000) {
            put(out, static_cast<char16_t>(c));
        } else {
            put(out, static_cast<char16_t>(0xD800U + ((c - 0x10000U) >> 10U)));
            put(out, static_cast<char16_t>(0xDC00U + ((c - 0x10000U) & 0x3FFU)));
        }
    }
    return out;
}

std::vector<std::string> words(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> out;
    for (std::string word; in >> word;) out.push_back(word);
    return out;
}

std::vector<long> numbers(std::string text) {
    for (auto& c : text)
        if (c == '-' || c == ':') c = ' ';
    std::vector<long> out;
    for (const auto& word : words(text)) out.push_back(std::stol(word));
    return out;
}

std::string numeric(const std::vector<std::string>& in) {
    unsigned char value[16] = {};
    for (const char digit : in.at(2)) { // value * 10 + digit, by bytes
        unsigned carry = static_cast<unsigned>(digit - '0');
        for (auto& byte : value) {
            carry += byte * 10U;
            byte = static_cast<unsigned char>(carry);
            carry >>= 8U;
        }
    }
    std::string out;
    out += static_cast<char>(std::stoi(in.at(3)));
    out += static_cast<char>(std::stoi(in.at(4)));
    out += in.at(1) == "+" ? '\1' : '\0';
    out.append(reinterpret_cast<const char*>(value), sizeof value);
    return out;
}

std::string interval(const std::vector<std::string>& in) {
    SQL_INTERVAL_STRUCT made{};
    const int tag = std::stoi(in.at(1));
    made.interval_type = static_cast<SQLINTERVAL>(tag);
    made.interval_sign = in.at(2) == "-" ? SQL_TRUE : SQL_FALSE;
    const auto field = [&](std::size_t i) { return i < in.size() ? static_cast<SQLUINTEGER>(std::stoul(in[i])) : 0U; };
    if (tag == SQL_IS_YEAR || tag == SQL_IS_MONTH || tag == SQL_IS_YEAR_TO_MONTH) {
        made.intval.year_month = {field(3), field(4)};
    } else {
        made.intval.day_second = {field(3), field(4), field(5), field(6), field(7)};
    }
    std::string out;
    put(out, made);
    return out;
}

const std::map<std::string, SQLSMALLINT> sql_codes{
    {"CHAR", SQL_CHAR},
    {"VARCHAR", SQL_VARCHAR},
    {"LONGVARCHAR", SQL_LONGVARCHAR},
    {"WVARCHAR", SQL_WVARCHAR},
    {"NUMERIC", SQL_NUMERIC},
    {"DECIMAL", SQL_DECIMAL},
    {"TINYINT", SQL_TINYINT},
    {"SMALLINT", SQL_SMALLINT},
    {"INTEGER", SQL_INTEGER},
    {"BIGINT", SQL_BIGINT},
    {"REAL", SQL_REAL},
    {"FLOAT", SQL_FLOAT},
    {"DOUBLE", SQL_DOUBLE},
    {"BIT", SQL_BIT},
    {"BINARY", SQL_BINARY},
    {"VARBINARY", SQL_VARBINARY},
    {"LONGVARBINARY", SQL_LONGVARBINARY},
    {"DATE", SQL_TYPE_DATE},
    {"TIME", SQL_TYPE_TIME},
    {"TIMESTAMP", SQL_TYPE_TIMESTAMP},
    {"GUID", SQL_GUID},
    {"INTERVAL_DAY", SQL_INTERVAL_DAY}};

struct c_type_entry {
    SQLSMALLINT code;
    std::size_t size;
};

const std::map<std::string, c_type_entry> c_types{
    {"CHAR", {SQL_C_CHAR, 0}},
    {"WCHAR", {SQL_C_WCHAR, 0}},
    {"BINARY", {SQL_C_BINARY, 0}},
    {"BIT", {SQL_C_BIT, 1}},
    {"NUMERIC", {SQL_C_NUMERIC, 19}},
    {"STINYINT", {SQL_C_STINYINT, 1}},
    {"TINYINT", {SQL_C_TINYINT, 1}},
    {"UTINYINT", {SQL_C_UTINYINT, 1}},
    {"SSHORT", {SQL_C_SSHORT, 2}},
    {"SHORT", {SQL_C_SHORT, 2}},
    {"USHORT", {SQL_C_USHORT, 2}},
    {"SLONG", {SQL_C_SLONG, 4}},
    {"LONG", {SQL_C_LONG, 4}},
    {"ULONG", {SQL_C_ULONG, 4}},
    {"SBIGINT", {SQL_C_SBIGINT, 8}},
    {"UBIGINT", {SQL_C_UBIGINT, 8}},
    {"FLOAT", {SQL_C_FLOAT, 4}},
    {"DOUBLE", {SQL_C_DOUBLE, 8}},
    {"DATE", {SQL_C_TYPE_DATE, 6}},
    {"DATE2", {SQL_C_DATE, 6}},
    {"TIME", {SQL_C_TYPE_TIME, 6}},
    {"TIME2", {SQL_C_TIME, 6}},
    {"TIMESTAMP", {SQL_C_TYPE_TIMESTAMP, 16}},
    {"TIMESTAMP2", {SQL_C_TIMESTAMP, 16}},
    {"GUID", {SQL_C_GUID, 16}},
    {"DEFAULT", {SQL_C_DEFAULT, 0}},
    {"YEAR", {SQL_C_INTERVAL_YEAR, 28}},
    {"MONTH", {SQL_C_INTERVAL_MONTH, 28}},
    {"DAY", {SQL_C_INTERVAL_DAY, 28}},
    {"HOUR", {SQL_C_INTERVAL_HOUR, 28}},
    {"MINUTE", {SQL_C_INTERVAL_MINUTE, 28}},
    {"SECOND", {SQL_C_INTERVAL_SECOND, 28}},
    {"YEAR_TO_MONTH", {SQL_C_INTERVAL_YEAR_TO_MONTH, 28}},
    {"DAY_TO_HOUR", {SQL_C_INTERVAL_DAY_TO_HOUR, 28}},
    {"DAY_TO_MINUTE", {SQL_C_INTERVAL_DAY_TO_MINUTE, 28}},
    {"DAY_TO_SECOND", {SQL_C_INTERVAL_DAY_TO_SECOND, 28}},
    {"HOUR_TO_MINUTE", {SQL_C_INTERVAL_HOUR_TO_MINUTE, 28}},
    {"HOUR_TO_SECOND", {SQL_C_INTERVAL_HOUR_TO_SECOND, 28}},
    {"MINUTE_TO_SECOND", {SQL_C_INTERVAL_MINUTE_TO_SECOND, 28}},
};

} // namespace

std::vector<data_line> read_lines(const std::string& file) {
    std::ifstream in(std::string(IRISLINK_SOURCE_DIR) + "/tests/unit/odbc/convert/" + file);
    if (!in) throw std::runtime_error("no file " + file);
    std::vector<data_line> out;
    int number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        if (strip(line).empty() || line.front() == '#') continue;
        data_line made{number, {}};
        std::size_t at = 0;
        for (;;) {
            const auto bar = line.find('|', at);
            made.fields.push_back(unescape(strip(std::string_view(line).substr(at, bar == std::string::npos ? bar : bar - at))));
            if (bar == std::string::npos) break;
            at = bar + 1;
        }
        out.push_back(made);
    }
    return out;
}

typed_name parse_type(std::string_view text) {
    typed_name out;
    const auto open = text.find('(');
    out.name = std::string(text.substr(0, open));
    if (open != std::string_view::npos) {
        std::istringstream in{std::string(text.substr(open + 1, text.size() - open - 2))};
        for (std::string each; std::getline(in, each, ',');) out.arguments.push_back(std::stoi(each));
    }
    return out;
}

SQLSMALLINT sql_code(const std::string& name) {
    return sql_codes.at(name);
}

SQLSMALLINT c_code(const std::string& name) {
    return c_types.at(name).code;
}

std::size_t c_size(const std::string& name) {
    return c_types.at(name).size;
}

wire::byte_buffer encode_item(std::string_view text) {
    wire::byte_buffer out;
    wire::session_format format;
    format.compact_double = text.starts_with("f:");
    wire::writer writer(out, format);
    const auto rest = text.size() > 2 ? std::string(text.substr(2)) : std::string();
    const auto put_bytes = [&](wire::item_code code, const std::string& data) { writer.item_bytes(code, wire::as_bytes(data)); };
    if (text == "null") {
        writer.null();
    } else if (text == "omitted") {
        writer.omitted();
    } else if (text.starts_with("i:")) {
        writer.integer(std::stoll(rest));
    } else if (text.starts_with("d:")) {
        const auto mark = rest.find('e');
        writer.number({std::stoll(rest.substr(0, mark)), static_cast<std::int16_t>(std::stoi(rest.substr(mark + 1)))});
    } else if (text.starts_with("r:")) {
        writer.real(std::strtod(rest.c_str(), nullptr));
    } else if (text.starts_with("f:")) {
        writer.real(static_cast<double>(std::strtof(rest.c_str(), nullptr)));
    } else if (text.starts_with("s:")) {
        std::string latin;
        const auto wide = utf16(rest);
        for (std::size_t i = 0; i < wide.size(); i += 2) latin += wide[i];
        put_bytes(wire::item_code::text8, rest.empty() ? std::string(1, '\0') : latin);
    } else if (text.starts_with("w:")) {
        put_bytes(wire::item_code::text16, utf16(rest));
    } else if (text.starts_with("u:")) {
        std::string units;
        std::istringstream in(rest);
        for (std::string unit; std::getline(in, unit, ',');) put(units, static_cast<char16_t>(std::stoi(unit, nullptr, 16)));
        put_bytes(wire::item_code::text16, units);
    } else if (text.starts_with("x:")) {
        put_bytes(wire::item_code::text8, from_hex(rest));
    } else {
        throw std::runtime_error("no such server value: " + std::string(text));
    }
    return out;
}

std::string memory_of(const std::string& text, const std::string& c_type) {
    std::string out;
    if (text.size() >= 2 && (text.front() == '\'' || text.front() == '"') && text.back() == text.front()) {
        const auto inner = text.substr(1, text.size() - 2);
        const bool wide = c_type == "WCHAR";
        out = wide ? utf16(inner) : inner;
        if (text.front() == '\'') out.append(wide ? 2U : 1U, '\0');
        return out;
    }
    if (text.starts_with("x:")) return from_hex(text.substr(2));
    const auto parts = words(text);
    const auto rest = text.find(' ') == std::string::npos ? std::string() : text.substr(text.find(' ') + 1);
    const auto& kind = parts.at(0);
    if (kind == "int") {
        const auto value = rest.front() == '-' ? static_cast<std::uint64_t>(std::stoll(rest)) : std::stoull(rest);
        put(out, value);
        out.resize(c_size(c_type) == 0 ? static_cast<std::size_t>(std::stoi(parts.size() > 2 ? parts[2] : "8")) : c_size(c_type));
    } else if (kind == "real") {
        if (c_type == "FLOAT") {
            put(out, std::strtof(rest.c_str(), nullptr)); // stof refuses what is smaller than normal
        } else {
            put(out, std::strtod(rest.c_str(), nullptr));
        }
    } else if (kind == "date") {
        const auto n = numbers(rest);
        put(out, SQL_DATE_STRUCT{static_cast<SQLSMALLINT>(n.at(0)), static_cast<SQLUSMALLINT>(n.at(1)), static_cast<SQLUSMALLINT>(n.at(2))});
    } else if (kind == "time") {
        const auto n = numbers(rest);
        put(out, SQL_TIME_STRUCT{static_cast<SQLUSMALLINT>(n.at(0)), static_cast<SQLUSMALLINT>(n.at(1)), static_cast<SQLUSMALLINT>(n.at(2))});
    } else if (kind == "ts") {
        const auto n = numbers(rest);
        put(out,
            SQL_TIMESTAMP_STRUCT{
                static_cast<SQLSMALLINT>(n.at(0)), static_cast<SQLUSMALLINT>(n.at(1)), static_cast<SQLUSMALLINT>(n.at(2)), static_cast<SQLUSMALLINT>(n.at(3)),
                static_cast<SQLUSMALLINT>(n.at(4)), static_cast<SQLUSMALLINT>(n.at(5)), static_cast<SQLUINTEGER>(n.at(6))});
    } else if (kind == "num") {
        out = numeric(parts);
    } else if (kind == "iv") {
        out = interval(parts);
    } else if (kind == "guid") {
        std::string digits;
        for (const char c : rest)
            if (c != '-') digits += c;
        const auto raw = from_hex(digits);
        for (const int i : {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15}) out += raw.at(static_cast<std::size_t>(i));
    } else {
        throw std::runtime_error("no such bytes: " + text);
    }
    return out;
}

} // namespace irislink::odbc::test
