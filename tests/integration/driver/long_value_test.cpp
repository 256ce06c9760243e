// LONGVARCHAR and LONGVARBINARY columns: the content, not the handle that travels in the row.

#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"
#include "tests/support/scripted_peer/scripted_peer.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/execute.hpp"
#include "wire/messages/fetch.hpp"
#include "wire/messages/stream.hpp"

namespace irislink::test {
namespace {

bytes bytes_of_text(std::string_view text) {
    const auto view = wire::as_bytes(text);
    return {view.begin(), view.end()};
}

// Emoji at every second unit, so that any boundary of pieces hits one; 70 001 code units.
std::string emoji_text() {
    std::string out = "x";
    for (int i = 0; i < 35'000; ++i) out += "😀";
    return out;
}

class LongValue : public ::testing::Test {
protected:
    LongValue() { db_.execute("create table L (N integer, T longvarchar, B longvarbinary)"); }

    void add(int n, const value& text, const value& data) { db_.execute("insert into L values (?, ?, ?)", n, text, data); }

    result all() { return db_.query("select N, T, B from L order by N"); }

    sandbox_runner server_;
    connection db_{server_.uri()};
};

TEST_F(LongValue, ContentOfEveryKind) {
    const auto emoji = emoji_text();
    bytes data(70'000);
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::byte>(i * 7);
    add(1, emoji, data);
    add(2, std::string(), bytes());
    add(3, null, null);
    add(4, std::string(70'000, 'a'), bytes(1));
    add(5, std::string("42"), bytes_of_text("\x80\xFF"));
    auto rows = all();
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.current().get<std::string>(1), emoji);
    EXPECT_EQ(rows.current().get<std::string>(1), emoji); // once more
    EXPECT_EQ(rows.current().get<bytes>(2), data);
    EXPECT_EQ(std::get<std::string>(rows.current().get<value>(1)), emoji);
    EXPECT_EQ(std::get<bytes>(rows.current().get<value>(2)), data);
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.current().get<std::string>(1), "");
    EXPECT_EQ(rows.current().get<std::optional<bytes>>(2), bytes());
    ASSERT_TRUE(rows.next());
    EXPECT_TRUE(rows.current().is_null(1));
    EXPECT_EQ(rows.current().get<std::optional<std::string>>(1), std::nullopt);
    EXPECT_EQ(rows.current().get<std::optional<bytes>>(2), std::nullopt);
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.current().get<std::string>(1), std::string(70'000, 'a'));
    EXPECT_EQ(rows.current().get<bytes>(2), bytes(1)) << "one zero byte is not the empty value";
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.current().get<int>(1), 42);
    EXPECT_EQ(rows.current().text(2), "80FF");
    EXPECT_EQ(rows.current().text(1), "42");
    EXPECT_FALSE(rows.next());
}

// Requests for long values between the pipelined blocks of rows: every row is there, once, in order.
TEST_F(LongValue, ManyRowsStayInStep) {
    std::vector<std::tuple<int, std::string, bytes>> sets;
    for (int i = 0; i < 5000; ++i) sets.emplace_back(i, "text of row " + std::to_string(i), bytes_of_text(std::to_string(i)));
    ASSERT_FALSE(db_.batch("insert into L values (?, ?, ?)", sets).failure);
    int next = 0;
    for (const auto& row : all()) {
        ASSERT_EQ(row.get<int>(0), next);
        if (next % 3 != 1) {
            EXPECT_EQ(row.get<std::string>(1), "text of row " + std::to_string(next));
        }
        if (next % 3 != 2) {
            EXPECT_EQ(row.get<bytes>(2), bytes_of_text(std::to_string(next)));
        }
        ++next;
    }
    EXPECT_EQ(next, 5000);
    EXPECT_EQ(flat(db_.query("select count(*) from L")), "5000");
}

TEST_F(LongValue, InPiecesOfAnySize) {
    const auto emoji = emoji_text();
    add(1, emoji, bytes_of_text(emoji));
    for (const std::size_t size : {std::size_t{5}, std::size_t{1000}, std::size_t{1} << 20U}) {
        auto rows = all();
        ASSERT_TRUE(rows.next());
        for (const std::size_t column : {1U, 2U}) {
            auto stream = rows.open_stream(column);
            EXPECT_EQ(stream.is_binary(), column == 2);
            std::string whole;
            std::vector<char> buffer(size);
            while (const auto got = stream.read(std::span<char>(buffer))) {
                const std::string_view piece(buffer.data(), got);
                if (column == 1) {
                    ASSERT_NE(static_cast<unsigned char>(piece.front()) & 0xC0U, 0x80U) << "a piece begins inside a character";
                }
                whole += piece;
            }
            EXPECT_TRUE(whole == emoji);
            EXPECT_FALSE(stream.is_null());
        }
        EXPECT_EQ(rows.current().get<std::string>(1), emoji) << "from the start again";
    }
}

TEST_F(LongValue, LimitOfWholeValues) {
    add(1, std::string(100'000, 'a'), null);
    connection small(server_.uri("LongValueLimit=99999"));
    auto rows = small.query("select T from L");
    ASSERT_TRUE(rows.next());
    const auto why = failure_of([&] { (void)rows.current().get<std::string>(0); });
    EXPECT_EQ(why.sqlstate, "22001");
    EXPECT_FALSE(why.fatal);
    auto stream = rows.open_stream(0);
    std::vector<char> buffer(1 << 20U);
    std::size_t size = 0;
    while (const auto got = stream.read(std::span<char>(buffer))) size += got;
    EXPECT_EQ(size, 100'000U);
    small.ping();
}

TEST_F(LongValue, StreamEndsWithItsRow) {
    add(1, std::string("a"), null);
    add(2, std::string("b"), null);
    auto rows = all();
    ASSERT_TRUE(rows.next());
    auto stream = rows.open_stream(1);
    ASSERT_TRUE(rows.next());
    std::vector<char> buffer(16);
    EXPECT_EQ(failure_of([&] { (void)stream.read(std::span<char>(buffer)); }).sqlstate, "24000");
    EXPECT_EQ(rows.current().get<std::string>(1), "b");
}

// A server whose long value is wrong. The answers to AS are given by `piece`.
diagnostic hostile(const std::function<void(peer_line&, const peer_line::request&, int)>& piece) {
    scripted_peer peer([&](peer_line& line) {
        line.log_in();
        const auto query = line.read();
        wire::query_reply described;
        wire::column t;
        t.name = t.label = "T";
        t.type = -1;
        described.columns.push_back(t);
        line.answer(query, described);
        wire::byte_buffer items;
        wire::writer(items).text("handle");
        line.answer(query, wire::rows_reply{items}, 100);
        for (int i = 0;; ++i) {
            const auto asked = line.read();
            if (asked.code() == "DC") return;
            if (asked.code() == "OE") {
                line.answer(asked, wire::text_reply{"no such stream"});
            } else {
                EXPECT_EQ(asked.code(), "AS");
                piece(line, asked, i);
            }
        }
    });
    connection db(peer.uri("QueryTimeout=5&LongValueLimit=1000000"));
    auto rows = db.query("select T from L");
    EXPECT_TRUE(rows.next());
    return failure_of([&] { (void)rows.current().get<std::string>(0); });
}

TEST(HostileLongValue, IsAnError) {
    const std::string large(65'536, 'a');
    EXPECT_EQ(
        hostile([&](auto& line, auto& asked, int) {
            line.answer(asked, wire::stream_piece_reply{65'536, wire::as_bytes(large)});
        }).sqlstate,
        "22001"
    ) << "endless";
    EXPECT_EQ(
        hostile([](auto& line, auto& asked, int) {
            line.answer(asked, wire::stream_piece_reply{0, {}});
        }).code,
        errc::protocol_error
    ) << "empty, and more to come";
    EXPECT_EQ(
        hostile([](auto& line, auto& asked, int) {
            line.answer(asked, wire::stream_piece_reply{-1, wire::as_bytes("a")}, 418);
        }).code,
        errc::protocol_error
    );
    EXPECT_EQ(
        hostile([](auto& line, auto& asked, int) {
            line.answer(asked, wire::stream_piece_reply{70'000, wire::as_bytes("a")}, 418);
        }).code,
        errc::protocol_error
    );
    EXPECT_EQ(
        hostile([](auto& line, auto& asked, int) {
            line.answer(asked, wire::stream_piece_reply{1, wire::as_bytes("too long")}, 418);
        }).code,
        errc::protocol_error
    );
    EXPECT_EQ(hostile([](auto& line, auto& asked, int) { line.answer(asked, wire::stream_piece_reply{2, wire::as_bytes("a\xFF")}, 418); }).sqlstate, "22018");
    EXPECT_EQ(hostile([](auto& line, auto& asked, int) { line.answer_empty(asked, 412); }).native, -412);
    EXPECT_EQ(hostile([](auto& line, auto& asked, int i) { line.answer_empty(asked, i == 0 ? 403 : 0); }).sqlstate, "22002") << "NULL behind a handle";
}

} // namespace
} // namespace irislink::test
