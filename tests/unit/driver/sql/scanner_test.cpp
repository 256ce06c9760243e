#include "driver/sql/scanner.hpp"

#include <gtest/gtest.h>

namespace irislink::driver {
namespace {

struct scan_case {
    std::string_view sql;
    std::string_view text;
    std::uint32_t parameters;
    statement_kind kind;
};

std::ostream& operator<<(std::ostream& out, const scan_case& in) {
    return out << in.sql;
}

class Scanner : public ::testing::TestWithParam<scan_case> {};

TEST_P(Scanner, FindsParametersAndKind) {
    const auto& [sql, text, parameters, kind] = GetParam();
    const auto got = scan_statement(sql);
    EXPECT_EQ(got.text, text);
    EXPECT_EQ(got.parameters, parameters);
    EXPECT_EQ(got.kind, kind);
}

using enum statement_kind;

INSTANTIATE_TEST_SUITE_P(
    Parameters, Scanner,
    ::testing::Values(
        scan_case{"select 1", "select 1", 0, query},
        scan_case{"select a from t where b=? and c=?;", "select a from t where b= :%qpar(1)  and c= :%qpar(2)", 2, query},
        scan_case{"select '?', \"?\" from t", "select '?', \"?\" from t", 0, query},
        scan_case{"select 'it''s ?' , ?", "select 'it''s ?' ,  :%qpar(1)", 1, query},
        scan_case{"select \"a\"\"?\", ?", "select \"a\"\"?\",  :%qpar(1)", 1, query},
        scan_case{"select 1 -- ? not one\n, ?", "select 1  \n,  :%qpar(1)", 1, query},
        scan_case{"select /* ? 'no' */ ?", "select /* ? 'no' */  :%qpar(1)", 1, query},
        scan_case{"select /*#OPTIONS {\"x\":1} */ a", "select /*#OPTIONS {\"x\":1} */ a", 0, query},
        scan_case{"select {fn now()}, {d '2020-01-01'}, {ts ?}", "select {fn now()}, {d '2020-01-01'}, {ts  :%qpar(1) }", 1, query},
        scan_case{"select 'open ?", "select 'open ?", 0, query}, scan_case{"select 1 /* open ?", "select 1 /* open ?", 0, query},
        scan_case{"select 5-?", "select 5- :%qpar(1)", 1, query}, scan_case{"", "", 0, update}, scan_case{" ; ", "", 0, update},
        scan_case{"insert into Größe values (?)", "insert into Größe values ( :%qpar(1) )", 1, update}
    )
);

INSTANTIATE_TEST_SUITE_P(
    Kinds, Scanner,
    ::testing::Values(
        scan_case{"SELECT a", "SELECT a", 0, query}, scan_case{"  (select a)", "  (select a)", 0, query},
        scan_case{"/* insert */ select a", "/* insert */ select a", 0, query}, scan_case{"-- update\nselect a", " \nselect a", 0, query},
        scan_case{"Explain select a", "Explain select a", 0, query}, scan_case{"update t set a=1", "update t set a=1", 0, update},
        scan_case{"delete from t", "delete from t", 0, update}, scan_case{"start transaction", "start transaction", 0, update},
        scan_case{"savepoint a", "savepoint a", 0, update}, scan_case{"truncate table t", "truncate table t", 0, update},
        scan_case{"create table t (a int)", "create table t (a int)", 0, ddl}, scan_case{"grant select on t to u", "grant select on t to u", 0, ddl},
        scan_case{"alter table t add column b int", "alter table t add column b int", 0, drop}, scan_case{"drop table t;", "drop table t", 0, drop},
        scan_case{"use database USER", "use database USER", 0, use},
        scan_case{"with x as (select 1) select * from x", "with x as (select 1) select * from x", 0, query},
        scan_case{
            "with x as (select ?), y as (select 2) insert into t select * from x",
            "with x as (select  :%qpar(1) ), y as (select 2) insert into t select * from x", 1, update},
        scan_case{"with x as (delete from t) select 1", "with x as (delete from t) select 1", 0, query},
        scan_case{"(with x as (select 1) update t set a = 1)", "(with x as (select 1) update t set a = 1)", 0, update}
    )
);

// The body of a routine is not ours to read: ? is pattern match there, and -- may be code.
INSTANTIATE_TEST_SUITE_P(
    Definitions, Scanner,
    ::testing::Values(
        scan_case{"create function f() language objectscript { quit x?1N -- y }", "create function f() language objectscript { quit x?1N -- y }", 0, ddl},
        scan_case{"/* ? */ create view v as select ? ;", "/* ? */ create view v as select ?", 0, ddl}
    )
);

TEST(Scanner, ManyParametersCountOn) {
    std::string sql = "select ?";
    for (int i = 1; i < 300; ++i) sql += ",?";
    const auto got = scan_statement(sql);
    EXPECT_EQ(got.parameters, 300U);
    EXPECT_TRUE(got.text.ends_with(":%qpar(300)"));
}

} // namespace
} // namespace irislink::driver
