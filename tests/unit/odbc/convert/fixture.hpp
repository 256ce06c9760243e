#pragma once
// One cell and one buffer, as SQLGetData and bound columns have them.

#include <gtest/gtest.h>

#include <string>

#include "odbc/convert/convert.hpp"
#include "tests/unit/odbc/convert/notation.hpp"

namespace irislink::odbc::test {

struct cell_under_test {
    wire::byte_buffer encoded;
    wire::item item;
    column described;
    wire::session_format format;
    bool loaded{false};

    explicit cell_under_test(std::string_view server_value, sql_type type = sql_type::varchar) : encoded(encode_item(server_value)) {
        wire::item_status status{};
        (void)wire::parse_item(encoded.data(), encoded.data() + encoded.size(), item, status);
        described.type = type;
    }

    [[nodiscard]] source view() const { return {item, format, described, loaded}; }
};

// Every piece that SQLGetData gives with a buffer of `capacity` bytes, without terminators, and the
// lengths told. Ends by itself: a driver that does not get further fails the test.
struct pieces {
    std::string all;
    std::vector<SQLLEN> lengths;
    std::vector<outcome> outcomes;
};

inline pieces read_pieces(const cell_under_test& cell, SQLSMALLINT c_type, std::size_t capacity, wide_width width = wide_width::two, bool may_split = false) {
    pieces out;
    const auto run = find_conversion(cell.described.type, c_type, width);
    const std::size_t terminator = c_type == SQL_C_BINARY ? 0U : c_type == SQL_C_CHAR ? 1U : static_cast<std::size_t>(width);
    chunk_state chunk;
    for (int call = 0; call < 100'000; ++call) {
        std::string memory(capacity + 8, '\x5A');
        SQLLEN length = -77;
        target to;
        to.data = memory.data();
        to.capacity = static_cast<SQLLEN>(capacity);
        to.length = to.indicator = &length;
        to.chunk = &chunk;
        to.may_split = may_split;
        const auto before = chunk.delivered;
        const auto result = run(cell.view(), to);
        out.outcomes.push_back(result);
        EXPECT_EQ(memory.substr(capacity), std::string(8, '\x5A'));
        if (result == outcome::no_data || is_error(result)) return out;
        const auto given = chunk.delivered - before;
        out.lengths.push_back(length);
        if (length == SQL_NULL_DATA || size_of_c_type(c_type) > 0) continue; // nothing comes in pieces
        out.all += memory.substr(0, given);
        if (terminator > 0 && capacity >= terminator) {
            EXPECT_EQ(memory.substr(given, terminator), std::string(terminator, '\0'));
        }
        EXPECT_EQ(static_cast<SQLLEN>(given) == length, result != outcome::right_truncated);
    }
    ADD_FAILURE() << "the value never ends";
    return out;
}

} // namespace irislink::odbc::test
