#include "driver/error/sqlstate_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <climits>
#include <fstream>
#include <iterator>

namespace irislink::driver {
namespace {

struct mapping {
    int native;
    const char* sqlstate;
};

class SqlstateOf : public testing::TestWithParam<mapping> {};

// wire-sql 6.3 with its additions, wire-session 6.10.
INSTANTIATE_TEST_SUITE_P(
    All, SqlstateOf,
    testing::Values(
        mapping{0, "00000"}, mapping{1, "42000"}, mapping{12, "42000"}, mapping{25, "42000"}, mapping{61, "42000"}, mapping{29, "42S22"}, mapping{31, "42S22"},
        mapping{30, "42S02"}, mapping{33, "42S02"}, mapping{39, "42S02"}, mapping{62, "21S01"}, mapping{99, "42000"}, mapping{103, "34000"},
        mapping{104, "23000"}, mapping{105, "23000"}, mapping{108, "23000"}, mapping{119, "23000"}, mapping{120, "23000"}, mapping{121, "23000"},
        mapping{124, "23000"}, mapping{127, "23000"}, mapping{304, "23000"}, mapping{305, "23000"}, mapping{110, "40001"}, mapping{114, "40001"},
        mapping{201, "42S01"}, mapping{324, "42S11"}, mapping{402, "28000"}, mapping{417, "28000"}, mapping{413, "08S01"}, mapping{452, "08S01"},
        mapping{461, "08S01"}, mapping{459, "08S01"}, mapping{450, "HYT00"}, mapping{456, "HY008"}, mapping{460, "HY000"}, mapping{462, "HY001"},
        mapping{463, "07009"}, mapping{464, "HY010"}, mapping{465, "HY090"}, mapping{466, "07009"}, mapping{467, "HY097"}, mapping{468, "HY106"},
        mapping{469, "HYC00"}, mapping{470, "01S02"}, mapping{471, "3C000"}, mapping{1004, "01004"}, mapping{1031, "42000"}, mapping{7001, "07001"},
        mapping{7006, "07006"}, mapping{22003, "22003"}, mapping{22005, "22018"}, mapping{22008, "22008"}, mapping{24000, "24000"}, mapping{98, "HY000"},
        mapping{400, "HY000"}, mapping{51000, "HY000"}, mapping{-30, "42S02"}, mapping{INT_MIN, "HY000"}, mapping{INT_MAX, "HY000"}
    )
);

TEST_P(SqlstateOf, FollowsTheTable) {
    EXPECT_EQ(sqlstate_of(GetParam().native), GetParam().sqlstate);
}

TEST(ErrorTable, EveryRowHasAStateOfFiveAndAText) {
    for (const auto& row : error_table()) {
        EXPECT_EQ(row.sqlstate.size(), 5U) << row.native;
        EXPECT_FALSE(row.text.empty()) << row.native;
        EXPECT_EQ(row.text.find('|'), std::string_view::npos) << row.native;
        EXPECT_EQ(find_error(row.native), &row);
    }
}

TEST(ErrorTable, SessionCodesThatAServerDoesNotExplainHaveTexts) {
    for (const int code :
         {98, 99, 112, 400, 401, 402, 405, 406, 407, 408, 409, 410, 450, 451, 452, 454, 456, 459, 460, 461, 462, 463, 464, 465, 466, 467, 468, 469})
        EXPECT_NE(builtin_text(code), code == 460 ? "" : "General error") << code;
    EXPECT_EQ(builtin_text(51'000), "General error");
}

TEST(ErrorTable, OnlyBrokenLinesAndRefusedLoginsAreFatal) {
    for (const int code : {401, 402, 405, 413, 417, 452, 459, 461, 90011, 90013, 90030}) EXPECT_TRUE(is_fatal(code)) << code;
    for (const int code : {0, 30, 100, 110, 119, 400, 404, 450, 456, 469, 90003, 90020}) EXPECT_FALSE(is_fatal(code)) << code;
}

TEST(ErrorTable, EveryStepOfConnectingHasAdvice) {
    for (const auto at : {step::settings, step::resolve, step::connect, step::tls, step::kerberos, step::hello, step::login, step::second_factor})
        EXPECT_FALSE(hint_of(51'000, at).empty()) << step_name(at);
    EXPECT_NE(hint_of(417, step::login), hint_of(417, step::second_factor));
    EXPECT_NE(hint_of(-417, step::login), hint_of(-417, step::second_factor));
}

TEST(ErrorTable, Odbc2Spelling) {
    EXPECT_EQ(odbc2_sqlstate("42S02"), "S0002");
    EXPECT_EQ(odbc2_sqlstate("HYT00"), "S1T00");
    EXPECT_EQ(odbc2_sqlstate("HY000"), "S1000");
    EXPECT_EQ(odbc2_sqlstate("23000"), "23000");
}

TEST(ErrorTable, DocumentIsUpToDate) {
    std::ifstream in(IRISLINK_SOURCE_DIR "/docs/errors.md", std::ios::binary);
    ASSERT_TRUE(in) << "docs/errors.md is missing";
    const std::string committed{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(committed, errors_markdown()) << "irislink errors --markdown > docs/errors.md";
}

} // namespace
} // namespace irislink::driver
