// Parameters: lengths, terminators and pointers, which the matrix cannot write down.

#include "odbc/convert/parameter.hpp"

#include <gtest/gtest.h>

#include "tests/unit/odbc/convert/notation.hpp"

namespace irislink::odbc {
namespace {

outcome send(SQLSMALLINT c_type, SQLSMALLINT sql_code, const parameter& in, value& out, wide_width width = wide_width::two) {
    auto with_type = in;
    with_type.sql_code = sql_code;
    return find_parameter_conversion(c_type, sql_code, width)(with_type, out);
}

TEST(Parameter, TerminatorIsLookedForWithinTheBuffer) {
    const char text[4] = {'a', 'b', 'c', 'd'}; // none
    parameter in;
    in.data = text;
    in.capacity = 4;
    value out;
    ASSERT_EQ(send(SQL_C_CHAR, SQL_VARCHAR, in, out), outcome::ok);
    EXPECT_EQ(std::get<std::string>(out), "abcd");
    const char16_t wide[2] = {u'a', u'b'};
    in.data = wide;
    in.capacity = 5; // an odd byte at the end is no unit
    ASSERT_EQ(send(SQL_C_WCHAR, SQL_VARCHAR, in, out), outcome::ok);
    EXPECT_EQ(std::get<std::string>(out), "ab");
}

TEST(Parameter, FourByteWideCharacters) {
    const char32_t wide[] = U"aЖ😀";
    parameter in;
    in.data = wide;
    value out;
    ASSERT_EQ(send(SQL_C_WCHAR, SQL_WVARCHAR, in, out, wide_width::four), outcome::ok);
    EXPECT_EQ(std::get<std::string>(out), "aЖ😀");
    const char32_t number[] = U" -42 ";
    in.data = number;
    ASSERT_EQ(send(SQL_C_WCHAR, SQL_INTEGER, in, out, wide_width::four), outcome::ok);
    EXPECT_EQ(std::get<std::int64_t>(out), -42);
    const char32_t bad[] = {0x110000, 0};
    in.data = bad;
    EXPECT_EQ(send(SQL_C_WCHAR, SQL_WVARCHAR, in, out, wide_width::four), outcome::bad_literal);
    in.length = 6;
    EXPECT_EQ(send(SQL_C_WCHAR, SQL_WVARCHAR, in, out, wide_width::four), outcome::bad_length);
}

TEST(Parameter, NoBufferIsNoValue) {
    parameter in;
    value out = true;
    for (const auto c_type : {SQL_C_CHAR, SQL_C_WCHAR}) EXPECT_EQ(send(static_cast<SQLSMALLINT>(c_type), SQL_VARCHAR, in, out), outcome::bad_length);
    in.length = 4;
    EXPECT_EQ(send(SQL_C_CHAR, SQL_VARCHAR, in, out), outcome::bad_length);
    EXPECT_EQ(send(SQL_C_BINARY, SQL_VARBINARY, in, out), outcome::bad_length);
    EXPECT_EQ(send(SQL_C_SLONG, SQL_INTEGER, in, out), outcome::bad_length);
    EXPECT_EQ(send(SQL_C_BINARY, SQL_INTEGER, in, out), outcome::bad_length);
    EXPECT_EQ(out, value(true));
    in.length = 0; // empty, not NULL
    EXPECT_EQ(send(SQL_C_CHAR, SQL_VARCHAR, in, out), outcome::ok);
    EXPECT_EQ(out, value(std::string()));
    EXPECT_EQ(send(SQL_C_BINARY, SQL_VARBINARY, in, out), outcome::ok);
    EXPECT_EQ(out, value(bytes()));
    in.length = SQL_NULL_DATA;
    EXPECT_EQ(send(SQL_C_SLONG, SQL_INTEGER, in, out), outcome::ok);
    EXPECT_EQ(out, value(null));
}

TEST(Parameter, UnalignedBuffers) {
    alignas(8) char memory[32] = {};
    const double half = 0.5;
    std::copy_n(reinterpret_cast<const char*>(&half), sizeof half, memory + 3);
    parameter in;
    in.data = memory + 3;
    value out;
    ASSERT_EQ(send(SQL_C_DOUBLE, SQL_DOUBLE, in, out), outcome::ok);
    EXPECT_EQ(out, value(0.5));
}

TEST(Parameter, TypesThatAreNone) {
    EXPECT_EQ(find_parameter_conversion(12345, SQL_VARCHAR), nullptr);
    EXPECT_EQ(find_parameter_conversion(SQL_C_CHAR, 12345), nullptr);
    EXPECT_EQ(find_parameter_conversion(SQL_C_GUID, SQL_INTEGER), nullptr);
    EXPECT_EQ(find_parameter_conversion(SQL_C_DEFAULT, SQL_INTEGER), find_parameter_conversion(SQL_C_SLONG, SQL_INTEGER));
    // The older codes of an ODBC 2 application.
    EXPECT_EQ(find_parameter_conversion(SQL_C_TIMESTAMP, SQL_TIMESTAMP), find_parameter_conversion(SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP));
}

} // namespace
} // namespace irislink::odbc
