// The conversion matrix: data files, one conversion a line, expected values from the tables of ODBC's
// Appendix D.

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

#include "odbc/convert/table.hpp"
#include "tests/unit/odbc/convert/allocation_count.hpp"
#include "tests/unit/odbc/convert/notation.hpp"

namespace irislink::odbc {
namespace {

using test::data_line;

constexpr unsigned char untouched = 0xA5;

std::string show(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) {
        char two[4];
        (void)std::snprintf(two, sizeof two, "%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
        out += two;
    }
    return out;
}

// docs/types.md shows which states a cell may end with: what happens here must be among them.
template <class Row> void check_said(const std::array<Row, c_kinds>& table, SQLSMALLINT c_type, SQLSMALLINT sql, const std::string& state) {
    const auto& cell = table.at(static_cast<std::size_t>(find_c_type(c_type)->kind)).at(static_cast<std::size_t>(find_sql_type(sql)->family));
    EXPECT_NE(cell.states.find(state), std::string_view::npos) << state << " is not among the states of its cell";
}

// SQL type (precision, scale) | server value | C type | bytes [/ length] | SQLSTATE
// C type: CHAR(capacity in bytes), NUMERIC(precision, scale), intervals (leading precision, seconds
// precision). Bytes `-`: nothing is to be expected in the buffer.
void check_fetch(const std::string& file, const data_line& line) {
    SCOPED_TRACE(file + ":" + std::to_string(line.number));
    ASSERT_EQ(line.fields.size(), 5U);
    const auto sql = test::parse_type(line.fields[0]);
    const auto c = test::parse_type(line.fields[2]);
    column described;
    described.type = static_cast<sql_type>(test::sql_code(sql.name));
    described.precision = sql.argument(0, 0);
    described.scale = sql.argument(1, 0);

    const auto encoded = test::encode_item(line.fields[1]);
    wire::item item;
    wire::item_status status{};
    ASSERT_NE(wire::parse_item(encoded.data(), encoded.data() + encoded.size(), item, status), nullptr);

    const auto run = find_conversion(described.type, test::c_code(c.name));
    if (line.fields[4] == "07006") {
        EXPECT_EQ(run, nullptr);
        return;
    }
    ASSERT_NE(run, nullptr);

    const bool variable = test::c_size(c.name) == 0;
    const auto capacity = variable ? static_cast<std::size_t>(c.argument(0, 128)) : test::c_size(c.name);
    std::string memory(capacity + 16, static_cast<char>(untouched));
    SQLLEN length = -99;
    target out;
    out.data = memory.data();
    out.capacity = static_cast<SQLLEN>(capacity);
    out.length = out.indicator = &length;
    if (c.name == "NUMERIC") {
        out.precision = static_cast<SQLSMALLINT>(c.argument(0, 38));
        out.scale = static_cast<SQLSMALLINT>(c.argument(1, 0));
    } else if (!variable) {
        out.leading_precision = static_cast<SQLSMALLINT>(c.argument(0, 2));
        out.precision = static_cast<SQLSMALLINT>(c.argument(1, 6));
    }
    const auto before = test::allocations();
    const auto result = run({item, wire::default_format, described}, out);
    EXPECT_EQ(test::allocations(), before) << "a cell takes no memory";
    EXPECT_STREQ(sqlstate_of(result), line.fields[4].c_str());
    EXPECT_EQ(memory.substr(capacity), std::string(16, static_cast<char>(untouched))) << "beyond the buffer";
    if (line.fields[1] == "null" || line.fields[1] == "omitted") {
        EXPECT_EQ(length, SQL_NULL_DATA);
        return;
    }
    const auto family = find_sql_type(test::sql_code(sql.name))->family;
    // Items that contradict their column may fail anywhere; the page says so once.
    const bool of_server = line.fields[4] == "HY000" || (family != sql_family::character && (line.fields[4] == "22018" || line.fields[4] == "22008"));
    if (result != outcome::ok && c.name != "DEFAULT" && !of_server) check_said(fetch_table, test::c_code(c.name), test::sql_code(sql.name), line.fields[4]);
    if (is_error(result)) return; // "Undefined"

    auto expected = line.fields[3];
    std::optional<SQLLEN> told;
    if (const auto slash = expected.rfind(" / "); slash != std::string::npos) {
        told = std::stol(expected.substr(slash + 3));
        expected.resize(expected.find_last_not_of(' ', slash) + 1);
    }
    if (expected == "-") {
        if (told) {
            EXPECT_EQ(length, *told);
        }
        return;
    }
    const auto bytes = test::memory_of(expected, c.name);
    const auto terminator = expected.front() == '\'' ? (c.name == "WCHAR" ? 2U : 1U) : 0U;
    EXPECT_EQ(length, told.value_or(static_cast<SQLLEN>(bytes.size() - terminator)));
    EXPECT_EQ(show(memory.substr(0, bytes.size())), show(bytes));
}

value expected_value(const std::string& text) {
    const auto space = text.find(' ');
    const auto kind = text.substr(0, space);
    const auto rest = space == std::string::npos ? std::string() : text.substr(space + 1);
    if (kind == "null") return null;
    if (kind == "bool") return rest == "1";
    if (kind == "int") return std::int64_t{std::stoll(rest)};
    if (kind == "real") return std::stod(rest);
    if (kind == "dec") return decimal{std::stoll(rest.substr(0, rest.find('e'))), static_cast<std::int16_t>(std::stoi(rest.substr(rest.find('e') + 1)))};
    if (kind == "text") return rest.substr(1, rest.size() - 2);
    if (kind == "bytes") {
        const auto raw = test::memory_of("x:" + rest, "BINARY");
        const auto* const at = reinterpret_cast<const std::byte*>(raw.data());
        return bytes(at, at + raw.size());
    }
    int n[7] = {};
    if (kind == "date") {
        (void)std::sscanf(rest.c_str(), "%d-%d-%d", n, n + 1, n + 2);
        return date{static_cast<std::int16_t>(n[0]), static_cast<std::uint8_t>(n[1]), static_cast<std::uint8_t>(n[2])};
    }
    if (kind == "time") {
        (void)std::sscanf(rest.c_str(), "%d:%d:%d %d", n + 3, n + 4, n + 5, n + 6);
    } else if (kind == "ts") {
        (void)std::sscanf(rest.c_str(), "%d-%d-%d %d:%d:%d %d", n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6);
    } else {
        throw std::runtime_error("no such value: " + text);
    }
    const time_of_day time{static_cast<std::uint8_t>(n[3]), static_cast<std::uint8_t>(n[4]), static_cast<std::uint8_t>(n[5]), static_cast<std::uint32_t>(n[6])};
    if (kind == "time") return time;
    return timestamp{{static_cast<std::int16_t>(n[0]), static_cast<std::uint8_t>(n[1]), static_cast<std::uint8_t>(n[2])}, time};
}

// C type (scale of the APD) | bytes [/ length] | SQL type (column size, decimal digits) | value | SQLSTATE
void check_parameter(const std::string& file, const data_line& line) {
    SCOPED_TRACE(file + ":" + std::to_string(line.number));
    ASSERT_EQ(line.fields.size(), 5U);
    const auto c = test::parse_type(line.fields[0]);
    const auto sql = test::parse_type(line.fields[2]);
    const auto run = find_parameter_conversion(test::c_code(c.name), test::sql_code(sql.name));
    if (line.fields[4] == "07006") {
        EXPECT_EQ(run, nullptr);
        return;
    }
    ASSERT_NE(run, nullptr);
    parameter in;
    auto written = line.fields[1];
    std::optional<SQLLEN> told;
    if (const auto slash = written.rfind(" / "); slash != std::string::npos) {
        told = std::stol(written.substr(slash + 3));
        written.resize(written.find_last_not_of(' ', slash) + 1);
    }
    const auto memory = written == "-" ? std::string(64, '\0') : test::memory_of(written, c.name);
    in.data = memory.data();
    const bool quoted = written.front() == '\'';
    in.length = told.value_or(quoted ? SQL_NTS : static_cast<SQLLEN>(memory.size()));
    in.sql_code = test::sql_code(sql.name);
    in.column_size = static_cast<SQLULEN>(sql.argument(0, 0));
    in.decimals = static_cast<SQLSMALLINT>(sql.argument(1, sql.arguments.empty() ? -1 : 0));
    in.scale = static_cast<SQLSMALLINT>(c.argument(0, 0));
    value out = std::string("left alone");
    const auto result = run(in, out);
    EXPECT_STREQ(sqlstate_of(result), line.fields[4].c_str());
    if (result != outcome::ok && c.name != "DEFAULT") check_said(parameter_table, test::c_code(c.name), in.sql_code, line.fields[4]);
    if (is_error(result)) {
        EXPECT_TRUE(out == value(std::string("left alone")));
        return;
    }
    const auto expected = expected_value(line.fields[3]);
    ASSERT_EQ(out.index(), expected.index()) << "another type of value";
    EXPECT_TRUE(out == expected) << (out.index() == 5 ? std::get<std::string>(out) : "");
}

class FetchMatrix : public testing::TestWithParam<const char*> {};

TEST_P(FetchMatrix, EveryLineHolds) {
    const std::string file = std::string("fetch_") + GetParam() + ".txt";
    const auto lines = test::read_lines(file);
    ASSERT_GT(lines.size(), 10U);
    for (const auto& line : lines) check_fetch(file, line);
    EXPECT_GT(test::allocations(), 0U) << "nothing was counted at all";
}

INSTANTIATE_TEST_SUITE_P(
    Files, FetchMatrix, testing::Values("character", "integer", "exact", "approximate", "bit", "binary", "datetime", "guid", "interval"),
    [](const auto& info) { return std::string(info.param); }
);

class ParameterMatrix : public testing::TestWithParam<const char*> {};

TEST_P(ParameterMatrix, EveryLineHolds) {
    const std::string file = std::string("parameter_") + GetParam() + ".txt";
    const auto lines = test::read_lines(file);
    ASSERT_GT(lines.size(), 10U);
    for (const auto& line : lines) check_parameter(file, line);
}

INSTANTIATE_TEST_SUITE_P(Files, ParameterMatrix, testing::Values("text", "number", "binary", "datetime"), [](const auto& info) {
    return std::string(info.param);
});

using visits = std::map<std::pair<std::size_t, std::size_t>, std::set<std::string>>;

visits visited(const std::string& prefix, const std::vector<std::string>& files, std::size_t c_field, std::size_t sql_field) {
    visits out;
    for (const auto& file : files)
        for (const auto& line : test::read_lines(prefix + file + ".txt")) {
            const auto c = test::c_code(test::parse_type(line.fields[c_field]).name);
            const auto sql = test::sql_code(test::parse_type(line.fields[sql_field]).name);
            if (c == SQL_C_DEFAULT) continue;
            out[{static_cast<std::size_t>(find_c_type(c)->kind), static_cast<std::size_t>(find_sql_type(sql)->family)}].insert(line.fields[4]);
        }
    return out;
}

// A cell that no line of the files visits is a decision that nobody checked, a state that no line
// reaches is a word of docs/types.md that nobody checked.
template <class Row> void check_visits(const std::array<Row, c_kinds>& table, const visits& seen, const std::string& elsewhere) {
    for (std::size_t kind = 0; kind < table.size(); ++kind) {
        if (kind == static_cast<std::size_t>(c_kind::wide4)) continue; // chunk_test.cpp, piece_test.cpp
        for (std::size_t family = 0; family < table[kind].size(); ++family) {
            const auto found = seen.find({kind, family});
            ASSERT_NE(found, seen.end()) << "kind " << kind << " family " << family;
            std::istringstream states{std::string(table[kind][family].states)};
            for (std::string state; states >> state;)
                EXPECT_TRUE(state == elsewhere || found->second.contains(state)) << state << " kind " << kind << " family " << family;
        }
    }
}

TEST(ConversionMatrix, VisitsEveryCellAndState) {
    const std::vector<std::string> fetched{"character", "integer", "exact", "approximate", "bit", "binary", "datetime", "guid", "interval"};
    check_visits(fetch_table, visited("fetch_", fetched, 2, 0), "HY090"); // pieces: chunk_test.cpp
    check_visits(parameter_table, visited("parameter_", {"text", "number", "binary", "datetime"}, 0, 2), "");
}

} // namespace
} // namespace irislink::odbc
