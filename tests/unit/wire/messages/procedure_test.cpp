// wire-sql 3.8.

#include "wire/messages/procedure.hpp"

#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

const std::string described = "02 04 03 04 02 03 04 0c 03 04 32 02 04 03 04 01 04 01 70 31 03 04 01"
                              "03 04 04 03 04 0a 02 04 03 04 01 04 01 70 32 03 04 04";
const std::string one_column = "03 04 01 03 01 63 03 04 04 03 04 0a 02 04 02 04 03 01 63 03 01 00 03 01 00 03 01 00"
                               "0e 01 00 00 00 00 00 00 00 00 00 00 00 00";

TEST(Procedure, DescriptionBothWays) {
    EXPECT_EQ(body_of(describe_procedure_request{"Sample.proc"}), plain_hex("0d 01 53 61 6d 70 6c 65 2e 70 72 6f 63"));
    const auto body = bytes_of_hex(described);
    const auto got = decoded<describe_procedure_reply>(body);
    EXPECT_EQ(got.shape.ret, 0);
    EXPECT_TRUE(got.columns.empty());
    EXPECT_EQ(got.parameters, (std::vector<procedure_parameter>{{12, 50, 0, 1, "p1", 1}, {4, 10, 0, 1, "p2", 4}}));
    EXPECT_EQ(body_of(got), hex_of(body));
}

TEST(Procedure, ShapesSayWhatFollows) {
    struct row {
        std::int32_t ret;
        bool multiple;
        bool columns;
        bool value;
    };

    for (const auto& [ret, multiple, columns, value] :
         {row{0, false, false, false}, row{1, false, true, false}, row{2, false, false, true}, row{3, false, true, true}, row{-1, true, false, false},
          row{-2, true, false, true}}) {
        const procedure_shape shape{ret};
        EXPECT_EQ(shape.multiple_results(), multiple) << ret;
        EXPECT_EQ(shape.has_columns(), columns) << ret;
        EXPECT_EQ(shape.has_return_value(), value) << ret;
    }
    EXPECT_EQ(decode_error<describe_procedure_reply>("03 04 04 02 04"), wire_errc::out_of_range);
    EXPECT_EQ(decode_error<describe_procedure_reply>("03 05 fd 02 04"), wire_errc::out_of_range);
}

TEST(Procedure, ColumnsComeWithOddPositiveShapes) {
    const auto with = bytes_of_hex("03 04 01" + one_column + "02 04");
    auto got = decoded<describe_procedure_reply>(with);
    EXPECT_EQ(got.columns.size(), 1U);
    EXPECT_EQ(body_of(got), hex_of(with));
    // The same object read again keeps nothing of the description before.
    ASSERT_FALSE(decode_as(got, bytes_of_hex("02 05 02 04"), unicode_format));
    EXPECT_TRUE(got.columns.empty());
    EXPECT_TRUE(got.shape.multiple_results());
}

TEST(Procedure, UpdateCallBothWays) {
    const auto body = bytes_of_hex("02 04 02 04 02 04 03 04 01 03 04 02 04 01 69 6e 01");
    const auto request = decoded<procedure_update_request>(body);
    EXPECT_EQ(hex_of(request.values.items), "04 01 69 6e 01");
    EXPECT_EQ(body_of(request), hex_of(body));
    const auto answer = bytes_of_hex("03 01 78 03 04 63 03 04 01");
    const auto reply = decoded<procedure_update_reply>(answer);
    EXPECT_EQ(hex_of(reply.output), "03 01 78 03 04 63");
    EXPECT_EQ(reply.update_count, 1);
    EXPECT_EQ(body_of(reply), hex_of(answer));
    EXPECT_EQ(decode_error<procedure_update_reply>(""), wire_errc::truncated);
    EXPECT_EQ(decode_error<procedure_update_reply>("03 01 78 03 04"), wire_errc::truncated);
    EXPECT_EQ(decode_error<procedure_update_reply>("03 01 78 01"), wire_errc::bad_value);
}

TEST(Procedure, QueryCallBothWays) {
    const auto body = bytes_of_hex("03 04 01 03 04 1e 03 04 05 03 04 01 03 04 01 03 04 03");
    const auto request = decoded<procedure_query_request>(body);
    EXPECT_EQ(request.static_cursor, 1);
    EXPECT_EQ(request.timeout, 30);
    EXPECT_EQ(request.max_rows, 5);
    EXPECT_EQ(body_of(request), hex_of(body));
    const auto output = bytes_of_hex("01 03 04 05");
    EXPECT_EQ(hex_of(decoded<procedure_query_reply>(output).output), "01 03 04 05");
    EXPECT_EQ(decode_error<procedure_query_reply>("01 03 04"), wire_errc::truncated);
}

TEST(DirectProcedure, OutputAndCountFollowTheDescription) {
    const auto body = bytes_of_hex(described + "03 01 78 03 04 63 03 04 01");
    const auto got = decoded<direct_procedure_reply>(body);
    EXPECT_EQ(got.description.parameters.size(), 2U);
    EXPECT_EQ(hex_of(got.output), "03 01 78 03 04 63");
    EXPECT_EQ(got.update_count, 1);
    EXPECT_EQ(body_of(got), hex_of(body));
}

TEST(DirectProcedure, AResultSetHasNoCountAndSeveralHaveNothing) {
    const auto rows = bytes_of_hex("03 04 01" + one_column + "02 04 01");
    const auto got = decoded<direct_procedure_reply>(rows);
    EXPECT_EQ(hex_of(got.output), "01");
    EXPECT_EQ(body_of(got), hex_of(rows));
    const auto several = bytes_of_hex("02 05 02 04");
    EXPECT_EQ(body_of(decoded<direct_procedure_reply>(several)), "02 05 02 04");
    EXPECT_EQ(decode_error<direct_procedure_reply>("02 05 02 04 01"), wire_errc::trailing_bytes);
}

TEST(MultipleResults, ExampleOfTheSpecification) {
    const auto first = bytes_of_hex("02 05" + one_column + "03 04 05 03 04 06");
    const auto got = decoded<multi_result_reply>(first);
    EXPECT_EQ(got.first.result, next_result_reply::result_set);
    EXPECT_EQ(got.first.columns.size(), 1U);
    EXPECT_EQ(hex_of(got.first.row_items), "03 04 05 03 04 06");
    EXPECT_EQ(body_of(got), hex_of(first));
    EXPECT_EQ(body_of(next_result_request{1}), "03 04 01");
    EXPECT_EQ(decoded<next_result_reply>(bytes_of_hex("03 04 07")).result, 7);
    EXPECT_EQ(decoded<next_result_reply>(bytes_of_hex("03 05 fe")).result, next_result_reply::no_more_results);
    EXPECT_EQ(decode_error<next_result_reply>("03 05 fd"), wire_errc::out_of_range);
    EXPECT_EQ(decode_error<next_result_reply>("03 04 07 01"), wire_errc::trailing_bytes);
}

TEST(MultipleResults, OutputComesFirst) {
    const auto body = bytes_of_hex("03 01 78 01 03 04 07");
    const auto got = decoded<multi_result_reply>(body, unicode_format, 2);
    EXPECT_EQ(hex_of(got.output), "03 01 78 01");
    EXPECT_EQ(got.first.result, 7);
    EXPECT_EQ(body_of(got), hex_of(body));
}

TEST(ResultObject, ModesAreBounded) {
    const result_object_request request{"1@My.Set", result_object_request::fetch};
    EXPECT_EQ(body_of(request), plain_hex("0a 01 31 40 4d 79 2e 53 65 74 03 04 01"));
    EXPECT_EQ(decode_error<result_object_request>("03 01 61 03 04 03"), wire_errc::out_of_range);
    const auto columns = bytes_of_hex(one_column);
    EXPECT_EQ(body_of(decoded<columns_reply>(columns)), hex_of(columns));
}

TEST(Dialect, ReplyHasNoFlags) {
    EXPECT_EQ(body_of(dialect_prepare_request{1, "x"}), "03 04 01 03 01 78");
    const auto prepared = bytes_of_hex("03 04 01 03 04 0c 03 04 32 02 04 03 04 01");
    EXPECT_EQ(body_of(decoded<dialect_prepare_reply>(prepared)), hex_of(prepared));
    const auto executed = bytes_of_hex("02 04 03 04 07");
    const auto got = decoded<dialect_execute_reply>(executed);
    EXPECT_EQ(got.first.result, 7);
    EXPECT_EQ(body_of(got), hex_of(executed));
    EXPECT_EQ(body_of(dialect_execute_request{2, "x", 0, 5, 6}), "03 04 02 03 01 78 02 04 03 04 05 03 04 06");
}

TEST(DirectProcedure, RequestBothWays) {
    const auto body = bytes_of_hex("03 01 70 02 04 02 04 02 04 03 04 01 03 04 01 01");
    const auto got = decoded<direct_procedure_request>(body);
    EXPECT_EQ(got.name, "p");
    EXPECT_EQ(got.values.count, 1U);
    EXPECT_EQ(body_of(got), hex_of(body));
    const auto several = bytes_of_hex("02 04 03 04 05 03 04 01 02 04");
    EXPECT_EQ(body_of(decoded<multi_result_request>(several)), hex_of(several));
}

} // namespace
} // namespace irislink::wire
