// The forms that take std::error_code& and diagnostics&: they throw nothing and carry the same facts as
// those that throw.

#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/integration/driver/made_sets.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"

namespace irislink::test {
namespace {

class ErrorValue : public ::testing::Test {
protected:
    // The two forms agree in every fact.
    void expect_same(const std::function<void()>& throwing) const {
        const auto thrown = failure_of(throwing);
        EXPECT_EQ(failed_, make_error_code(thrown.code)) << failed_.message();
        ASSERT_EQ(why_.records().size(), 1U);
        const auto& given = why_.front();
        EXPECT_EQ(given.code, thrown.code);
        EXPECT_EQ(given.sqlstate, thrown.sqlstate);
        EXPECT_EQ(given.native, thrown.native);
        EXPECT_EQ(given.step, thrown.step);
        EXPECT_EQ(given.text, thrown.text);
        EXPECT_EQ(given.hint, thrown.hint);
        EXPECT_EQ(given.fatal, thrown.fatal);
    }

    void expect_none() const {
        EXPECT_FALSE(failed_) << failed_.message();
        EXPECT_TRUE(why_.empty()) << why_.front().message();
    }

    sandbox_runner server_;
    connection db_{server_.uri()};
    std::error_code failed_;
    diagnostics why_;
};

TEST_F(ErrorValue, Connect) {
    connect_options wrong(server_.uri());
    wrong.password("wrong, of course");
    connection other;
    other.connect(wrong, failed_, why_);
    EXPECT_EQ(failed_, errc::login_refused);
    EXPECT_EQ(why_.front().sqlstate, "28000");
    EXPECT_EQ(why_.front().step, step::login);
    EXPECT_FALSE(other.is_open());
    expect_same([&] { connection again(wrong); });
    // The target itself may be what is wrong.
    other.connect("iris://%zz@h", failed_, why_);
    EXPECT_EQ(failed_, errc::bad_settings);
    EXPECT_EQ(why_.front().step, step::settings);
    // A success clears what was said before.
    other.connect(server_.uri(), failed_, why_);
    expect_none();
    EXPECT_TRUE(other.is_open());
    other.connect(server_.uri(), failed_, why_);
    EXPECT_EQ(why_.front().sqlstate, "08002");
}

TEST_F(ErrorValue, QueryAndFetch) {
    auto rows = db_.query("select ?, ?", 1, "two", failed_, why_);
    expect_none();
    ASSERT_TRUE(rows.next(failed_, why_));
    expect_none();
    EXPECT_EQ(rows.current().get<int>(0, failed_, why_), 1);
    expect_none();
    EXPECT_EQ(rows.current().get<int>(1, failed_, why_), 0);
    EXPECT_EQ(failed_, errc::bad_conversion);
    EXPECT_EQ(why_.front().sqlstate, "22018");
    EXPECT_EQ(rows.current().get<int>("no such column", failed_, why_), 0);
    EXPECT_EQ(why_.front().sqlstate, "42S22");
    EXPECT_FALSE(rows.next(failed_, why_));
    expect_none();
    rows.close(failed_, why_);
    expect_none();

    int number = 0;
    std::string word;
    auto direct = db_.query("select 7, 'seven'", failed_, why_);
    ASSERT_TRUE(direct.next_into(failed_, why_, number, word));
    expect_none();
    EXPECT_EQ(number, 7);
    EXPECT_EQ(word, "seven");
    EXPECT_FALSE(direct.next_into(failed_, why_, number, word));
    expect_none();
    direct = db_.query("select 'seven', 7", failed_, why_);
    EXPECT_FALSE(direct.next_into(failed_, why_, number, word));
    EXPECT_EQ(failed_, errc::bad_conversion);
    EXPECT_EQ(why_.front().sqlstate, "22018");

    auto none = db_.query("select * from NoSuchTable", failed_, why_);
    EXPECT_EQ(failed_, errc::server_error);
    EXPECT_EQ(why_.front().native, -30);
    EXPECT_EQ(why_.front().sqlstate, "42S02");
    expect_same([&] { (void)db_.query("select * from NoSuchTable"); });
    EXPECT_FALSE(none.next());
    EXPECT_TRUE(none.columns().empty());
    (void)db_.query("select ?", std::string("\xff"), failed_, why_);
    EXPECT_EQ(why_.front().sqlstate, "22021");
    (void)db_.run_any("select from where", {}, 0, failed_, why_);
    EXPECT_EQ(why_.front().sqlstate, "42000");
}

TEST_F(ErrorValue, FetchOfARowThatFails) {
    db_.execute("create table T (N integer)");
    for (int i = 0; i < 3; ++i) db_.execute("insert into T values (?)", i);
    db_.execute("create table Big (N integer)");
    std::vector<std::tuple<int>> sets;
    for (int i = 0; i < 20'000; ++i) sets.emplace_back(20'000 - i);
    (void)db_.batch("insert into Big values (?)", sets, failed_, why_);
    expect_none();
    // The last row of all divides by zero, far behind the first block.
    auto rows = db_.query("select 1 / (N - 1) from Big", failed_, why_);
    expect_none();
    int count = 0;
    while (rows.next(failed_, why_)) ++count;
    EXPECT_TRUE(failed_);
    EXPECT_EQ(why_.front().step, step::fetch);
    EXPECT_LT(why_.front().native, 0);
    EXPECT_GT(count, 1000);
    db_.ping(failed_, why_);
    expect_none();
}

TEST_F(ErrorValue, ExecuteAndStatements) {
    db_.execute("create table T (N integer primary key)", failed_, why_);
    expect_none();
    EXPECT_EQ(db_.execute("insert into T values (?)", 1, failed_, why_).rows, 1);
    expect_none();
    EXPECT_EQ(db_.execute("insert into T values (?)", 1, failed_, why_).rows, 0);
    EXPECT_EQ(why_.front().sqlstate, "23000");
    expect_same([&] { db_.execute("insert into T values (?)", 1); });
    EXPECT_TRUE(db_.execute(with_generated_keys, "insert into T values (?)", 2, failed_, why_).generated_key());
    expect_none();

    auto broken = db_.prepare("select * from NoSuchTable", failed_, why_);
    EXPECT_EQ(why_.front().native, -30);
    (void)broken.query(failed_, why_);
    EXPECT_EQ(why_.front().sqlstate, "HY010");
    auto insert = db_.prepare("insert into T values (?)", failed_, why_);
    expect_none();
    EXPECT_EQ(insert.execute(3, failed_, why_).rows, 1);
    expect_none();
    EXPECT_TRUE(insert.execute(with_generated_keys, 4, failed_, why_).generated_key());
    expect_none();
    insert.execute(3, failed_, why_);
    EXPECT_EQ(why_.front().native, -119);
    (void)insert.execute(failed_, why_);
    EXPECT_EQ(why_.front().sqlstate, "07002");
    (void)insert.query(5, failed_, why_);
    EXPECT_EQ(why_.front().sqlstate, "24000");
    EXPECT_EQ(flat(db_.query("select N from T order by N")), "1;2;3;4");
}

// A failed set is a failure of the call, and what was done before it is told.
TEST_F(ErrorValue, Batch) {
    db_.execute("create table T (N integer primary key)");
    const std::vector<std::tuple<int>> sets{{1}, {2}, {1}, {3}};
    const auto done = db_.batch("insert into T values (?)", sets, failed_, why_);
    EXPECT_EQ(failed_, errc::server_error);
    EXPECT_EQ(why_.front().row, 3U);
    EXPECT_EQ(why_.front().sqlstate, "23000");
    ASSERT_TRUE(done.failure);
    EXPECT_EQ(done.counts, (std::vector<std::int64_t>{1, 1, -3}));
    const std::vector<std::vector<value>> uneven{{std::int64_t{7}}, {std::int64_t{8}, std::int64_t{9}}};
    (void)db_.batch("insert into T values (?)", uneven, failed_, why_);
    EXPECT_EQ(why_.front().sqlstate, "07002");
}

TEST_F(ErrorValue, TransactionsAndTheRest) {
    db_.execute("create table T (N integer)");
    db_.set_autocommit(false, failed_, why_);
    expect_none();
    db_.execute("insert into T values (1)", failed_, why_);
    db_.rollback(failed_, why_);
    expect_none();
    db_.execute("insert into T values (2)", failed_, why_);
    db_.commit(failed_, why_);
    expect_none();
    db_.set_isolation(isolation::read_committed, failed_, why_);
    expect_none();
    EXPECT_EQ(db_.current_isolation(failed_, why_), isolation::read_committed);
    expect_none();
    EXPECT_FALSE(db_.cancel(failed_, why_));
    expect_none();
    EXPECT_FALSE(db_.two_factor_required(failed_, why_));
    expect_none();
    db_.reset(failed_, why_);
    expect_none();
    EXPECT_EQ(flat(db_.query("select N from T")), "2");
}

TEST_F(ErrorValue, LongValues) {
    db_.execute("create table L (N integer, T longvarchar)");
    db_.execute("insert into L values (1, ?)", std::string(100'000, 'x'));
    auto rows = db_.query("select T, N from L", failed_, why_);
    auto closed = rows.open_stream(0, failed_, why_);
    EXPECT_EQ(why_.front().sqlstate, "24000");
    char buffer[70'000];
    EXPECT_EQ(closed.read(std::span<char>(buffer), failed_, why_), 0U);
    EXPECT_EQ(why_.front().sqlstate, "24000");
    ASSERT_TRUE(rows.next(failed_, why_));
    auto stream = rows.open_stream(0, failed_, why_);
    expect_none();
    std::size_t total = 0;
    while (const auto got = stream.read(std::as_writable_bytes(std::span<char>(buffer)), failed_, why_)) total += got;
    expect_none();
    EXPECT_EQ(total, 100'000U);
    EXPECT_FALSE(rows.next(failed_, why_));
    (void)stream.read(std::span<char>(buffer), failed_, why_);
    expect_none(); // it had been read to its end
}

TEST_F(ErrorValue, Pool) {
    connection_pool pool(connect_options(server_.uri()), {.max_size = 1});
    const auto lent = pool.acquire(failed_, why_);
    expect_none();
    ASSERT_TRUE(lent);
    lent->ping(failed_, why_);
    expect_none();
    EXPECT_FALSE(pool.acquire(std::chrono::milliseconds(10), failed_, why_));
    EXPECT_EQ(failed_, errc::timed_out);
    EXPECT_EQ(why_.front().sqlstate, "HYT00");
    pool.close();
    EXPECT_FALSE(pool.acquire(failed_, why_));
    EXPECT_EQ(failed_, errc::not_connected);
}

// Every one of them says so when there is no connection.
TEST_F(ErrorValue, WithoutAConnection) {
    connection none;
    const std::vector<std::tuple<int>> sets{{1}};
    const std::pair<const char*, std::function<void()>> calls[] = {
        {"query", [&] { (void)none.query("select 1", failed_, why_); }},
        {"execute", [&] { none.execute("update T set N = 1", failed_, why_); }},
        {"prepare", [&] { (void)none.prepare("select 1", failed_, why_); }},
        {"batch", [&] { (void)none.batch("insert into T values (?)", sets, failed_, why_); }},
        {"last_identity", [&] { EXPECT_FALSE(none.last_identity(failed_, why_)); }},
        {"commit", [&] { none.commit(failed_, why_); }},
        {"rollback", [&] { none.rollback(failed_, why_); }},
        {"set_autocommit", [&] { none.set_autocommit(true, failed_, why_); }},
        {"set_isolation", [&] { none.set_isolation(isolation::read_committed, failed_, why_); }},
        {"current_isolation", [&] { (void)none.current_isolation(failed_, why_); }},
        {"ping", [&] { none.ping(failed_, why_); }},
        {"reset", [&] { none.reset(failed_, why_); }},
        {"two_factor_required", [&] { (void)none.two_factor_required(failed_, why_); }},
        {"send_two_factor", [&] { none.send_two_factor("123456", failed_, why_); }},
    };
    for (const auto& [name, call] : calls) {
        failed_.clear();
        why_.clear();
        call();
        EXPECT_EQ(failed_, errc::not_connected) << name;
        ASSERT_EQ(why_.records().size(), 1U) << name;
        EXPECT_EQ(why_.front().sqlstate, "08003") << name;
    }
}

// An exception of the program's own is not an error of ours.
TEST_F(ErrorValue, ExceptionsOfCallbacksPass) {
    db_.execute("create table T (N integer)");
    const made_sets sets(2, [](int i) {
        if (i == 1) throw std::runtime_error("mine");
        return std::make_tuple(i);
    });
    EXPECT_THROW((void)db_.batch("insert into T values (?)", sets, failed_, why_), std::runtime_error);
}

} // namespace
} // namespace irislink::test
