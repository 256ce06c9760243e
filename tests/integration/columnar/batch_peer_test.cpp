// Rows as a peer cuts and shapes them: blocks that end inside a row, items that are no rows.

#include <limits>

#include "bindings/columnar/batch_reader.hpp"
#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/columnar/arrow_view.hpp"
#include "tests/support/scripted_peer/scripted_peer.hpp"
#include "wire/messages/execute.hpp"
#include "wire/messages/fetch.hpp"

namespace irislink::test {
namespace {

using columnar::batch_reader;
using columnar::owned_array;
using columnar::owned_schema;

wire::column column_of(std::string name, std::int32_t type, std::int64_t precision, std::int32_t scale) {
    wire::column out;
    out.name = out.label = std::move(name);
    out.type = type;
    out.precision = precision;
    out.scale = scale;
    return out;
}

// Answers one query with `blocks`, of which the last ends the rows, and then whatever comes with nothing.
void serve(peer_line& line, const std::vector<wire::byte_buffer>& blocks) {
    line.log_in();
    std::size_t next = 0;
    while (true) {
        const auto in = line.read();
        if (in.code() == "DQ")
            line.answer(in, wire::query_reply{{}, {column_of("id", 4, 10, 0), column_of("name", 12, 50, 0), column_of("amount", 2, 15, 2)}, {{}, 1}});
        if (in.code() != "DQ" && in.code() != "FD") continue;
        const auto& block = blocks[next++];
        line.answer(in, wire::rows_reply{block}, next == blocks.size() ? 100 : 0);
    }
}

wire::byte_buffer rows_of(int from, int to) {
    wire::byte_buffer out;
    wire::writer items(out);
    for (int i = from; i < to; ++i) {
        items.integer(i);
        i % 3 == 0 ? items.null() : items.text("name " + std::to_string(i));
        items.number({i, -1});
    }
    return out;
}

std::string expected_rows(int from, int to) {
    std::string out;
    for (int i = from; i < to; ++i) {
        const auto number = std::to_string(i);
        out += (i == from ? "" : ";") + number + "|" + (i % 3 == 0 ? "NULL" : "name " + number) + "|" + std::to_string(i / 10) + "." + std::to_string(i % 10) +
               "0";
    }
    return out;
}

TEST(BatchPeer, RowsCutAnywhereAreTheSameRows) {
    const auto whole = rows_of(0, 30);
    for (const std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{64}, whole.size()}) {
        std::vector<wire::byte_buffer> blocks;
        for (std::size_t at = 0; at < whole.size(); at += size)
            blocks.emplace_back(
                whole.begin() + static_cast<std::ptrdiff_t>(at), whole.begin() + static_cast<std::ptrdiff_t>(std::min(whole.size(), at + size))
            );
        scripted_peer peer([&](peer_line& line) { serve(line, blocks); });
        connection db(peer.uri());
        auto rows = db.query("select rows");
        columnar::options how;
        how.dictionary_columns = {false, size == 7, false};
        batch_reader reader(rows, how);
        owned_schema schema;
        owned_array batch;
        reader.schema(schema.out());
        ASSERT_TRUE(reader.next(batch.out()));
        EXPECT_EQ(arrow_rows(*schema, *batch), expected_rows(0, 30)) << size;
        EXPECT_EQ(batch->children[1]->null_count, 10) << size;
        EXPECT_FALSE(reader.next(batch.out()));
    }
}

TEST(BatchPeer, AWrongValueInALaterBlockIsAnErrorOfItsRow) {
    auto second = rows_of(10, 20);
    wire::writer items(second);
    items.integer(20);
    items.text("name");
    items.number({std::numeric_limits<std::int64_t>::max(), -1});
    scripted_peer peer([&](peer_line& line) { serve(line, {rows_of(0, 10), second, rows_of(21, 22)}); });
    connection db(peer.uri());
    auto rows = db.query("select rows");
    batch_reader reader(rows, {});
    owned_array batch;
    const auto why = failure_of([&] { (void)reader.next(batch.out()); });
    EXPECT_EQ(why.row, 21U);
    EXPECT_EQ(why.text, "Row 21, column 'amount': the value is out of range");
    EXPECT_FALSE(why.fatal);
    // The result itself goes on behind that row.
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.current().get<int>(0), 21);
}

TEST(BatchPeer, BytesThatAreNoRowsEndTheConnection) {
    auto block = rows_of(0, 2);
    block.insert(block.end(), {std::byte{3}, std::byte{0x77}, std::byte{0}});
    scripted_peer peer([&](peer_line& line) { serve(line, {block}); });
    connection db(peer.uri());
    auto rows = db.query("select rows");
    batch_reader reader(rows, {});
    owned_array batch;
    const auto why = failure_of([&] { (void)reader.next(batch.out()); });
    EXPECT_EQ(why.sqlstate, "08S01");
    EXPECT_TRUE(why.fatal);
    EXPECT_TRUE(batch.empty());
}

TEST(BatchPeer, ARowThatNeverEndsIsAnError) {
    auto block = rows_of(0, 2);
    block.pop_back();
    scripted_peer peer([&](peer_line& line) { serve(line, {block}); });
    connection db(peer.uri());
    auto rows = db.query("select rows");
    batch_reader reader(rows, {});
    owned_array batch;
    EXPECT_EQ(failure_of([&] { (void)reader.next(batch.out()); }).sqlstate, "08S01");
}

} // namespace
} // namespace irislink::test
