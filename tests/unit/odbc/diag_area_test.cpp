#include "odbc/diag/diag_area.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "odbc/handle/call.hpp"
#include "odbc/handle/environment.hpp"
#include "odbc/info/functions.hpp"
#include "odbc/info/info_table.hpp"

namespace irislink::odbc {
namespace {

diag_record record(std::string state, SQLLEN row = SQL_NO_ROW_NUMBER) {
    diag_record out;
    out.sqlstate = std::move(state);
    out.row = row;
    return out;
}

TEST(DiagArea, WarningsMakeSuccessWithInfo) {
    diag_area area;
    EXPECT_EQ(area.finish(SQL_SUCCESS), SQL_SUCCESS);
    area.warn("01004", "cut");
    EXPECT_EQ(area.finish(SQL_SUCCESS), SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(area.finish(SQL_NO_DATA), SQL_NO_DATA);
    EXPECT_EQ(area.outcome(), SQL_NO_DATA);
}

TEST(DiagArea, RecordsAreRankedByRowThenErrorsFirst) {
    diag_area area;
    area.add(record("01004", 2));
    area.add(record("22003", 2));
    area.add(record("01004", 1));
    area.add(record("HY000"));
    (void)area.finish(SQL_ERROR);
    std::string order;
    for (const auto& each : area.records()) order += each.sqlstate + ":" + std::to_string(each.row) + " ";
    EXPECT_EQ(order, "HY000:-1 01004:1 22003:2 01004:2 ");
}

TEST(DiagArea, MessagesCarryWhoSaidIt) {
    auto said = record("42S02");
    said.text = "no such table";
    EXPECT_EQ(message_of(said), "[irislink][ODBC driver] no such table");
    said.from_server = true;
    EXPECT_EQ(message_of(said), "[irislink][ODBC driver][IRIS] no such table");
}

TEST(DiagArea, HintsBecomePartOfTheText) {
    const auto made = record_of(diagnostic{errc::server_error, "42S02", -30, step::statement, "no such table", "Check the name.", false, 4});
    EXPECT_EQ(made.text, "no such table (Check the name.)");
    EXPECT_EQ(made.native, -30);
    EXPECT_EQ(made.row, 4);
    EXPECT_TRUE(made.from_server);
}

// The gate turns whatever is thrown into a record, and clears what was there before.
TEST(Gate, NothingGetsOut) {
    environment in;
    const auto raw = to_raw(in);
    const auto state = [&in] { return in.diag.records().empty() ? std::string() : in.diag.records().front().sqlstate; };
    EXPECT_EQ(call<environment>(raw, [](environment&) -> SQLRETURN { fail("HY010", "x"); }), SQL_ERROR);
    EXPECT_EQ(state(), "HY010");
    EXPECT_EQ(call<environment>(raw, [](environment&) -> SQLRETURN { throw std::bad_alloc(); }), SQL_ERROR);
    EXPECT_EQ(state(), "HY001");
    EXPECT_EQ(call<environment>(raw, [](environment&) -> SQLRETURN { throw 42; }), SQL_ERROR);
    EXPECT_EQ(state(), "HY000");
    EXPECT_EQ(
        call<environment>(
            raw,
            [](environment&) -> SQLRETURN {
                throw error(diagnostic{errc::connection_lost, "08S01", 461, step::fetch, "x", "", true, 0});
            }
        ),
        SQL_ERROR
    );
    EXPECT_EQ(state(), "08S01");
    EXPECT_EQ(call<environment>(raw, [](environment&) -> SQLRETURN { return SQL_SUCCESS; }), SQL_SUCCESS);
    EXPECT_EQ(state(), "");
    EXPECT_EQ(call<environment>(nullptr, [](environment&) -> SQLRETURN { return SQL_SUCCESS; }), SQL_INVALID_HANDLE);
}

TEST(InfoTables, HaveNoItemTwiceAndKnowTheirOwn) {
    ASSERT_TRUE(find_info(SQL_DBMS_NAME).has_value());
    EXPECT_EQ(std::get<std::string_view>(*find_info(SQL_DBMS_NAME)), "InterSystems IRIS");
    EXPECT_EQ(std::get<SQLUSMALLINT>(*find_info(SQL_TXN_CAPABLE)), SQL_TC_ALL);
    EXPECT_FALSE(find_info(9999).has_value());
    std::vector<SQLUSMALLINT> seen;
    for (const auto& each : function_table()) {
        EXPECT_EQ(std::ranges::count(seen, each.id), 0) << each.name;
        seen.push_back(each.id);
    }
    EXPECT_TRUE(has_function(SQL_API_SQLFETCH));
    EXPECT_FALSE(has_function(SQL_API_SQLALLOCHANDLESTD));
}

} // namespace
} // namespace irislink::odbc
