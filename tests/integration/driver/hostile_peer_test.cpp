// A peer that breaks the protocol: the client ends with an error that says so, in time, with the
// memory it had, and the connection is dead; never with a wrong or missing row.

#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/scripted_peer/scripted_peer.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/execute.hpp"
#include "wire/messages/fetch.hpp"
#include "wire/messages/hello.hpp"
#include "wire/messages/login.hpp"

namespace irislink::test {
namespace {

using namespace std::chrono_literals;

wire::byte_buffer bytes_of(const wire::frame_header& header, std::size_t payload = 0) {
    wire::byte_buffer out(wire::frame_header_size + payload);
    wire::encode_header(header, std::span<std::byte, wire::frame_header_size>(out.data(), wire::frame_header_size));
    return out;
}

diagnostic connect_to(const scripted_peer& peer) {
    return failure_of([&] { connection db(peer.uri("LoginTimeout=5")); });
}

// The query fails, the connection is dead afterwards, and says so.
diagnostic query_on(const scripted_peer& peer, std::size_t rows_before = 0) {
    connection db(peer.uri("QueryTimeout=5"));
    std::size_t seen = 0;
    const auto why = failure_of([&] {
        for (const auto& row : db.query("select N from T")) seen += row.get<std::int64_t>(0) == static_cast<std::int64_t>(seen) ? 1 : 100;
    });
    EXPECT_EQ(seen, rows_before);
    EXPECT_TRUE(why.fatal);
    EXPECT_FALSE(db.is_open());
    EXPECT_EQ(failure_of([&] { db.ping(); }).sqlstate, "08S01");
    return why;
}

TEST(HostilePeer, ClosesAtOnce) {
    scripted_peer peer([](peer_line& line) { line.close(); });
    const auto why = connect_to(peer);
    EXPECT_EQ(why.sqlstate, "08S01");
    EXPECT_EQ(why.step, step::hello);
    EXPECT_NE(why.text.find("closed"), std::string::npos) << why.text;
}

TEST(HostilePeer, ClosesInTheMiddleOfAHeader) {
    scripted_peer peer([](peer_line& line) {
        const auto hello = line.read();
        const auto reply = peer_line::reply_to(hello, wire::hello_reply{});
        line.send_raw(wire::bytes_view(reply).first(7));
    });
    EXPECT_EQ(connect_to(peer).code, errc::connection_lost);
}

TEST(HostilePeer, AnswersWithAnotherMessageId) {
    scripted_peer peer([](peer_line& line) {
        auto hello = line.read();
        hello.header.id += 2;
        line.answer(hello, wire::hello_reply{});
        line.drain();
    });
    const auto why = connect_to(peer);
    EXPECT_EQ(why.sqlstate, "08S01");
    EXPECT_EQ(why.native, 452);
}

TEST(HostilePeer, SpeaksHttp) {
    scripted_peer peer([](peer_line& line) {
        (void)line.read();
        line.send_raw(wire::as_bytes("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"));
        line.drain();
    });
    const auto why = connect_to(peer);
    EXPECT_EQ(why.sqlstate, "08S01");
    EXPECT_EQ(why.code, errc::protocol_error);
}

// A length of 2 GiB before the login is refused before memory is taken.
TEST(HostilePeer, AnnouncesAnOversizeMessage) {
    scripted_peer peer([](peer_line& line) {
        const auto hello = line.read();
        line.send_raw(bytes_of({0x7FFFFFFF, hello.header.id, 0, false, {}}, 100));
        line.drain();
    });
    const auto why = connect_to(peer);
    EXPECT_EQ(why.code, errc::protocol_error);
    EXPECT_EQ(why.sqlstate, "08S01");
}

TEST(HostilePeer, SendsContinuationFramesForEver) {
    scripted_peer peer([](peer_line& line) {
        const auto hello = line.read();
        while (true) line.send_raw(bytes_of({60'000, hello.header.id, 0, true, {}}, 60'000));
    });
    EXPECT_EQ(connect_to(peer).code, errc::protocol_error);
}

TEST(HostilePeer, SpeaksAnOldProtocol) {
    scripted_peer peer([](peer_line& line) {
        wire::hello_reply reply;
        reply.protocol = 56;
        line.answer(line.read(), reply);
        line.drain();
    });
    EXPECT_EQ(connect_to(peer).native, 413);
}

TEST(HostilePeer, SpeaksAProtocolThatIsNotKnownYet) {
    scripted_peer peer([](peer_line& line) {
        wire::hello_reply reply;
        reply.protocol = 70;
        line.answer(line.read(), reply);
        // Neither user nor password may follow.
        EXPECT_THROW((void)line.read(), line_closed);
    });
    const auto why = connect_to(peer);
    EXPECT_EQ(why.native, 413);
    EXPECT_NE(why.message().find("version 70"), std::string::npos) << why.message();
}

TEST(HostilePeer, GrantsFeaturesNobodyAskedFor) {
    scripted_peer peer([](peer_line& line) {
        line.answer(line.read(), wire::hello_reply{});
        wire::login_reply accepted;
        accepted.features = 1;
        line.answer(line.read(), accepted);
        line.drain();
    });
    EXPECT_EQ(connect_to(peer).code, errc::protocol_error);
}

TEST(HostilePeer, RefusesTheLoginWithText) {
    scripted_peer peer([](peer_line& line) {
        line.answer(line.read(), wire::hello_reply{});
        line.answer(line.read(), wire::refusal_reply{"Zugriff verweigert"}, 417);
        line.drain();
    });
    const auto why = connect_to(peer);
    EXPECT_EQ(why.sqlstate, "28000");
    EXPECT_EQ(why.native, 417);
    EXPECT_EQ(why.text, "Zugriff verweigert");
    EXPECT_EQ(why.step, step::login);
}

// The vendor's drivers crash here.
TEST(HostilePeer, RefusesTheLoginWithoutText) {
    scripted_peer peer([](peer_line& line) {
        line.answer(line.read(), wire::hello_reply{});
        line.answer_empty(line.read(), 402);
        line.drain();
    });
    const auto why = connect_to(peer);
    EXPECT_EQ(why.sqlstate, "28000");
    EXPECT_EQ(why.native, 402);
    EXPECT_FALSE(why.text.empty());
}

TEST(HostilePeer, RefusesTheHello) {
    scripted_peer peer([](peer_line& line) {
        line.answer(line.read(), wire::refusal_reply{"TLS is required"}, 417);
        line.drain();
    });
    const auto why = connect_to(peer);
    EXPECT_EQ(why.text, "TLS is required");
    EXPECT_EQ(why.step, step::hello);
}

TEST(HostilePeer, AnswersAStatementWithAnotherStatementId) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        auto query = line.read();
        query.header.statement += 1;
        line.send_raw(peer_line::columns(query));
        line.drain();
    });
    EXPECT_EQ(query_on(peer).native, 452);
}

TEST(HostilePeer, SendsAnUnaskedFrameBetweenStatements) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        const auto ping = line.read();
        line.answer_empty(ping);
        line.send_raw(bytes_of({0, 2, 0, false, {0x5159}})); // a gateway's call to the client
        line.answer_empty(line.read());
        line.drain();
    });
    connection db(peer.uri());
    db.ping();
    const auto why = failure_of([&] { db.ping(); });
    EXPECT_EQ(why.native, 452);
    EXPECT_FALSE(db.is_open());
}

TEST(HostilePeer, EndsInTheMiddleOfABlock) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        const auto query = line.read();
        line.send_raw(peer_line::columns(query));
        const auto rows = peer_line::rows(query, {0, 1, 2}, 100);
        line.send_raw(wire::bytes_view(rows).first(rows.size() - 2));
    });
    EXPECT_EQ(query_on(peer).sqlstate, "08S01");
}

// All three of the vendor's clients lose the row without a word.
TEST(HostilePeer, CutsTheLastRow) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        const auto query = line.read();
        wire::query_reply two;
        two.columns.resize(2);
        two.columns[0].type = two.columns[1].type = 4;
        line.answer(query, two);
        line.send_raw(peer_line::rows(query, {0, 10, 1, 11, 2}, 100));
        line.drain();
    });
    const auto why = query_on(peer, 2);
    EXPECT_EQ(why.code, errc::protocol_error);
    EXPECT_EQ(why.step, step::fetch);
}

TEST(HostilePeer, SendsAnItemLongerThanItsBlock) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        const auto query = line.read();
        line.send_raw(peer_line::columns(query));
        // 0, then a text of 254 bytes of which one is there.
        const wire::byte_buffer items{std::byte{2}, std::byte{4}, std::byte{0}, std::byte{0xFF}, std::byte{0}, std::byte{1}, std::byte{'x'}};
        line.answer(query, wire::rows_reply{items}, 100);
        line.drain();
    });
    EXPECT_EQ(query_on(peer, 1).code, errc::protocol_error);
}

TEST(HostilePeer, SendsAnItemOfNoKnownKind) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        const auto query = line.read();
        line.send_raw(peer_line::columns(query));
        const wire::byte_buffer items{std::byte{2}, std::byte{4}, std::byte{3}, std::byte{77}, std::byte{1}};
        line.answer(query, wire::rows_reply{items}, 100);
        line.drain();
    });
    EXPECT_EQ(query_on(peer, 1).code, errc::protocol_error);
}

TEST(HostilePeer, ClaimsABillionColumns) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        const auto query = line.read();
        wire::byte_buffer body;
        wire::writer out(body);
        out.integer(1'000'000'000);
        line.answer(query, wire::rows_reply{body});
        line.drain();
    });
    EXPECT_EQ(query_on(peer).code, errc::protocol_error);
}

// An error in a later block: the rows before it were delivered, the error is told, the line goes on.
TEST(HostilePeer, FailsOnTheSecondBlock) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        const auto query = line.read();
        line.send_raw(peer_line::columns(query));
        line.send_raw(peer_line::rows(query, {0, 1, 2}, 0));
        const auto fetch = line.read();
        line.answer_empty(fetch, 400);
        line.explain("[SQLCODE: <-400>:<Fatal error occurred>]");
        const auto ping = line.read();
        if (ping.code() == "PG") line.answer_empty(ping);
        line.drain();
    });
    connection db(peer.uri());
    std::int64_t seen = 0;
    const auto why = failure_of([&] {
        for (const auto& row : db.query("select N from T")) EXPECT_EQ(row.get<std::int64_t>(0), seen++);
    });
    EXPECT_EQ(seen, 3);
    EXPECT_EQ(why.native, -400);
    EXPECT_EQ(why.step, step::fetch);
    EXPECT_NE(why.text.find("-400"), std::string::npos);
    EXPECT_TRUE(db.is_open());
    db.ping();
}

TEST(HostilePeer, DiesBetweenTwoBlocks) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        const auto query = line.read();
        line.send_raw(peer_line::columns(query));
        line.send_raw(peer_line::rows(query, {0, 1, 2}, 0));
        (void)line.read();
        line.close();
    });
    EXPECT_EQ(query_on(peer, 3).code, errc::connection_lost);
}

// Single bytes are as good as whole frames, as long as they come in time.
TEST(HostilePeer, SendsEveryByteAlone) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        const auto query = line.read();
        line.send_slowly(peer_line::columns(query), 1, 0ms);
        line.send_slowly(peer_line::rows(query, {7, 8, 300}, 100), 1, 0ms);
        line.drain();
    });
    connection db(peer.uri());
    EXPECT_EQ(flat(db.query("select N from T")), "7;8;300");
}

// A row may begin in one block and end in the next.
TEST(HostilePeer, SplitsRowsOverBlocks) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        const auto query = line.read();
        wire::query_reply two;
        two.columns.resize(2);
        two.columns[0].type = two.columns[1].type = 4;
        line.answer(query, two);
        line.send_raw(peer_line::rows(query, {1, 10, 2}, 0));
        line.send_raw(peer_line::rows(line.read(), {20, 3}, 0));
        line.send_raw(peer_line::rows(line.read(), {30}, 100));
        line.drain();
    });
    connection db(peer.uri());
    EXPECT_EQ(flat(db.query("select A, B from T")), "1|10;2|20;3|30");
}

} // namespace
} // namespace irislink::test
