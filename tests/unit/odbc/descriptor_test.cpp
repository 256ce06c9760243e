#include "odbc/descriptor/descriptor.hpp"

#include <gtest/gtest.h>

#include "odbc/descriptor/attribute_map.hpp"
#include "odbc/descriptor/field_table.hpp"
#include "odbc/info/type_table.hpp"
#include "tests/unit/odbc/state_of_failure.hpp"

namespace irislink::odbc {
namespace {

SQLPOINTER number(SQLLEN in) {
    return reinterpret_cast<SQLPOINTER>(in);
}

TEST(Descriptor, ConciseTypesSetTheVerboseOnes) {
    descriptor ard(descriptor_kind::ard, nullptr);
    set_field(ard, 1, SQL_DESC_CONCISE_TYPE, number(SQL_C_TYPE_TIMESTAMP));
    EXPECT_EQ(std::get<SQLSMALLINT>(get_field(ard, 1, SQL_DESC_TYPE)), SQL_DATETIME);
    EXPECT_EQ(std::get<SQLSMALLINT>(get_field(ard, 1, SQL_DESC_DATETIME_INTERVAL_CODE)), SQL_CODE_TIMESTAMP);
    set_field(ard, 1, SQL_DESC_TYPE, number(SQL_INTERVAL));
    set_field(ard, 1, SQL_DESC_DATETIME_INTERVAL_CODE, number(SQL_CODE_DAY_TO_SECOND));
    EXPECT_EQ(std::get<SQLSMALLINT>(get_field(ard, 1, SQL_DESC_CONCISE_TYPE)), SQL_C_INTERVAL_DAY_TO_SECOND);
}

TEST(Descriptor, RightsFollowTheTable) {
    descriptor ird(descriptor_kind::ird, nullptr);
    descriptor ard(descriptor_kind::ard, nullptr);
    descriptor ipd(descriptor_kind::ipd, nullptr);
    EXPECT_EQ(state_of_failure([&] { set_field(ird, 1, SQL_DESC_CONCISE_TYPE, number(SQL_INTEGER)); }), "HY016");
    EXPECT_EQ(state_of_failure([&] { (void)get_field(ard, 1, SQL_DESC_LABEL); }), "HY091");
    EXPECT_EQ(state_of_failure([&] { set_field(ard, 1, SQL_DESC_ALLOC_TYPE, number(1)); }), "HY091");
    EXPECT_EQ(state_of_failure([&] { set_field(ard, 1, 12345, number(1)); }), "HY091");
    EXPECT_EQ(state_of_failure([&] { (void)get_field(ard, 3, SQL_DESC_TYPE); }), "07009");
    EXPECT_EQ(state_of_failure([&] { set_field(ipd, 1, SQL_DESC_UNNAMED, number(SQL_NAMED)); }), "HY091");
    SQLUSMALLINT status = 0;
    set_field(ird, 0, SQL_DESC_ARRAY_STATUS_PTR, &status);
    EXPECT_EQ(ird.header.array_status_ptr, &status);
}

TEST(Descriptor, CountGrowsAndUnbindingShrinks) {
    descriptor ard(descriptor_kind::ard, nullptr);
    int buffer = 0;
    set_field(ard, 3, SQL_DESC_CONCISE_TYPE, number(SQL_C_SLONG));
    set_field(ard, 3, SQL_DESC_DATA_PTR, &buffer);
    EXPECT_EQ(ard.count(), 3);
    ard.unbind(3);
    EXPECT_EQ(ard.count(), 0);
}

TEST(Descriptor, RecordZeroIsTheBookmarks) {
    descriptor ard(descriptor_kind::ard, nullptr);
    descriptor apd(descriptor_kind::apd, nullptr);
    descriptor ird(descriptor_kind::ird, nullptr);
    int buffer = 0;
    set_field(ard, 0, SQL_DESC_CONCISE_TYPE, number(SQL_C_VARBOOKMARK));
    set_field(ard, 0, SQL_DESC_DATA_PTR, &buffer);
    EXPECT_EQ(ard.count(), 0) << "it is no column";
    EXPECT_TRUE(ard.find(0)->is_bound());
    ard.set_count(0);
    EXPECT_TRUE(ard.find(0)->is_bound()) << "SQL_UNBIND leaves it";
    descriptor copy(descriptor_kind::ard, nullptr);
    copy.copy_from(ard);
    EXPECT_EQ(copy.find(0)->data_ptr, &buffer);
    const auto before = ard.changes;
    ard.unbind(0);
    EXPECT_FALSE(ard.find(0)->is_bound());
    EXPECT_GT(ard.changes, before);
    EXPECT_EQ(state_of_failure([&] { set_field(apd, 0, SQL_DESC_CONCISE_TYPE, number(SQL_C_CHAR)); }), "07009");
    EXPECT_EQ(state_of_failure([&] { (void)get_field(ird, 0, SQL_DESC_TYPE); }), "07009") << "there are no bookmarks";
    ird.set_bookmark(descriptor_record{});
    EXPECT_EQ(state_of_failure([&] { (void)get_field(ird, 0, SQL_DESC_TYPE); }), "none");
}

TEST(Descriptor, ChangingATypeUnbinds) {
    descriptor ard(descriptor_kind::ard, nullptr);
    int buffer = 0;
    set_field(ard, 1, SQL_DESC_CONCISE_TYPE, number(SQL_C_SLONG));
    set_field(ard, 1, SQL_DESC_DATA_PTR, &buffer);
    set_field(ard, 1, SQL_DESC_SCALE, number(2));
    EXPECT_EQ(ard.record(1).data_ptr, nullptr);
}

TEST(Descriptor, InconsistentRecordsAreRefused) {
    descriptor ard(descriptor_kind::ard, nullptr);
    int buffer = 0;
    set_field(ard, 1, SQL_DESC_CONCISE_TYPE, number(SQL_C_NUMERIC));
    set_field(ard, 1, SQL_DESC_PRECISION, number(99));
    EXPECT_EQ(state_of_failure([&] { set_field(ard, 1, SQL_DESC_DATA_PTR, &buffer); }), "HY021");
    set_field(ard, 1, SQL_DESC_PRECISION, number(10));
    EXPECT_EQ(state_of_failure([&] { set_field(ard, 1, SQL_DESC_DATA_PTR, &buffer); }), "none");
}

TEST(Descriptor, StatementAttributesAreFieldsThatExist) {
    for (const auto attribute :
         {SQL_ATTR_ROW_ARRAY_SIZE, SQL_ATTR_ROW_STATUS_PTR, SQL_ATTR_PARAMSET_SIZE, SQL_ATTR_PARAMS_PROCESSED_PTR, SQL_ATTR_ROW_BIND_OFFSET_PTR}) {
        const auto* const place = find_attribute_place(attribute);
        ASSERT_NE(place, nullptr) << attribute;
        ASSERT_NE(find_field(place->field), nullptr) << attribute;
        EXPECT_TRUE(find_field(place->field)->may_write(place->descriptor)) << attribute;
    }
    EXPECT_EQ(find_attribute_place(SQL_ATTR_QUERY_TIMEOUT), nullptr);
}

column make(sql_type type, std::int64_t precision, int scale) {
    column out;
    out.name = out.label = "C";
    out.type = type;
    out.precision = precision;
    out.scale = scale;
    return out;
}

// "Column Size, Decimal Digits, Transfer Octet Length, and Display Size", Appendix D.
TEST(TypeTable, SizesOfColumns) {
    const auto numeric = column_record(make(sql_type::numeric, 10, 2));
    EXPECT_EQ(column_size_of(numeric), 10U);
    EXPECT_EQ(decimal_digits_of(numeric), 2);
    EXPECT_EQ(numeric.display_size, 12);
    EXPECT_EQ(numeric.octet_length, 12);
    const auto moment = column_record(make(sql_type::timestamp, 29, 3));
    EXPECT_EQ(column_size_of(moment), 23U);
    EXPECT_EQ(decimal_digits_of(moment), 3);
    EXPECT_EQ(moment.octet_length, 16);
    EXPECT_EQ(moment.type, SQL_DATETIME);
    EXPECT_EQ(column_size_of(column_record(make(sql_type::timestamp, 19, -1))), 29U) << "digits not said: room for all";
    const auto integer = column_record(make(sql_type::integer, 10, 0));
    EXPECT_EQ(integer.display_size, 11);
    EXPECT_EQ(integer.is_unsigned, SQL_FALSE);
    const auto text = column_record(make(sql_type::varchar, 50, 0));
    EXPECT_EQ(column_size_of(text), 50U);
    EXPECT_EQ(text.octet_length, 200) << "UTF-8";
    EXPECT_EQ(text.display_size, 200) << "programs of narrow calls make so much room";
    EXPECT_EQ(column_record(make(sql_type::wvarchar, 50, 0)).display_size, 50);
    EXPECT_EQ(column_record(make(sql_type::varbinary, 20, 0)).display_size, 40);
    EXPECT_EQ(column_record(make(static_cast<sql_type>(2002), 20, 0)).concise_type, SQL_VARCHAR) << "a type that ODBC has not";
}

} // namespace
} // namespace irislink::odbc
