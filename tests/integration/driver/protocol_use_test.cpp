// What the client says on the line, and when: ids, pipelining, the statement cache, closing.

#include <fstream>
#include <future>
#include <iomanip>
#include <map>
#include <mutex>
#include <set>
#include <sstream>
#include <thread>

#include "driver/session/session.hpp"
#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/scripted_peer/scripted_peer.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/execute.hpp"
#include "wire/messages/fetch.hpp"
#include "wire/messages/hello.hpp"
#include "wire/messages/login.hpp"

namespace irislink::test {
namespace {

// A server of one table with one INTEGER column: every query gives `blocks`, every update changes one
// row. Records what it was asked.
struct recorder {
    std::vector<std::vector<std::int64_t>> blocks{{1, 2, 3}};
    std::set<std::string> gone; // codes to be answered with 404 once

    std::mutex mutex;
    std::vector<std::string> said;

    void note(const peer_line::request& in) {
        const std::lock_guard lock(mutex);
        said.push_back(in.code() + ":" + std::to_string(in.header.statement));
        EXPECT_TRUE(in.header.id % 2 == 1 || in.code() == "DC") << in.header.id;
    }

    [[nodiscard]] std::string all() {
        const std::lock_guard lock(mutex);
        std::string out;
        for (const auto& each : said) out += (out.empty() ? "" : " ") + each;
        return out;
    }

    // After the client has said goodbye.
    [[nodiscard]] std::string whole() {
        const stopwatch time;
        while (!all().ends_with("DC:0") && time.elapsed() < std::chrono::seconds(5)) std::this_thread::yield();
        return all();
    }

    static std::size_t marks(const peer_line::request& in) {
        const auto text = wire::as_text(in.body);
        std::size_t count = 0;
        for (std::size_t at = 0; (at = text.find(":%qpar(", at)) != std::string_view::npos; ++at) ++count;
        return count;
    }

    // Every line has a thread of its own.
    bool take_gone(const std::string& code) {
        const std::lock_guard lock(mutex);
        return gone.erase(code) != 0;
    }

    void serve(peer_line& line) {
        line.log_in();
        std::map<std::uint32_t, std::size_t> cursors;
        while (true) {
            const auto in = line.read();
            note(in);
            const auto code = in.code();
            const auto id = in.header.statement;
            if (take_gone(code)) {
                line.answer_empty(in, 404);
                continue;
            }
            const auto block = [&] {
                const auto which = cursors[id]++;
                line.send_raw(peer_line::rows(in, blocks[which], which + 1 == blocks.size() ? 100 : 0));
            };
            if (code == "DQ" || code == "PQ") {
                cursors[id] = 0;
                if (code == "DQ") line.send_raw(peer_line::columns(in, marks(in)));
                block();
            } else if (code == "FD") {
                block();
            } else if (code == "PP") {
                if (wire::as_text(in.body).find("select") != std::string_view::npos) {
                    line.send_raw(peer_line::columns(in, marks(in)));
                } else {
                    wire::prepare_update_reply out;
                    out.parameters.parameters.resize(marks(in));
                    line.answer(in, out);
                }
            } else if (code == "DU") {
                wire::direct_update_reply out;
                out.parameters.parameters.resize(marks(in));
                out.counts = {1};
                line.answer(in, out);
            } else if (code == "PU") {
                line.answer(in, wire::update_counts_reply{{1}});
            } else if (code == "IL") {
                line.answer(in, wire::integer_reply{1});
            } else if (code == "PG" || code == "TC" || code == "TR") {
                line.answer_empty(in);
            } else if (code == "DC") {
                return;
            } else {
                ASSERT_TRUE(code == "CC" || code == "CU" || code == "UC" || code == "AN" || code == "AF" || code == "RN") << code;
            }
        }
    }

    [[nodiscard]] std::unique_ptr<scripted_peer> peer() {
        return std::make_unique<scripted_peer>([this](peer_line& line) { serve(line); });
    }
};

TEST(ProtocolUse, DirectQueryFetchesAheadAndReusesItsStatementId) {
    recorder server;
    server.blocks = {{1, 2}, {3}, {4}};
    const auto peer = server.peer();
    connection db(peer->uri());
    EXPECT_EQ(flat(db.query("select N from T")), "1;2;3;4");
    EXPECT_EQ(flat(db.query("select N from T")), "1;2;3;4");
    db.execute("update T set N = 1");
    db.close();
    EXPECT_EQ(server.whole(), "DQ:1 FD:1 FD:1 DQ:1 FD:1 FD:1 DU:1 DC:0");
}

// The version in force is what the server says; the newest one is offered (wire-session 4.2).
TEST(ProtocolUse, EveryVersionFrom57To69LogsInAndReads) {
    for (const std::uint16_t version : {57, 61, 64, 65, 68, 69}) {
        scripted_peer peer([version](peer_line& line) {
            const auto hello = line.read();
            wire::hello_request offered;
            wire::reader body(hello.body, wire::default_format);
            EXPECT_FALSE(wire::decode(body, offered));
            EXPECT_EQ(offered.protocol, 69);
            wire::hello_reply reply;
            reply.protocol = version;
            reply.flags = version < 65 ? wire::hello_reply::unicode_flag : reply.flags;
            line.answer(hello, reply);
            const auto login = line.read();
            wire::login_reply accepted;
            accepted.server_version = "Scripted IRIS Version 2024.1.0.1 xDBC Protocol Version " + std::to_string(version);
            line.answer(login, accepted);
            const auto query = line.read();
            line.send_raw(peer_line::columns(query));
            line.send_raw(peer_line::rows(query, {version}, 100));
            line.drain();
        });
        connection db(peer.uri());
        EXPECT_EQ(db.server().protocol, version);
        EXPECT_EQ(flat(db.query("select N from T")), std::to_string(version));
    }
}

// The timer that the kernel shows for the client's end of the line: 2 is keepalive.
TEST(ProtocolUse, KeepAliveIsSetOnTheSocketUnlessItIsSwitchedOff) {
    const auto timer_towards = [](std::uint16_t port) {
        std::ifstream table("/proc/net/tcp");
        std::string line;
        std::ostringstream remote;
        remote << "0100007F:" << std::hex << std::uppercase << std::setw(4) << std::setfill('0') << port;
        while (std::getline(table, line)) {
            std::istringstream fields(line);
            std::string number;
            std::string local;
            std::string peer;
            std::string state;
            std::string queues;
            std::string timer;
            fields >> number >> local >> peer >> state >> queues >> timer;
            if (peer == remote.str() && state == "01") return timer.substr(0, 2);
        }
        return std::string("no such line");
    };
    recorder server;
    const auto peer = server.peer();
    for (const auto& [query, expected] : {std::pair{"", "02"}, {"KeepAlive=1", "02"}, {"KeepAlive=0", "00"}}) {
        connection db(peer->uri(query));
        EXPECT_EQ(flat(db.query("select N from T")), "1;2;3");
        // Until the peer has acknowledged what it got, another timer runs.
        const stopwatch time;
        std::string seen;
        while ((seen = timer_towards(peer->port())) != expected && time.elapsed() < std::chrono::seconds(5))
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        EXPECT_EQ(seen, expected) << query;
        db.close();
        while (timer_towards(peer->port()) != "no such line" && time.elapsed() < std::chrono::seconds(5)) std::this_thread::yield();
    }
}

// The next block is asked for before the first row of this one is looked at.
TEST(ProtocolUse, NextBlockIsUnderWayWhileThisOneIsRead) {
    recorder server;
    server.blocks = {{1, 2}, {3}};
    const auto peer = server.peer();
    connection db(peer->uri());
    auto rows = db.query("select N from T");
    const stopwatch time;
    while (server.all() != "DQ:1 FD:1" && time.elapsed() < std::chrono::seconds(5)) std::this_thread::yield();
    EXPECT_EQ(server.all(), "DQ:1 FD:1");
    EXPECT_EQ(flat(rows), "1;2;3");
}

// ... and before its body is here: the server holds the rest back until it is asked.
TEST(ProtocolUse, NextBlockIsAskedForOnTheHeaderAlone) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        const auto query = line.read();
        line.send_raw(peer_line::columns(query));
        auto block = peer_line::rows(query, {1, 2, 3}, 0);
        for (int i = 0; i < 3; ++i) {
            line.send_raw(wire::bytes_view(block).first(wire::frame_header_size + 2));
            const auto fetch = line.read();
            EXPECT_EQ(fetch.code(), "FD");
            line.send_raw(wire::bytes_view(block).subspan(wire::frame_header_size + 2));
            block = peer_line::rows(fetch, {4, 5}, i == 2 ? 100 : 0);
        }
        line.send_raw(block);
        line.drain();
    });
    connection db(peer.uri("QueryTimeout=5"));
    EXPECT_EQ(flat(db.query("select N from T")), "1;2;3;4;5;4;5;4;5");
}

TEST(ProtocolUse, EarlyCloseDrainsAndClosesTheCursor) {
    recorder server;
    server.blocks = {{1, 2}, {3}, {4}};
    const auto peer = server.peer();
    connection db(peer->uri());
    {
        auto rows = db.query("select N from T");
        EXPECT_TRUE(rows.next());
    }
    db.ping();
    db.close();
    EXPECT_EQ(server.whole(), "DQ:1 FD:1 CC:1 PG:0 DC:0");
}

TEST(ProtocolUse, ParametersGoThroughTheStatementCache) {
    recorder server;
    const auto peer = server.peer();
    connection db(peer->uri());
    for (int i = 0; i < 3; ++i) EXPECT_EQ(flat(db.query("select N from T where N > ?", i)), "1;2;3");
    for (int i = 0; i < 2; ++i) db.execute("update T set N = ?", i);
    db.close();
    EXPECT_EQ(server.whole(), "PP:1 PQ:1 PQ:1 PQ:1 PP:2 PU:2 PU:2 DC:0");
}

TEST(ProtocolUse, LeastRecentlyUsedStatementLeavesTheCache) {
    recorder server;
    const auto peer = server.peer();
    connection db(peer->uri("StatementCache=2"));
    db.execute("update A set N = ?", 1);
    db.execute("update B set N = ?", 1);
    db.execute("update A set N = ?", 1);
    db.execute("update C set N = ?", 1); // B goes
    db.execute("update A set N = ?", 1);
    db.execute("update B set N = ?", 1); // C goes
    db.close();
    EXPECT_EQ(server.whole(), "PP:1 PU:1 PP:2 PU:2 PU:1 PP:3 CU:2 PU:3 PU:1 PP:2 CU:3 PU:2 DC:0");
}

TEST(ProtocolUse, DefinitionsDropTheCacheHereAndThere) {
    recorder server;
    const auto peer = server.peer();
    connection db(peer->uri());
    db.execute("update T set N = ?", 1);
    db.execute("alter table T add column M integer");
    db.execute("update T set N = ?", 1);
    db.close();
    EXPECT_EQ(server.whole(), "PP:1 PU:1 DU:2 UC:0 PP:1 PU:1 DC:0");
}

// 404: the statement is repeated directly under the same id, and the caller does not notice.
TEST(ProtocolUse, StatementTheServerDroppedIsRepeated) {
    recorder server;
    const auto peer = server.peer();
    connection db(peer->uri());
    server.gone = {"PU", "PQ"};
    EXPECT_EQ(db.execute("update T set N = ?", 1).rows, 1);
    EXPECT_EQ(flat(db.query("select N from T where N > ?", 0)), "1;2;3");
    db.close();
    EXPECT_EQ(server.whole(), "PP:1 PU:1 DU:1 PP:1 PQ:1 DQ:1 DC:0");
}

// The same prepared text in a nested loop: two cursors, not one stolen from the other.
TEST(ProtocolUse, SamePreparedQueryTwiceAtATime) {
    recorder server;
    server.blocks = {{1, 2}, {3}, {4}};
    const auto peer = server.peer();
    connection db(peer->uri());
    auto outer = db.query("select N from T where N > ?", 0);
    ASSERT_TRUE(outer.next());
    EXPECT_EQ(flat(db.query("select N from T where N > ?", 0)), "1;2;3;4");
    EXPECT_EQ(flat(outer), "2;3;4");
}

// Rows already handed out stay what they are while other statements use the line.
TEST(ProtocolUse, RowOutlivesAnotherStatement) {
    recorder server;
    server.blocks = {{1000001, 2}, {3}};
    const auto peer = server.peer();
    connection db(peer->uri());
    auto rows = db.query("select N from T");
    ASSERT_TRUE(rows.next());
    const auto& row = rows.current();
    for (int i = 0; i < 50; ++i) {
        db.execute("update T set N = 1");
        db.ping();
    }
    EXPECT_EQ(row.get<std::int64_t>(0), 1000001);
    EXPECT_EQ(flat(rows), "2;3");
}

TEST(ProtocolUse, TwoResultsReadInTurns) {
    recorder server;
    server.blocks = {{1}, {2}, {3}, {4}};
    const auto peer = server.peer();
    connection db(peer->uri());
    auto left = db.query("select N from A");
    auto right = db.query("select N from B");
    for (std::int64_t i = 1; i <= 4; ++i) {
        ASSERT_TRUE(left.next());
        EXPECT_EQ(left.current().get<std::int64_t>(0), i);
        ASSERT_TRUE(right.next());
        EXPECT_EQ(right.current().get<std::int64_t>(0), i);
        EXPECT_EQ(left.current().get<std::int64_t>(0), i);
    }
    EXPECT_FALSE(left.next());
    EXPECT_FALSE(right.next());
}

TEST(ProtocolUse, ResultOfBeforeAResetIsGone) {
    recorder server;
    server.blocks = {{1}, {2}, {3}};
    const auto peer = server.peer();
    connection db(peer->uri());
    auto rows = db.query("select N from A");
    db.reset();
    EXPECT_TRUE(rows.next()); // these two blocks had arrived
    EXPECT_TRUE(rows.next());
    EXPECT_EQ(failure_of([&] { (void)rows.next(); }).sqlstate, "24000");
    EXPECT_EQ(flat(db.query("select N from A")), "1;2;3");
}

TEST(ProtocolUse, WrongNumberOfValuesIsRefusedBeforeAnythingIsSent) {
    recorder server;
    const auto peer = server.peer();
    connection db(peer->uri());
    EXPECT_EQ(failure_of([&] { db.execute("update T set N = ? where N = ?", 1); }).sqlstate, "07002");
    EXPECT_EQ(failure_of([&] { db.execute("update T set N = 1", 1); }).sqlstate, "07002");
    db.close();
    EXPECT_EQ(server.whole(), "DC:0");
}

TEST(ProtocolUse, IsolationThatTheServerDoesNotTakeIsAnError) {
    recorder server;
    const auto peer = server.peer();
    connection db(peer->uri());
    db.set_isolation(isolation::read_uncommitted);
    const auto why = failure_of([&] { db.set_isolation(isolation::read_committed); });
    EXPECT_EQ(why.native, 460);
    EXPECT_FALSE(why.fatal);
}

// One request, one write: nothing of the login is sent before HS was answered, and the password is
// not found in clear anywhere.
TEST(ProtocolUse, LoginCarriesWhatWasConfigured) {
    std::promise<wire::byte_buffer> arrived;
    scripted_peer peer([&](peer_line& line) {
        arrived.set_value(line.log_in().body);
        line.drain();
    });
    connect_options options(peer.uri("ApplicationName=tests&AutoCommit=0"));
    options.password("gehéim 1");
    { connection db(options); }
    const auto raw = arrived.get_future().get();
    wire::login_request seen;
    EXPECT_FALSE(wire::decode_body(raw, wire::default_format, seen));
    EXPECT_EQ(seen.name_space, "USER");
    EXPECT_EQ(seen.user.reveal(), "demo");
    EXPECT_EQ(seen.password.reveal(), "gehéim 1");
    EXPECT_EQ(seen.application, "tests");
    EXPECT_FALSE(seen.autocommit);
    EXPECT_EQ(seen.isolation, 0);
    EXPECT_EQ(seen.features, 0U);
    EXPECT_EQ(wire::as_text(raw).find("geh"), std::string_view::npos);
    EXPECT_EQ(wire::as_text(raw).find("demo"), std::string_view::npos);
}

// Row after row in one list each, columns at their slots, dates as numbers.
TEST(ProtocolUse, FastSelectRows) {
    scripted_peer peer([](peer_line& line) {
        line.answer(line.read(), wire::hello_reply{});
        const auto login = line.read();
        wire::login_request asked;
        EXPECT_FALSE(wire::decode_body(login.body, wire::default_format, asked));
        EXPECT_EQ(asked.features, 1U);
        wire::login_reply accepted;
        accepted.features = 1;
        line.answer(login, accepted);
        const auto query = line.read();
        wire::session_format fast;
        fast.features = 1;
        wire::query_reply described;
        described.features = {1, 0, 3};
        described.columns.resize(2);
        described.columns[0].name = "Name";
        described.columns[0].slot = 3;
        described.columns[1].name = "Born";
        described.columns[1].type = 1091;
        described.columns[1].slot = 2;
        wire::byte_buffer out;
        EXPECT_FALSE(wire::append_reply(out, described, query.header.id, query.header.statement, 0, fast));
        line.send_raw(out);
        wire::byte_buffer rows;
        wire::writer items(rows);
        for (const auto* const name : {"Bob", ""}) {
            wire::byte_buffer list;
            wire::writer inner(list);
            inner.integer(99);
            inner.integer(47117);
            if (*name != 0) inner.text(name);
            items.list(list);
        }
        line.answer(query, wire::rows_reply{rows}, 100);
        line.drain();
    });
    connection db(peer.uri("FeatureOption=1"));
    auto rows = db.query("select Name, Born from T");
    EXPECT_EQ(rows.columns()[1].type, sql_type::date);
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.current().get<std::string>("name"), "Bob");
    EXPECT_EQ(rows.current().get<date>("BORN"), (date{1970, 1, 1}));
    ASSERT_TRUE(rows.next());
    EXPECT_TRUE(rows.current().is_null(0));
    EXPECT_FALSE(rows.next());
}

} // namespace
} // namespace irislink::test
