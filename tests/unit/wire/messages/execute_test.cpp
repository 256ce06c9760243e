// The transcripts of wire-sql 3.5 to 3.7 and 3.11.

#include "wire/messages/execute.hpp"

#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

// "SELECT Name , Age FROM T WHERE ID > :%qpar(1)" with its SQLTEXT and PARAMINFO.
const std::string direct_query_body = "03 04 01  2f 01 53 45 4c 45 43 54 20 4e 61 6d 65 20 2c 20 41 67 65 20 46 52 4f 4d 20 54 20 57 48 45 52"
                                      "45 20 49 44 20 3e 20 3a 25 71 70 61 72 28 31 29  03 04 01 03 04 63 03 04 0a"
                                      "03 04 01 03 04 01 03 01 35  02 04 02 04";

TEST(DirectQuery, TranscriptBothWays) {
    const auto body = bytes_of_hex(direct_query_body);
    ASSERT_EQ(body.size(), 72U);
    const auto got = decoded<direct_query_request>(body);
    EXPECT_EQ(got.sql.text, "SELECT Name , Age FROM T WHERE ID > :%qpar(1)");
    EXPECT_EQ(got.parameters, (std::vector<parameter_info>{{'c', false, 10}}));
    EXPECT_EQ(got.values.sets, 1U);
    EXPECT_EQ(got.values.count, 1U);
    EXPECT_EQ(hex_of(got.values.items), "03 01 35");
    EXPECT_EQ(got.timeout, 0);
    EXPECT_EQ(got.max_rows, 0);
    byte_buffer out;
    ASSERT_FALSE(append_request(out, got, 5, 1, unicode_format));
    EXPECT_EQ(hex_of(out), plain_hex("48 00 00 00 05 00 00 00 01 00 00 00 44 51" + direct_query_body));
}

const std::string two_columns = "03 04 02 06 01 4e 61 6d 65 03 04 0c 03 04 32 02 04 03 04 01 06 01 4e 61 6d 65 03 01 54"
                                "09 01 53 51 4c 55 73 65 72 03 01 00 0e 01 00 01 00 00 00 00 00 00 00 00 00 00"
                                "05 01 41 67 65 03 04 04 03 04 0a 02 04 02 04 05 01 41 67 65 03 01 54"
                                "09 01 53 51 4c 55 73 65 72 03 01 00 0e 01 00 01 00 00 00 00 00 00 00 00 00 00";
const std::string one_parameter = "03 04 01 03 04 0c 03 04 32 02 04 03 04 01 03 04 01";

TEST(QueryReply, TranscriptBothWays) {
    const auto body = bytes_of_hex(two_columns + one_parameter);
    ASSERT_EQ(body.size(), 121U);
    const auto got = decoded<query_reply>(body);
    ASSERT_EQ(got.columns.size(), 2U);
    EXPECT_EQ(got.columns[1].name, "Age");
    EXPECT_EQ(got.columns[1].type, 4);
    EXPECT_EQ(got.columns[1].nullable, 0);
    EXPECT_EQ(got.parameters.parameters.size(), 1U);
    EXPECT_EQ(got.parameters.flags, 1);
    EXPECT_EQ(got.features, statement_features{});
    EXPECT_EQ(body_of(got), hex_of(body));
}

TEST(QueryReply, FeaturesStandInFrontWhenTheConnectionGrantedThem) {
    const auto plain = bytes_of_hex("02 04" + two_columns + one_parameter);
    for (const std::uint32_t granted : {1U, 2U, 3U, 33U}) {
        const session_format format{.features = granted};
        const auto got = decoded<query_reply>(plain, format);
        EXPECT_EQ(got.columns.size(), 2U);
        EXPECT_EQ(body_of(got, format), hex_of(plain));
    }
    // Not with bits that change nothing here.
    EXPECT_TRUE(decode_error<query_reply>("02 04" + two_columns + one_parameter, {.features = 4 | 8 | 32}));
    EXPECT_FALSE(decode_error<query_reply>(two_columns + one_parameter, {.features = 4 | 8 | 32}));
}

TEST(QueryReply, FastSelectAddsSlots) {
    std::string with_slots = two_columns;
    const std::string age = "05 01 41 67 65 03 04 04";
    with_slots.insert(with_slots.find(age), "03 04 02");
    const auto body = bytes_of_hex("03 04 01 03 04 03" + with_slots + "03 04 03" + one_parameter);
    const auto got = decoded<query_reply>(body, fast_select_format);
    EXPECT_EQ(got.features, (statement_features{1, 0, 3}));
    EXPECT_EQ(got.columns.at(0).slot, 2U);
    EXPECT_EQ(got.columns.at(1).slot, 3U);
    EXPECT_EQ(body_of(got, fast_select_format), hex_of(body));
}

TEST(PreparedQuery, TranscriptBothWays) {
    const auto body = bytes_of_hex("03 04 01 03 04 01 03 01 35 02 04 02 04");
    const auto got = decoded<prepared_query_request>(body);
    byte_buffer out;
    ASSERT_FALSE(append_request(out, got, 7, 1, unicode_format));
    EXPECT_EQ(hex_of(out), plain_hex("0d 00 00 00 07 00 00 00 01 00 00 00 50 51" + hex_of(body)));
}

TEST(PreparedQuery, TimeoutAndMaximumRowsAreTheLastFields) {
    prepared_query_request request;
    request.timeout = 30;
    request.max_rows = 1000;
    EXPECT_EQ(body_of(request), "03 04 01 02 04 03 04 1e 04 04 e8 03");
    EXPECT_EQ(decode_error<prepared_query_request>("03 04 01 02 04 03 04 1e"), wire_errc::truncated);
}

TEST(DirectUpdate, InsertWithGeneratedKeyBothWays) {
    const auto body = bytes_of_hex("03 04 01 2d 01 49 4e 53 45 52 54 20 49 4e 54 4f 20 54 20 28 20 4e 61 6d 65 20 29 20 56 41 4c 55 45 53"
                                   "20 28 20 3a 25 71 70 61 72 28 31 29 20 29 03 04 01 03 04 63 03 04 01 04 01 2d 31 02 04"
                                   "03 04 01 03 04 01 03 01 71");
    const auto got = decoded<direct_update_request>(body);
    EXPECT_EQ(got.sql.text, "INSERT INTO T ( Name ) VALUES ( :%qpar(1) )");
    EXPECT_EQ(got.key.column, "-1");
    EXPECT_EQ(hex_of(got.values.items), "03 01 71");
    EXPECT_EQ(body_of(got), hex_of(body));
}

TEST(DirectUpdate, ReplyBothWays) {
    const auto body = bytes_of_hex(one_parameter + "03 04 01");
    const auto got = decoded<direct_update_reply>(body);
    EXPECT_EQ(got.counts, std::vector<std::int64_t>{1});
    EXPECT_EQ(got.parameters.flags, 1);
    EXPECT_EQ(body_of(got), hex_of(body));
    // FEATURES only with fast insert; fast select does not matter to an update executed directly.
    EXPECT_EQ(decoded<direct_update_reply>(body, fast_select_format), got);
    const session_format fast_insert{.features = feature::fast_insert};
    const auto with_features = bytes_of_hex("02 04" + one_parameter + "03 04 01");
    EXPECT_EQ(decoded<direct_update_reply>(with_features, fast_insert), got);
    EXPECT_EQ(body_of(got, fast_insert), hex_of(with_features));
}

TEST(DirectUpdate, AStatementThatTakesFastInsertIsRefusedNotMisread) {
    const session_format format{.features = feature::fast_select | feature::fast_insert};
    const std::string body = "03 04 02 03 04 01 03 04 05" + one_parameter;
    EXPECT_EQ(decode_error<prepare_update_reply>(body, format), wire_errc::unexpected_message);
    EXPECT_EQ(decode_error<direct_update_reply>(body + "03 04 01", format), wire_errc::unexpected_message);
}

TEST(PrepareUpdateReply, FeaturesWithEitherFastPath) {
    const auto plain = bytes_of_hex(one_parameter);
    const auto featured = bytes_of_hex("02 04" + one_parameter);
    EXPECT_EQ(decoded<prepare_update_reply>(plain), decoded<prepare_update_reply>(featured, fast_select_format));
    EXPECT_EQ(decoded<prepare_update_reply>(featured, {.features = 2}).parameters.flags, 1);
    EXPECT_EQ(body_of(decoded<prepare_update_reply>(plain), fast_select_format), hex_of(featured));
}

TEST(PreparedUpdate, BatchOfTwoRowsBothWays) {
    const auto body = bytes_of_hex("02 01 02 04 03 04 02 03 04 02 03 01 78 02 01 03 01 00 03 01 33");
    const auto got = decoded<prepared_update_request>(body);
    EXPECT_EQ(got.key.column, std::nullopt);
    EXPECT_EQ(got.values.sets, 2U);
    EXPECT_EQ(got.values.count, 2U);
    EXPECT_EQ(body_of(got), hex_of(body));
    const auto reply = decoded<update_counts_reply>(bytes_of_hex("03 04 01 03 04 01"));
    EXPECT_EQ(reply.counts, (std::vector<std::int64_t>{1, 1}));
}

TEST(PreparedUpdate, AnEmptyKeyColumnIsNotNoKeyColumn) {
    prepared_update_request request;
    request.key.column = "";
    EXPECT_EQ(body_of(request), "03 01 00 02 04 03 04 01 02 04");
    request.key.column.reset();
    EXPECT_EQ(body_of(request), "02 01 02 04 03 04 01 02 04");
}

TEST(UpdateCounts, FailedSetsAreMinusThree) {
    const auto got = decoded<update_counts_reply>(bytes_of_hex("03 04 01 03 05 fd"));
    EXPECT_EQ(got.counts, (std::vector<std::int64_t>{1, update_counts_reply::failed_set}));
    EXPECT_EQ(body_of(got), "03 04 01 03 05 fd");
    EXPECT_TRUE(decoded<update_counts_reply>({}).counts.empty());
}

TEST(StaticCursor, LastRowOfThree) {
    EXPECT_EQ(body_of(static_fetch_request{.first = 0, .rows = 1}), "02 04 03 04 01");
    const auto body = bytes_of_hex("03 04 03 03 04 01 03 01 7a");
    const auto got = decoded<static_fetch_reply>(body);
    EXPECT_EQ(got.first, 3);
    EXPECT_EQ(got.rows, 1);
    EXPECT_EQ(hex_of(got.row_items), "03 01 7a");
    EXPECT_EQ(body_of(got), hex_of(body));
}

TEST(StaticCursor, RequestsAreThoseOfPlainQueriesUnderOtherCodes) {
    const auto body = bytes_of_hex(direct_query_body);
    byte_buffer out;
    ASSERT_FALSE(append_request(out, decoded<static_direct_query_request>(body), 5, 1, unicode_format));
    EXPECT_EQ(hex_of(bytes_view(out).subspan(12, 2)), "44 58");
    EXPECT_EQ(hex_of(bytes_view(out).subspan(14)), hex_of(body));
    EXPECT_EQ(static_prepared_query_request::code.name(), "EX");
}

TEST(GeneratedKeys, OneRowOrNothing) {
    const auto body = bytes_of_hex("03 04 01 04 01 49 44 03 04 04 03 04 0a 02 04 02 04 04 01 49 44 03 01 54 09 01 53 51 4c 55 73 65 72"
                                   "03 01 00 0e 01 00 00 00 00 00 00 00 00 00 00 00 00 03 04 4d");
    const auto got = decoded<generated_keys_reply>(body);
    ASSERT_EQ(got.columns.size(), 1U);
    EXPECT_EQ(got.columns[0].name, "ID");
    EXPECT_EQ(hex_of(got.row_items), "03 04 4d");
    EXPECT_EQ(body_of(got), hex_of(body));
    const auto none = decoded<generated_keys_reply>({});
    EXPECT_TRUE(none.columns.empty());
    EXPECT_EQ(body_of(none), "");
}

TEST(Prepare, TextAndParameterInformation) {
    prepare_request request;
    request.sql.text = "SELECT 1";
    request.parameters = {{'?', true, 4}};
    EXPECT_EQ(body_of(request), plain_hex("03 04 01 0a 01 53 45 4c 45 43 54 20 31 03 04 01 03 01 3f 03 04 04"));
    const auto body = bytes_of_hex(body_of(request));
    EXPECT_EQ(decoded<prepare_request>(body), request);
}

} // namespace
} // namespace irislink::wire
