// Queries against the sandbox: types, NULL and '', conversions, many rows in bounded memory.

#include <sys/resource.h>

#include <fstream>

#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"

namespace irislink::test {
namespace {

class Query : public ::testing::Test {
protected:
    sandbox_runner server_;
    connection db_{server_.uri()};
};

// Sanitizers keep freed memory for a while. The rows of the test are more than 30 MB together.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t memory_allowance = std::size_t{16} << 20U;
#else
constexpr std::size_t memory_allowance = std::size_t{2} << 20U;
#endif

std::size_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::size_t size = 0;
    std::size_t resident = 0;
    file >> size >> resident;
    return resident * 4096;
}

TEST_F(Query, ServerFacts) {
    const auto server = db_.server();
    EXPECT_NE(server.version.find("Version"), std::string::npos);
    EXPECT_GE(server.protocol, 57);
    EXPECT_GT(server.job, 0);
    EXPECT_EQ(server.features, 0U);
    EXPECT_TRUE(server.delimited_identifiers);
    db_.ping();
}

TEST_F(Query, EveryTypeThereAndBack) {
    db_.execute("create table Every (Id integer, B bit, I bigint, D double, N numeric(18,4), S varchar(100), X varbinary(100), "
                "Dt date, T time(6), Ts timestamp(6))");
    const bytes binary{std::byte{0}, std::byte{1}, std::byte{0xFF}};
    const std::string text = "Größe 🚀 'quoted' \"and\" ?";
    db_.execute(
        "insert into Every values (?,?,?,?,?,?,?,?,?,?)", 1, true, std::int64_t{-9223372036854775807}, 0.1, decimal{-1234567, -4}, text, binary,
        date{2024, 2, 29}, time_of_day{23, 59, 58, 0}, timestamp{{1969, 7, 20}, {20, 17, 40, 123456000}}
    );
    db_.execute("insert into Every (Id, S) values (?, ?)", 2, "");
    auto rows = db_.query("select B, I, D, N, S, X, Dt, T, Ts from Every order by Id");
    ASSERT_TRUE(rows.next());
    const auto& row = rows.current();
    EXPECT_TRUE(row.get<bool>(0));
    EXPECT_EQ(row.get<std::int64_t>("i"), -9223372036854775807);
    EXPECT_EQ(row.get<double>("D"), 0.1);
    EXPECT_EQ(to_string(row.get<decimal>(3)), "-123.4567");
    EXPECT_EQ(row.get<std::string>(4), text);
    EXPECT_EQ(row.get<bytes>(5), binary);
    EXPECT_EQ(row.get<date>(6), (date{2024, 2, 29}));
    EXPECT_EQ(row.get<time_of_day>(7), (time_of_day{23, 59, 58, 0}));
    EXPECT_EQ(row.get<timestamp>(8), (timestamp{{1969, 7, 20}, {20, 17, 40, 123456000}}));
    EXPECT_TRUE(std::holds_alternative<decimal>(row.get<value>(3)));
    ASSERT_TRUE(rows.next());
    EXPECT_TRUE(rows.current().is_null(1));
    EXPECT_EQ(rows.current().get<std::optional<std::int64_t>>(1), std::nullopt);
    EXPECT_EQ(rows.current().get<std::optional<std::string>>(4), ""); // '' is not NULL
    EXPECT_EQ(failure_of([&] { (void)rows.current().get<std::int64_t>(1); }).sqlstate, "22002");
    EXPECT_FALSE(rows.next());
}

// A value is delivered whole or not at all.
TEST_F(Query, ConversionsThatLoseAreErrors) {
    auto rows = db_.query("select 300, 1.5, 'abc', 9223372036854775807");
    ASSERT_TRUE(rows.next());
    const auto& row = rows.current();
    EXPECT_EQ(failure_of([&] { (void)row.get<std::int8_t>(0); }).sqlstate, "22003");
    EXPECT_EQ(failure_of([&] { (void)row.get<bool>(0); }).sqlstate, "22003");
    EXPECT_EQ(failure_of([&] { (void)row.get<int>(1); }).sqlstate, "22003");
    EXPECT_EQ(failure_of([&] { (void)row.get<int>(2); }).sqlstate, "22018");
    EXPECT_EQ(failure_of([&] { (void)row.get<std::int32_t>(3); }).sqlstate, "22003");
    EXPECT_EQ(failure_of([&] { (void)row.get<int>(9); }).sqlstate, "07009");
    EXPECT_EQ(failure_of([&] { (void)row.get<int>("nope"); }).sqlstate, "42S22");
    EXPECT_EQ(row.get<std::int16_t>(0), 300);
    EXPECT_EQ(row.get<double>(1), 1.5);
}

struct planet {
    std::string name;
    std::optional<double> mass;
};

TEST_F(Query, RowsAsTuplesAndStructs) {
    db_.execute("create table Planet (Name varchar(20), Mass double)");
    db_.execute("insert into Planet values (?, ?)", "Mars", 0.642);
    db_.execute("insert into Planet values (?, ?)", "Planet X", std::optional<double>());
    const auto tuples = db_.query("select Name, Mass from Planet order by Name").all<std::string, std::optional<double>>();
    ASSERT_EQ(tuples.size(), 2U);
    EXPECT_EQ(std::get<0>(tuples[0]), "Mars");
    EXPECT_EQ(std::get<1>(tuples[1]), std::nullopt);
    const auto structs = db_.query("select Name, Mass from Planet order by Name").into<planet, std::string, std::optional<double>>();
    ASSERT_EQ(structs.size(), 2U);
    EXPECT_EQ(structs[0].mass, 0.642);
}

TEST_F(Query, RowsStraightIntoVariables) {
    auto rows = db_.query(
        "select 7, 300, 12.5, 'Zo\u00EB', cast('2024-02-29 23:59:58.5' as timestamp), cast('2024-02-29' as date), cast('23:59:58' as time), 1.5, null, 'rest' "
        "union all select 8, -300, -0.05, '', cast('1969-07-20 20:17:40' as timestamp), cast('0001-01-01' as date), cast('00:00:00' as time), 2, 'x', 'rest'"
    );
    std::int8_t small = 0;
    std::uint64_t unsigned_one = 0;
    decimal number;
    std::string text;
    timestamp moment;
    date day;
    time_of_day time;
    float real = 0;
    std::optional<std::string> maybe = "before";
    ASSERT_TRUE(rows.next_into(small, unsigned_one, number, text, moment, day, time, real, maybe)); // the last column is left out
    EXPECT_EQ(small, 7);
    EXPECT_EQ(unsigned_one, 300U);
    EXPECT_EQ(to_string(number), "12.5");
    EXPECT_EQ(text, "Zo\u00EB");
    EXPECT_EQ(moment, (timestamp{{2024, 2, 29}, {23, 59, 58, 500000000}}));
    EXPECT_EQ(day, (date{2024, 2, 29}));
    EXPECT_EQ(time, (time_of_day{23, 59, 58, 0}));
    EXPECT_EQ(real, 1.5F);
    EXPECT_EQ(maybe, std::nullopt);
    // -300 is no unsigned number. The row is gone, the result goes on.
    EXPECT_EQ(failure_of([&] { (void)rows.next_into(small, unsigned_one); }).sqlstate, "22003");
    EXPECT_FALSE(rows.next_into(small, unsigned_one));
    EXPECT_FALSE(rows.next_into(small));
}

TEST_F(Query, VariablesThatDoNotFitAreErrors) {
    const auto failure_into = [this](const std::string& sql, auto variable) { return failure_of([&] { (void)db_.query(sql).next_into(variable); }).sqlstate; };
    EXPECT_EQ(failure_into("select null", std::string()), "22002");
    EXPECT_EQ(failure_into("select null", 0), "22002");
    EXPECT_EQ(failure_into("select 300", std::int8_t()), "22003");
    EXPECT_EQ(failure_into("select 2", false), "22003");
    EXPECT_EQ(failure_into("select 1.5", 0), "22003");
    EXPECT_EQ(failure_into("select 'abc'", 0), "22018");
    EXPECT_EQ(failure_into("select 'abc'", std::optional<timestamp>()), "22018");
    EXPECT_EQ(
        failure_of([this] {
            int one = 0, two = 0;
            (void)db_.query("select 1").next_into(one, two);
        }).sqlstate,
        "07009"
    );
    // What only row::get can do is done by it.
    value any;
    auto rows = db_.query("select 'abc'");
    ASSERT_TRUE(rows.next_into(any));
    EXPECT_EQ(std::get<std::string>(any), "abc");
}

// More rows than a block holds, one of them longer than a block.
TEST_F(Query, VariablesAcrossBlocks) {
    db_.execute("create table Many (N integer, S varchar(200000))");
    std::vector<std::vector<value>> sets;
    for (int i = 0; i < 3000; ++i) sets.push_back({std::int64_t{i}, std::string(i == 1500 ? 150'000 : 30, static_cast<char>('a' + i % 26))});
    (void)db_.batch("insert into Many values (?, ?)", sets);
    auto rows = db_.query("select N, S from Many order by N");
    int n = 0;
    std::string s;
    std::size_t count = 0;
    while (rows.next_into(n, s)) {
        ASSERT_EQ(value{std::int64_t{n}}, sets.at(count)[0]);
        ASSERT_EQ(value{s}, sets.at(count)[1]) << n;
        ++count;
    }
    EXPECT_EQ(count, sets.size());
}

TEST_F(Query, ErrorsCarryTheServersWordsAndTheConnectionLives) {
    const auto why = failure_of([&] { (void)db_.query("select * from NoSuchTable"); });
    EXPECT_EQ(why.sqlstate, "42S02");
    EXPECT_EQ(why.native, -30);
    EXPECT_EQ(why.step, step::statement);
    EXPECT_NE(why.text.find("SQLCODE"), std::string::npos) << why.text;
    EXPECT_FALSE(why.fatal);
    db_.execute("create table Uniq (N integer primary key)");
    db_.execute("insert into Uniq values (?)", 1);
    EXPECT_EQ(failure_of([&] { db_.execute("insert into Uniq values (?)", 1); }).sqlstate, "23000");
    EXPECT_EQ(failure_of([&] { (void)db_.query("select from where"); }).sqlstate, "42000");
    EXPECT_EQ(flat(db_.query("select count(*) from Uniq")), "1");
}

TEST_F(Query, PreparedStatements) {
    db_.execute("create table P (N integer, S varchar(20))");
    auto insert = db_.prepare("insert into P values (?, ?)");
    EXPECT_EQ(insert.parameter_count(), 2U);
    for (int i = 0; i < 10; ++i) EXPECT_EQ(insert.execute(i, "row " + std::to_string(i)).rows, 1);
    auto select = db_.prepare("select S from P where N = ?");
    ASSERT_EQ(select.columns().size(), 1U);
    EXPECT_EQ(select.columns()[0].name, "S");
    EXPECT_EQ(flat(select.query(3)), "row 3");
    // The definition changes under the statement.
    db_.execute("alter table P add column M integer");
    EXPECT_EQ(flat(select.query(4)), "row 4");
}

// Another connection makes the table anew, with columns of other types.
TEST_F(Query, PreparedStatementsFollowTheTypesOfTheirTable) {
    connection other(server_.uri());
    other.execute("create table P (N integer)");
    auto insert = db_.prepare("insert into P values (?)");
    auto select = db_.prepare("select N from P where 1 = ?");
    const std::pair<const char*, const char*> kinds[] = {{"integer", "5"}, {"varchar(20)", "five"}, {"numeric(9,2)", "5.25"}, {"date", "2024-02-29"}};
    for (const auto& [type, text] : kinds) {
        other.execute("drop table P");
        other.execute(std::string("create table P (N ") + type + ")");
        for (int i = 0; i < 2; ++i) {
            EXPECT_EQ(insert.execute(text).rows, 1) << type;
            EXPECT_EQ(flat(select.query(1)), i == 0 ? text : std::string(text) + ";" + text);
        }
    }
    auto rows = select.query(1);
    EXPECT_EQ(rows.columns()[0].type, sql_type::date);
}

TEST_F(Query, StatementKinds) {
    db_.execute("create table K (N integer)");
    db_.execute("insert into K values (1)");
    EXPECT_EQ(flat(db_.query("/* a */ with x as (select N + 1 as M from K) select M from x -- end")), "2");
    EXPECT_EQ(flat(db_.query("(select N from K)")), "1");
    EXPECT_EQ(failure_of([&] { (void)db_.query("delete from K"); }).sqlstate, "24000");
    EXPECT_EQ(failure_of([&] { db_.execute("select N from K"); }).sqlstate, "HY000");
    const auto any = db_.run_any("delete from K");
    EXPECT_EQ(std::get<execute_result>(any).rows, 1);
}

TEST_F(Query, GeneratedKey) {
    db_.execute("create table G (Id identity, S varchar(10))");
    db_.execute("insert into G (S) values (?)", "a");
    const auto first = db_.last_identity();
    db_.execute("insert into G (S) values (?)", "b");
    ASSERT_TRUE(first && db_.last_identity());
    EXPECT_EQ(*db_.last_identity(), *first + 1);
}

TEST_F(Query, LongText) {
    db_.execute("create table L (S varchar(1000000))");
    std::string text;
    for (int i = 0; i < 40'000; ++i) text += "ä-" + std::to_string(i % 10);
    db_.execute("insert into L values (?)", text);
    auto rows = db_.query("select S from L");
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.current().get<std::string>(0), text);
}

// However many rows: one block here, one on its way.
TEST_F(Query, AMillionRowsInBoundedMemory) {
    db_.execute("create table T (N integer)");
    std::vector<std::tuple<int>> sets;
    for (int i = 0; i < 1000; ++i) sets.emplace_back(i);
    db_.batch("insert into T values (?)", sets);
    const auto before = resident_bytes();
    std::size_t peak = before;
    std::int64_t count = 0;
    std::int64_t sum = 0;
    for (const auto& row : db_.query("select a.N, b.N, 'some text to carry' from T a, T b")) {
        sum += row.get<std::int64_t>(0) * 1000 + row.get<std::int64_t>(1);
        if (++count % 10'000 == 0) peak = std::max(peak, resident_bytes());
    }
    EXPECT_EQ(count, 1'000'000);
    EXPECT_EQ(sum, 499'999'500'000);
    EXPECT_LT(peak - before, memory_allowance);
}

TEST_F(Query, ManyResultsHalfRead) {
    db_.execute("create table T (N integer)");
    std::vector<std::tuple<int>> sets;
    for (int i = 0; i < 20'000; ++i) sets.emplace_back(i);
    db_.batch("insert into T values (?)", sets);
    for (int i = 0; i < 20; ++i) {
        auto rows = db_.query("select N from T where N >= ? order by N", i);
        ASSERT_TRUE(rows.next());
        EXPECT_EQ(rows.current().get<int>(0), i);
    }
    EXPECT_EQ(flat(db_.query("select count(*) from T")), "20000");
}

TEST_F(Query, ReconnectAfterTheServerWentAway) {
    server_.kill();
    const auto why = failure_of([&] { db_.ping(); });
    EXPECT_EQ(why.sqlstate, "08S01");
    EXPECT_TRUE(why.fatal);
    EXPECT_FALSE(db_.is_open());
    sandbox_runner other;
    db_.connect(connect_options(other.uri()));
    db_.ping();
    EXPECT_TRUE(db_.is_open());
}

TEST_F(Query, WrongPasswordSaysNoMoreThanItMust) {
    connect_options options(server_.uri());
    options.password("wrong, of course");
    const auto why = failure_of([&] { connection other(options); });
    EXPECT_EQ(why.sqlstate, "28000");
    EXPECT_EQ(why.step, step::login);
    EXPECT_EQ(why.message().find("of course"), std::string::npos);
}

TEST_F(Query, ConnectionsAreMovable) {
    connection moved(std::move(db_));
    moved.ping();
    EXPECT_FALSE(db_.is_open());
    EXPECT_EQ(failure_of([&] { db_.ping(); }).sqlstate, "08003");
    auto rows = moved.query("select 1");
    moved.close();
    EXPECT_TRUE(rows.next()); // all of it had arrived
    EXPECT_FALSE(rows.next());
}

// The trace shows what was said and not what is secret.
TEST_F(Query, TraceWithoutSecrets) {
    const auto file = std::filesystem::temp_directory_path() / ("irislink-trace-" + std::to_string(::getpid()) + ".jsonl");
    {
        connection traced(server_.uri("TraceFile=" + file.string()));
        traced.ping();
    }
    std::ifstream in(file);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    EXPECT_NE(text.find("5047"), std::string::npos);     // PG
    EXPECT_NE(text.find("withheld"), std::string::npos); // CN
    EXPECT_EQ(text.find("64656d6f"), std::string::npos); // demo, in clear
    EXPECT_EQ(text.find("434e0601"), std::string::npos); // CN with its first field
    std::filesystem::remove(file);
}

} // namespace
} // namespace irislink::test
