#include "tests/unit/sandbox/sql_fixture.hpp"

// Lists of ObjectScript in SQL. The bytes are those of wire-sql 1.10.

namespace irislink::sandbox::sql::test {
namespace {

using namespace std::string_literals;

class SqlList : public sql_fixture {};

std::vector<std::byte> bytes(std::string_view text) {
    const auto all = wire::as_bytes(text);
    return {all.begin(), all.end()};
}

TEST_F(SqlList, IsBuiltOfEncodedElements) {
    EXPECT_EQ(run("SELECT $LISTBUILD('A','é','日本')"), "x\x03\x01\x41\x03\x01\xe9\x06\x02\xe5\x65\x2c\x67"s);
    EXPECT_EQ(run("SELECT $LISTBUILD(1,-256,0,12.50,2e0)"), "x\x03\x04\x01\x03\x05\x00\x02\x04\x05\x06\xfe\xe2\x04\x0a\x08\x00\x00\x00\x00\x00\x00\x00\x40"s);
    EXPECT_EQ(run("SELECT $LISTBUILD(NULL,'')"), "x\x02\x01\x03\x01\x00"s);
    EXPECT_EQ(run("SELECT $LISTBUILD('x',$LISTBUILD('a',1))"), "x\x03\x01x\x08\x01\x03\x01\x61\x03\x04\x01"s);
    EXPECT_EQ(run("SELECT $LISTBUILD(?,?)", {"text"s, std::int64_t{5}}), "x\x06\x01text\x03\x04\x05"s);
    const auto column = own.prepare("SELECT $LISTBUILD('a')")->columns()[0];
    EXPECT_EQ(column.type.code, type_code::varbinary);
    check({{"SELECT $LISTBUILD()", "error 1"}});
}

TEST_F(SqlList, GivesItsElementsByPosition) {
    check({
        {"SELECT $LISTGET($LISTBUILD('a','b'),2), $LISTGET($LISTBUILD('a','b')), $LISTGET($LISTBUILD('a','b'),-1), $LISTGET($LISTBUILD('a'),7), "
         "$LISTGET($LISTBUILD('a'),7,'none')",
         "'b','a','b',NULL,'none'"},
        {"SELECT $LIST($LISTBUILD('a','日',NULL,''),2), $LIST($LISTBUILD('a','日',NULL,''),3), $LIST($LISTBUILD('a','日',NULL,''),4)", "'日',NULL,''"},
        {"SELECT $LIST($LISTBUILD(5,12.50,0.5e0,-7)), $LIST($LISTBUILD(5,12.50,0.5e0,-7),2), $LIST($LISTBUILD(5,12.50,0.5e0,-7),3)", "'5','12.50','0.5'"},
        {"SELECT $LIST($LISTBUILD('a'),2)", "error 400"},
        {"SELECT $LIST($LISTBUILD('a'),0)", "error 400"},
        {"SELECT $LIST($LIST($LISTBUILD('x',$LISTBUILD('a',1)),2),1)", "'a'"},
        {"SELECT $LISTLENGTH($LISTBUILD('a',NULL,'')), $LISTLENGTH(NULL), $LISTLENGTH(''), $LISTLENGTH($LISTGET($LISTBUILD('x',$LISTBUILD('a',1)),2))",
         "3,0,0,2"},
    });
    // An undefined element has a place and no value.
    EXPECT_EQ(
        run("SELECT $LISTLENGTH(?), $LISTGET(?,1,'none'), $LISTGET(?,2)", {bytes("\x01\x03\x01z"), bytes("\x01\x03\x01z"), bytes("\x01\x03\x01z")}),
        "2,'none','z'"
    );
}

TEST_F(SqlList, BecomesTextAndIsMadeOfText) {
    check({
        {"SELECT $LISTTOSTRING($LISTBUILD('a',1,NULL,2.5)), $LISTTOSTRING($LISTBUILD('a','b'),' - '), $LISTTOSTRING(NULL)", "'a,1,,2.5','a - b',NULL"},
        {"SELECT $LISTTOSTRING($LISTFROMSTRING('a,,b'),'|'), $LISTLENGTH($LISTFROMSTRING('a--b','--')), $LISTLENGTH($LISTFROMSTRING('a',''))", "'a||b',2,1"},
        {"SELECT $LISTTOSTRING($LISTFROMSTRING(REPEAT('a,',20000)),REPEAT('x',1000000))", "error 400"},
    });
    EXPECT_EQ(run("SELECT $LISTFROMSTRING('a,,é')"), "x\x03\x01\x61\x02\x01\x03\x01\xe9"s);
}

TEST_F(SqlList, IsKeptByColumns) {
    ASSERT_EQ(run("CREATE TABLE Sample.Lists (b VARBINARY(200), t VARCHAR(200))"), "0 rows");
    ASSERT_EQ(run("INSERT INTO Sample.Lists VALUES ($LISTBUILD('ä',1), $LISTBUILD('ä',1))"), "1 rows");
    ASSERT_EQ(run("INSERT INTO Sample.Lists VALUES (?, ?)", {bytes("\x03\x01z"), "\x03\x01z"s}), "1 rows");
    check({
        {"SELECT $LISTGET(b,1), $LISTGET(t,1), $LISTGET(t,2) FROM Sample.Lists", "'ä','ä','1'|'z','z',NULL"},
        {"SELECT COUNT(*) FROM Sample.Lists WHERE $LISTLENGTH(b) = 2", "1"},
    });
}

TEST_F(SqlList, IsRefusedWhenItIsNone) {
    check({
        {"SELECT $LISTLENGTH('abc')", "error 400"},
        {"SELECT $LISTGET('日',1)", "error 400"},
        {"SELECT $LISTTOSTRING(17)", "error 400"},
    });
    EXPECT_EQ(last_message, "<LIST>: the value is not a list");
    for (const auto& hostile :
         {"\x05\x01"s, "\x00"s, std::string("\x00\x00\x00", 3), std::string("\x00\x00\x00\xff\xff\xff\xff\x01", 8), "\x03\x0b\x00"s, "\x02\x10"s})
        EXPECT_EQ(run("SELECT $LISTLENGTH(?)", {bytes(hostile)}), "error 400");
    // A text of half a surrogate pair is counted, and is no text.
    EXPECT_EQ(run("SELECT $LISTLENGTH(?)", {bytes("\x04\x02\x3d\xd8")}), "1");
    EXPECT_EQ(run("SELECT $LISTGET(?)", {bytes("\x04\x02\x3d\xd8")}), "error 400");
}

TEST_F(SqlList, TakesNoMoreMemoryThanAText) {
    check({
        {"SELECT $LISTLENGTH($LISTBUILD(REPEAT('a',30000000),REPEAT('b',30000000)))", "2"},
        {"SELECT $LISTLENGTH($LISTBUILD(REPEAT('a',40000000),REPEAT('b',40000000)))", "error 400"},
    });
}

} // namespace
} // namespace irislink::sandbox::sql::test
