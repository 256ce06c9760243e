#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"

namespace irislink::test {
namespace {

class Transaction : public ::testing::Test {
protected:
    Transaction() { db_.execute("create table T (N integer)"); }

    std::string others_view() { return flat(other_.query("select N from T order by N")); }

    sandbox_runner server_;
    connection db_{server_.uri()};
    connection other_{server_.uri()};
};

TEST_F(Transaction, AutoCommitShowsAtOnce) {
    EXPECT_TRUE(db_.autocommit());
    db_.execute("insert into T values (1)");
    EXPECT_EQ(others_view(), "1");
}

TEST_F(Transaction, RollbackTakesBackAndCommitKeeps) {
    db_.set_autocommit(false);
    db_.execute("insert into T values (1)");
    db_.rollback();
    EXPECT_EQ(flat(db_.query("select N from T")), "");
    db_.execute("insert into T values (2)");
    db_.commit();
    EXPECT_EQ(others_view(), "2");
}

TEST_F(Transaction, SwitchingAutoCommitOnCommits) {
    db_.set_autocommit(false);
    db_.execute("insert into T values (1)");
    db_.set_autocommit(true);
    EXPECT_EQ(others_view(), "1");
}

TEST_F(Transaction, ClosingRollsBack) {
    db_.set_autocommit(false);
    db_.execute("insert into T values (1)");
    db_.close();
    EXPECT_EQ(others_view(), "");
}

TEST_F(Transaction, StartsWithAutoCommitOffWhenAsked) {
    connection manual(server_.uri("AutoCommit=0"));
    EXPECT_FALSE(manual.autocommit());
    manual.execute("insert into T values (1)");
    manual.rollback();
    EXPECT_EQ(others_view(), "");
}

TEST_F(Transaction, IsolationIsReadBack) {
    EXPECT_EQ(db_.current_isolation(), isolation::read_uncommitted);
    db_.set_isolation(isolation::read_committed);
    EXPECT_EQ(db_.current_isolation(), isolation::read_committed);
    connection strict(server_.uri("Isolation=2"));
    EXPECT_EQ(strict.current_isolation(), isolation::read_committed);
}

TEST_F(Transaction, ResetIsAsNew) {
    db_.set_isolation(isolation::read_committed);
    db_.set_autocommit(false);
    db_.execute("insert into T values (?)", 1);
    db_.reset();
    EXPECT_TRUE(db_.autocommit());
    EXPECT_EQ(others_view(), "");
    EXPECT_EQ(db_.current_isolation(), isolation::read_uncommitted);
    db_.execute("insert into T values (?)", 2);
    EXPECT_EQ(others_view(), "2");
}

TEST_F(Transaction, Savepoints) {
    db_.set_autocommit(false);
    db_.execute("insert into T values (1)");
    db_.execute("savepoint here");
    db_.execute("insert into T values (2)");
    db_.execute("rollback to savepoint here");
    db_.commit();
    EXPECT_EQ(others_view(), "1");
}

} // namespace
} // namespace irislink::test
