// Results of the sandbox as Arrow batches and streams.

#include "bindings/columnar/batch_reader.hpp"

#include <cerrno>

#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/columnar/arrow_view.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"

namespace irislink::test {
namespace {

using columnar::batch_reader;
using columnar::options;
using columnar::owned_array;
using columnar::owned_schema;
using columnar::owned_stream;

class BatchReader : public ::testing::Test {
protected:
    // Every batch as rows, with "/" between batches.
    static std::string all(result rows, options how = {}) {
        batch_reader reader(std::move(rows), std::move(how));
        owned_schema schema;
        reader.schema(schema.out());
        std::string out;
        for (owned_array batch; reader.next(batch.out());) out += (out.empty() ? "" : "/") + arrow_rows(*schema, *batch);
        return out;
    }

    void make_numbers(int rows) {
        db_.execute("create table Numbers (Id integer, Name varchar(50))");
        std::vector<std::vector<value>> sets;
        for (int i = 0; i < rows; ++i) sets.push_back({std::int64_t{i}, "name " + std::to_string(i % 7)});
        EXPECT_EQ(db_.batch("insert into Numbers values (?, ?)", sets).total(), rows);
    }

    sandbox_runner server_;
    connection db_{server_.uri()};
};

TEST_F(BatchReader, EveryType) {
    db_.execute("create table Every (B bit, T tinyint, S smallint, I integer, G bigint, N numeric(18,4), D double, V varchar(100), X varbinary(100), "
                "Dt date, Tm time(6), Ts timestamp(6), L longvarchar, Lx longvarbinary)");
    db_.execute(
        "insert into Every values (?,?,?,?,?,?,?,?,?,?,?,?,?,?)", true, -128, 32767, -5, std::int64_t{1} << 62U, decimal{-1234567, -4}, 0.5, "Größe 🚀",
        bytes{std::byte{0}, std::byte{0xFF}}, date{1969, 12, 31}, time_of_day{0, 0, 1, 500'000'000}, timestamp{{1970, 1, 1}, {0, 0, 0, 1000}},
        std::string(100'000, 'x'), bytes(5, std::byte{0xAB})
    );
    db_.execute("insert into Every (B) values (?)", std::optional<bool>());
    auto rows = db_.query("select * from Every");
    batch_reader reader(rows, {});
    owned_schema schema;
    reader.schema(schema.out());
    std::string formats;
    for (std::int64_t i = 0; i < schema->n_children; ++i) formats += std::string(schema->children[i]->format) + " ";
    EXPECT_EQ(formats, "b c s i l d:18,4 g u z tdD ttu tsu: U Z ");
    owned_array batch;
    ASSERT_TRUE(reader.next(batch.out()));
    EXPECT_EQ(
        arrow_rows(*schema, *batch), "true|-128|32767|-5|4611686018427387904|-123.4567|0.500000|Größe 🚀|00ff|-1|1500000|1|" + std::string(100'000, 'x') +
                                         "|ababababab;NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL"
    );
    EXPECT_FALSE(reader.next(batch.out()));
    EXPECT_FALSE(reader.next(batch.out()));
}

TEST_F(BatchReader, AsManyRowsAsTheOrdinaryWay) {
    make_numbers(10'000);
    const auto wanted = flat(db_.query("select * from Numbers order by Id"));
    EXPECT_EQ(all(db_.query("select * from Numbers order by Id")), wanted);
    options how;
    how.batch_rows = 1;
    how.dictionary = true;
    auto apart = all(db_.query("select top 100 * from Numbers order by Id"), how);
    std::replace(apart.begin(), apart.end(), '/', ';');
    EXPECT_EQ(apart, flat(db_.query("select top 100 * from Numbers order by Id")));
}

TEST_F(BatchReader, BoundedBatches) {
    make_numbers(5'000);
    options how;
    how.batch_bytes = 1600; // of rows of 8 bytes and 6 of text
    auto rows = db_.query("select * from Numbers");
    batch_reader reader(rows, how);
    std::int64_t total = 0;
    for (owned_array batch; reader.next(batch.out());) {
        EXPECT_GE(batch->length, 1);
        EXPECT_LE(batch->length, 115);
        total += batch->length;
    }
    EXPECT_EQ(total, 5'000);
}

TEST_F(BatchReader, OtherStatementsBetweenBatches) {
    make_numbers(20'000);
    options how;
    how.batch_rows = 1'000;
    auto rows = db_.query("select Id from Numbers order by Id");
    batch_reader reader(rows, how);
    owned_schema schema;
    reader.schema(schema.out());
    std::int64_t next = 0;
    for (owned_array batch; reader.next(batch.out());) {
        EXPECT_EQ(arrow_cell(*schema->children[0], *batch->children[0], 0), std::to_string(next));
        next += batch->length;
        EXPECT_EQ(flat(db_.query("select 1")), "1");
    }
    EXPECT_EQ(next, 20'000);
}

// The rows that come after some were read one by one.
TEST_F(BatchReader, TheRestOfAResult) {
    make_numbers(5);
    auto rows = db_.query("select Id from Numbers order by Id");
    ASSERT_TRUE(rows.next());
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(all(std::move(rows)), "2;3;4");
}

TEST_F(BatchReader, AValueThatDoesNotFitNamesItsRowAndColumn) {
    db_.execute("create table Moments (Id integer, At timestamp)");
    db_.execute("insert into Moments values (1, '2024-02-29 12:00:00')");
    db_.execute("insert into Moments values (2, '9999-12-31 00:00:00')");
    auto rows = db_.query("select * from Moments order by Id");
    batch_reader reader(rows, {});
    owned_array batch;
    for (int i = 0; i < 2; ++i) {
        const auto why = failure_of([&] { (void)reader.next(batch.out()); });
        EXPECT_EQ(why.sqlstate, "22003");
        EXPECT_EQ(why.row, 2U);
        EXPECT_EQ(why.text, "Row 2, column 'At': the value is out of range");
        EXPECT_NE(why.hint.find("another unit"), std::string::npos);
    }
    options how;
    how.timestamps = columnar::time_unit::microsecond;
    EXPECT_EQ(all(db_.query("select * from Moments order by Id"), how), "1|1709208000000000;2|253402214400000000");
}

TEST_F(BatchReader, AStreamOwnsItsResult) {
    make_numbers(3);
    owned_stream stream;
    columnar::export_stream(std::make_unique<batch_reader>(db_.query("select * from Numbers order by Id"), options{}), stream.out());
    owned_schema schema;
    ASSERT_EQ(stream->get_schema(&*stream, schema.out()), 0);
    owned_array batch;
    ASSERT_EQ(stream->get_next(&*stream, batch.out()), 0);
    EXPECT_EQ(arrow_rows(*schema, *batch), "0|name 0;1|name 1;2|name 2");
    ASSERT_EQ(stream->get_next(&*stream, batch.out()), 0);
    EXPECT_TRUE(batch.empty()); // the end
    EXPECT_EQ(stream->get_last_error(&*stream), nullptr);
    stream.reset();
    EXPECT_EQ(flat(db_.query("select 1")), "1");
}

TEST_F(BatchReader, AStreamTellsItsErrors) {
    make_numbers(20'000);
    owned_stream stream;
    options how;
    how.batch_rows = 10;
    columnar::export_stream(std::make_unique<batch_reader>(db_.query("select * from Numbers"), how), stream.out());
    owned_array batch;
    ASSERT_EQ(stream->get_next(&*stream, batch.out()), 0);
    server_.kill();
    int failed = 0;
    for (int i = 0; failed == 0 && i < 2'000; ++i) failed = stream->get_next(&*stream, batch.out());
    EXPECT_EQ(failed, EIO);
    EXPECT_TRUE(batch.empty());
    ASSERT_NE(stream->get_last_error(&*stream), nullptr);
    EXPECT_NE(std::string(stream->get_last_error(&*stream)).find("08"), std::string::npos);
}

TEST_F(BatchReader, AClosedConnectionLeavesItHarmless) {
    make_numbers(20'000);
    options how;
    how.batch_rows = 10;
    auto rows = db_.query("select * from Numbers");
    batch_reader reader(rows, how);
    owned_array batch;
    ASSERT_TRUE(reader.next(batch.out()));
    db_.close();
    EXPECT_EQ(
        failure_of([&] {
            for (int i = 0; i < 2'000; ++i) (void)reader.next(batch.out());
        }).sqlstate.substr(0, 2),
        "08"
    );
}

} // namespace
} // namespace irislink::test
