#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/integration/driver/made_sets.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"

namespace irislink::test {
namespace {

class Batch : public ::testing::Test {
protected:
    Batch() { db_.execute("create table T (N integer primary key, S varchar(100))"); }

    sandbox_runner server_;
    connection db_{server_.uri()};
};

TEST_F(Batch, OneCountPerSet) {
    const std::vector<std::tuple<int, std::string>> sets{{1, "a"}, {2, "b"}, {3, "c"}};
    const auto done = db_.batch("insert into T values (?, ?)", sets);
    EXPECT_EQ(done.counts, (std::vector<std::int64_t>{1, 1, 1}));
    EXPECT_EQ(done.total(), 3);
    EXPECT_FALSE(done.failure);
    EXPECT_EQ(flat(db_.query("select N, S from T order by N")), "1|a;2|b;3|c");
}

TEST_F(Batch, ValuesInsteadOfTuples) {
    const std::vector<std::vector<value>> sets{{std::int64_t{1}, null}, {std::int64_t{2}, std::string()}};
    EXPECT_EQ(db_.batch("insert into T values (?, ?)", sets).total(), 2);
    EXPECT_EQ(flat(db_.query("select N, S from T order by N")), "1|NULL;2|");
}

// The failed set is named by its number, whichever message it was in.
TEST_F(Batch, FailureNamesTheSet) {
    std::vector<std::tuple<int, std::string>> sets;
    for (int i = 0; i < 50; ++i) sets.emplace_back(i, "x");
    std::get<0>(sets[37]) = 3; // a duplicate
    db_.set_autocommit(false);
    const auto done = db_.batch("insert into T values (?, ?)", sets);
    ASSERT_TRUE(done.failure);
    EXPECT_EQ(done.failure->row, 38U);
    EXPECT_EQ(done.failure->sqlstate, "23000");
    EXPECT_EQ(done.failure->native, -119);
    ASSERT_EQ(done.counts.size(), 38U);
    EXPECT_EQ(done.counts.back(), -3);
    EXPECT_EQ(done.total(), 37);
    db_.rollback();
    EXPECT_EQ(flat(db_.query("select count(*) from T")), "0");
}

// Messages of bounded size, however long the range; a range need not be in memory at all.
TEST_F(Batch, ManySetsInSeveralMessages) {
    db_.set_autocommit(false);
    const std::string text(90, 'x');
    const auto done = db_.batch("insert into T values (?, ?)", made_sets(30'000, [&](int i) { return std::make_tuple(i, text); }));
    EXPECT_FALSE(done.failure) << done.failure->message();
    EXPECT_EQ(done.total(), 30'000);
    db_.commit();
    EXPECT_EQ(flat(db_.query("select count(*), max(N) from T")), "30000|29999");
}

TEST_F(Batch, FailureInALaterMessage) {
    db_.set_autocommit(false);
    const std::string text(90, 'x');
    const auto done = db_.batch("insert into T values (?, ?)", made_sets(30'000, [&](int i) { return std::make_tuple(i == 25'000 ? 7 : i, text); }));
    ASSERT_TRUE(done.failure);
    EXPECT_EQ(done.failure->row, 25'001U);
    db_.rollback();
}

TEST_F(Batch, SetsOfDifferentLengthAreRefused) {
    const std::vector<std::vector<value>> sets{{std::int64_t{1}, null}, {std::int64_t{2}}};
    const auto why = failure_of([&] { (void)db_.batch("insert into T values (?, ?)", sets); });
    EXPECT_EQ(why.sqlstate, "07002");
    EXPECT_EQ(why.row, 2U);
    EXPECT_EQ(flat(db_.query("select count(*) from T")), "0");
}

TEST_F(Batch, NothingToDo) {
    EXPECT_EQ(db_.batch("insert into T values (?, ?)", std::vector<std::tuple<int, int>>()).counts.size(), 0U);
}

} // namespace
} // namespace irislink::test
