// Stored procedures through the C++ client.

#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>

#include "tests/integration/driver/coroutine.hpp"
#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"

namespace irislink::test {
namespace {

namespace asio = boost::asio;

class Procedures : public ::testing::Test {
protected:
    void SetUp() override {
        db.execute("create table T (N integer, V varchar(20), L longvarchar)");
        db.execute("create procedure S.Mix(in a integer, inout b numeric(10,2), out c varchar(20)) returns integer "
                   "begin set b = b + a; set c = 'got ' || a; return a * 2; end");
        db.execute("create procedure S.Put(in n integer, in v varchar(20) default 'none') begin insert into T (N, V) values (:n, :v); end");
        db.execute("create procedure S.One(in low integer, out most integer) "
                   "begin set most = (select max(N) from T); select N, V from T where N >= low order by N; end");
        db.execute("create procedure S.Several(in low integer, out rest integer) dynamic result sets begin "
                   "select N from T where N < low order by N; select V from T where N >= low order by N; "
                   "set rest = (select count(*) from T where N >= low); end");
        db.execute("create procedure S.Many(in n integer) dynamic result sets begin select a.N, 'abcdefghijklmnopqrstuvwxyz' from T a, T b, T c where a.N = "
                   ":n; select N from T where N = :n; end");
    }

    void fill(int rows) {
        for (int n = 1; n <= rows; ++n) db.call("S.Put", n, "row " + std::to_string(n));
    }

    sandbox_runner server_;
    connection db{server_.uri()};
};

TEST_F(Procedures, ParametersOfAllModesAndAReturnValue) {
    auto done = db.call("S.Mix", 7, decimal{125, -2}, not_given);
    ASSERT_TRUE(done.returns());
    EXPECT_EQ(done.returned<int>(), 14);
    ASSERT_EQ(done.size(), 3U);
    EXPECT_EQ(done.parameters()[1].type, sql_type::numeric);
    EXPECT_EQ(done.get<std::string>(1), "8.25");
    EXPECT_EQ(done.get<double>("B"), 8.25);
    EXPECT_EQ(done.get<std::string>("c"), "got 7");
    EXPECT_EQ(done.changed(), 0);
    EXPECT_FALSE(done.has_rows());
    EXPECT_FALSE(done.next_result());
    // With fewer arguments, and with values computed at run time.
    const std::vector<argument> given{value(std::int64_t{3})};
    done = db.call_values("\"S\".\"Mix\"", given);
    EXPECT_EQ(done.returned<int>(), 6);
    EXPECT_EQ(done.size(), 1U);
    EXPECT_EQ(failure_of([&] { (void)done.get<int>(1); }).sqlstate, "07009");
    db.call("S.Put", 5);
    db.call("S.Put", 6, std::optional<std::string>());
    EXPECT_EQ(flat(db.query("select N, V from T order by N")), "5|none;6|NULL");
    const auto without = db.call("S.Put", 1);
    EXPECT_EQ(without.changed(), 1);
    EXPECT_EQ(failure_of([&] { (void)without.returned<int>(); }).sqlstate, "07009");
}

TEST_F(Procedures, OneResultSet) {
    fill(4);
    auto done = db.call("S.One", 3, not_given);
    EXPECT_EQ(done.get<int>("most"), 4);
    ASSERT_TRUE(done.has_rows());
    EXPECT_EQ(done.rows().columns()[1].label, "V");
    EXPECT_EQ(flat(done.rows()), "3|row 3;4|row 4");
    EXPECT_FALSE(done.next_result());
    EXPECT_EQ(done.get<int>("most"), 4); // the parameters stay
    EXPECT_EQ(flat(db.call_values("S.One", {}, 0).rows()), "");
    // In more than one block.
    db.execute("create procedure S.Big() begin select a.N, 'abcdefghijklmnopqrstuvwxyz' from T a, T b, T c, T d, T e, T f, T g, T h; end");
    auto big = db.call("S.Big");
    EXPECT_EQ((big.rows().all<int, std::string>().size()), 65536U);
    big = db.call("S.Big");
    ASSERT_TRUE(big.rows().next()); // and left
    const std::vector<argument> all{value(std::int64_t{0}), std::nullopt};
    EXPECT_EQ(flat(db.call_values("S.One", all, 2).rows()), "1|row 1;2|row 2"); // at most two rows
}

TEST_F(Procedures, SeveralResultSets) {
    fill(4);
    auto done = db.call("S.Several", 3, not_given);
    EXPECT_EQ(done.get<int>("rest"), 2);
    EXPECT_EQ(flat(done.rows()), "1;2");
    ASSERT_TRUE(done.next_result());
    EXPECT_EQ(flat(done.rows()), "row 3;row 4");
    EXPECT_FALSE(done.next_result());
    EXPECT_FALSE(done.has_rows());
    EXPECT_FALSE(done.next_result());
    // A result set that is not read is passed over.
    done = db.call("S.Several", 3, not_given);
    ASSERT_TRUE(done.next_result());
    EXPECT_EQ(flat(done.rows()), "row 3;row 4");
}

TEST_F(Procedures, ManyRowsInSeveralResultSets) {
    fill(60);
    auto done = db.call("S.Many", 7);
    std::size_t count = 0;
    for (const auto& row : done.rows()) {
        ASSERT_EQ(row.get<int>(0), 7);
        // Another statement in between takes no rows away.
        if (++count != 100) continue;
        EXPECT_EQ(flat(db.query("select N from T where N = ?", 3)), "3");
    }
    EXPECT_EQ(count, 3600U);
    ASSERT_TRUE(done.next_result());
    EXPECT_EQ(flat(done.rows()), "7");
    // Going on while most of the first set is under way.
    done = db.call("S.Many", 8);
    ASSERT_TRUE(done.rows().next());
    ASSERT_TRUE(done.next_result());
    EXPECT_EQ(flat(done.rows()), "8");
    // Two calls of one procedure at once, and one that nobody reads to its end.
    auto first = db.call("S.Many", 1);
    auto second = db.call("S.Many", 2);
    ASSERT_TRUE(first.rows().next());
    ASSERT_TRUE(second.rows().next());
    EXPECT_EQ(first.rows().current().get<int>(0), 1);
    EXPECT_EQ(second.rows().current().get<int>(0), 2);
    ASSERT_TRUE(first.next_result());
    ASSERT_TRUE(second.next_result());
    EXPECT_EQ(flat(first.rows()), "1");
    EXPECT_EQ(flat(second.rows()), "2");
    { const auto dropped = db.call("S.Many", 3); }
    auto closed = db.call("S.Many", 4);
    closed.close();
    EXPECT_FALSE(closed.next_result());
    EXPECT_EQ(flat(db.query("select count(*) from T")), "60");
}

TEST_F(Procedures, LongValuesComeOut) {
    db.execute("create procedure S.Long(in n integer, out text longvarchar) begin set text = repeat('ä', n); end");
    const auto done = db.call("S.Long", 200000, not_given);
    const auto text = done.get<std::string>("text");
    EXPECT_EQ(text.size(), 400000U);
    EXPECT_EQ(text.substr(0, 4), "ää");
}

TEST_F(Procedures, ErrorsSayWhatIsWrong) {
    const auto missing = failure_of([&] { db.call("S.Nothing", 1); });
    EXPECT_EQ(missing.native, -428);
    EXPECT_NE(missing.text.find("S.Nothing"), std::string::npos) << missing.text;
    EXPECT_EQ(failure_of([&] { db.call("S.Put", 1, "a", 2); }).sqlstate, "07001");
    const auto unfit = failure_of([&] { db.call("S.Put", "one"); });
    EXPECT_EQ(unfit.native, -104);
    EXPECT_EQ(flat(db.query("select count(*) from T")), "0");
    std::error_code failed;
    diagnostics why;
    auto done = db.call("S.Nothing", 1, not_given, failed, why);
    EXPECT_TRUE(failed);
    EXPECT_EQ(why.front().native, -428);
    EXPECT_FALSE(done.has_rows());
    done = db.call("S.Mix", 1, 2, not_given, failed, why);
    EXPECT_FALSE(failed);
    EXPECT_EQ(done.returned<int>(failed, why), 2);
    EXPECT_EQ(done.get<int>("nothing", failed, why), 0);
    EXPECT_EQ(why.front().sqlstate, "42S22");
    EXPECT_EQ(failure_of([] { (void)connection().call("S.Mix"); }).sqlstate, "08003");
    call_result none;
    EXPECT_FALSE(none.next_result());
    EXPECT_EQ(none.size(), 0U);
    none.close();
}

TEST_F(Procedures, ChangedProceduresAreDescribedAgain) {
    EXPECT_EQ(db.call("S.Put", 1).changed(), 1);
    connection other{server_.uri()};
    other.execute("drop procedure S.Put");
    other.execute("create procedure S.Put(in a integer, out b integer) begin set b = a + 1; end");
    EXPECT_EQ(db.call("S.Put", 1, not_given).get<int>("b"), 2);
    other.execute("drop procedure S.Put");
    EXPECT_EQ(failure_of([&] { db.call("S.Put", 1, not_given); }).native, -428);
    db.execute("create procedure S.Put(in a integer) begin select a as A; end"); // our own DDL
    EXPECT_EQ(flat(db.call("S.Put", 9).rows()), "9");
}

TEST_F(Procedures, ACallIsCancelled) {
    fill(60);
    db.execute("create procedure S.Slow(out n integer) begin set n = (select count(*) from T a, T b, T c, T d, T e, T f); end");
    std::thread stopper([this] {
        for (int i = 0; i < 500 && !db.cancel(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    });
    const auto why = failure_of([&] { db.call("S.Slow", not_given); });
    stopper.join();
    EXPECT_EQ(why.sqlstate, "HY008");
    EXPECT_EQ(db.call("S.Mix", 1, 1, not_given).returned<int>(), 2);
}

TEST_F(Procedures, AsynchronousCalls) {
    fill(60);
    asio::io_context context;
    std::string seen;
    const auto work = [&]() -> asio::awaitable<void> {
        connection own(context.get_executor());
        connect_options options(server_.uri());
        co_await own.async_connect(options, asio::use_awaitable);
        std::vector<argument> given{value(std::int64_t{7})};
        auto done = co_await own.async_call("S.Many", std::move(given), asio::use_awaitable);
        std::size_t count = 0;
        do {
            while (done.rows().next_in_block()) ++count;
        } while (co_await own.async_next_block(done.rows(), asio::use_awaitable));
        seen = std::to_string(count);
        while (co_await own.async_next_result(done, asio::use_awaitable)) {
            while (done.rows().next_in_block()) seen += " " + std::to_string(done.rows().current().get<int>(0));
        }
        std::vector<argument> three{value(std::int64_t{1}), value(std::int64_t{2}), std::nullopt};
        const auto mixed = co_await own.async_call("S.Mix", std::move(three), asio::use_awaitable);
        seen += " " + mixed.get<std::string>("c");
        try {
            std::vector<argument> none;
            (void)co_await own.async_call("S.Nothing", std::move(none), asio::use_awaitable);
        } catch (const error& failed) {
            seen += " " + std::to_string(failed.native_code());
        }
    };
    run_to_end(context, work());
    EXPECT_EQ(seen, "3600 7 got 1 -428");
}

// A loop may have no end of its own, and may give any number of results.
TEST_F(Procedures, LoopsWithoutEnd) {
    db.execute("create procedure S.Flood(in n integer) dynamic result sets begin while n = 1 do select n; end while; end");
    const auto refused = failure_of([&] { (void)db.call("S.Flood", 1); });
    EXPECT_EQ(refused.native, -400);
    EXPECT_NE(refused.text.find("1000 result sets"), std::string::npos) << refused.text;
    EXPECT_NO_THROW((void)db.call("S.Flood", 0));
    // A server that is told to end does.
    db.execute("create procedure S.Endless(in n integer) begin declare i integer; while n = 1 do set i = 1; end while; end");
    std::thread caller([&] { EXPECT_NE(failure_of([&] { (void)db.call("S.Endless", 1); }).sqlstate, ""); });
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    EXPECT_TRUE(server_.end());
    caller.join();
}

} // namespace
} // namespace irislink::test
