// What is said on the line for generated keys, and servers that answer it in their own ways
// (wire-sql 3.11).

#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/scripted_peer/scripted_peer.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/execute.hpp"

namespace irislink::test {
namespace {

using request = peer_line::request;

// A server whose GG is answered by `answer`; everything else as it should be. Records code, statement id
// and the key column asked for.
struct key_server {
    std::function<void(peer_line&, const request&)> answer = [](peer_line& line, const request& in) { send_key(line, in, std::int64_t{77}); };
    bool gone{false}; // the next PU is answered with 404

    std::mutex mutex;
    std::string said;

    template <class Key> static void send_key(peer_line& line, const request& in, const Key& key) {
        wire::generated_keys_reply out;
        wire::column id;
        id.name = id.label = "ID";
        id.type = std::is_same_v<Key, std::int64_t> ? 4 : 12;
        out.columns.push_back(id);
        wire::byte_buffer row;
        wire::writer items(row);
        if constexpr (std::is_same_v<Key, std::int64_t>) {
            items.integer(key);
        } else {
            items.text(key);
        }
        out.row_items = row;
        line.answer(in, out, wire::status::end_of_data);
    }

    void note(const request& in, const std::string& key) {
        const std::lock_guard lock(mutex);
        said += (said.empty() ? "" : " ") + in.code() + ":" + std::to_string(in.header.statement) + key;
    }

    [[nodiscard]] std::string all() {
        const std::lock_guard lock(mutex);
        return said;
    }

    void serve(peer_line& line) {
        line.log_in();
        while (true) {
            const auto in = line.read();
            const auto code = in.code();
            const auto key_of = [](const wire::key_request& key) { return key.column ? "(" + *key.column + ")" : std::string(); };
            if (code == "DU") {
                wire::direct_update_request asked;
                ASSERT_FALSE(wire::decode_body(in.body, wire::default_format, asked));
                note(in, key_of(asked.key));
                wire::direct_update_reply out;
                out.parameters.parameters.resize(asked.values.count);
                out.counts = {1};
                line.answer(in, out);
            } else if (code == "PU") {
                wire::prepared_update_request asked;
                ASSERT_FALSE(wire::decode_body(in.body, wire::default_format, asked));
                note(in, key_of(asked.key));
                if (std::exchange(gone, false)) {
                    line.answer_empty(in, wire::status::statement_gone);
                } else {
                    line.answer(in, wire::update_counts_reply{{1}});
                }
            } else if (code == "PP") {
                note(in, "");
                wire::prepare_update_reply out;
                out.parameters.parameters.resize(1);
                line.answer(in, out);
            } else if (code == "GG") {
                note(in, "");
                answer(line, in);
            } else if (code == "PG") {
                line.answer_empty(in);
            } else {
                return;
            }
        }
    }

    [[nodiscard]] std::unique_ptr<scripted_peer> peer() {
        return std::make_unique<scripted_peer>([this](peer_line& line) { serve(line); });
    }
};

TEST(GeneratedKeyPeer, NothingMoreIsSaidUnlessKeysAreAskedFor) {
    key_server server;
    const auto peer = server.peer();
    connection db(peer->uri());
    EXPECT_TRUE(db.execute("insert into T values (1)").generated_keys.empty());
    EXPECT_TRUE(db.execute("insert into T values (?)", 1).generated_keys.empty());
    EXPECT_TRUE(db.execute(with_generated_keys, "create table U (N integer)").generated_keys.empty());
    EXPECT_EQ(server.all(), "DU:1 PP:1 PU:1 DU:2");
}

TEST(GeneratedKeyPeer, AreAskedForUnderTheStatementsIdBeforeItIsUsedAgain) {
    key_server server;
    const auto peer = server.peer();
    connection db(peer->uri());
    EXPECT_EQ(db.execute(with_generated_keys, "insert into T values (1)").generated_key(), 77);
    db.execute("insert into T values (2)");
    EXPECT_EQ(db.execute(with_generated_keys, "insert into T values (?)", 3).generated_key(), 77);
    EXPECT_EQ(server.all(), "DU:1(-1) GG:1 DU:1 PP:1 PU:1(-1) GG:1");
}

TEST(GeneratedKeyPeer, SurviveAStatementThatTheServerDropped) {
    key_server server;
    server.gone = true;
    const auto peer = server.peer();
    connection db(peer->uri());
    EXPECT_EQ(db.execute(with_generated_keys, "insert into T values (?)", 3).generated_key(), 77);
    EXPECT_EQ(server.all(), "PP:1 PU:1(-1) DU:1(-1) GG:1");
}

TEST(GeneratedKeyPeer, AreTextForARowIdOfText) {
    key_server server;
    server.answer = [](peer_line& line, const request& in) { key_server::send_key(line, in, std::string("1||2")); };
    const auto peer = server.peer();
    connection db(peer->uri());
    const auto made = db.execute(with_generated_keys, "insert into T values (1)");
    EXPECT_EQ(made.generated_keys, std::vector<value>{std::string("1||2")});
    EXPECT_FALSE(made.generated_key());
    server.answer = [](peer_line& line, const request& in) { key_server::send_key(line, in, std::string("12")); };
    EXPECT_EQ(db.execute(with_generated_keys, "insert into T values (1)").generated_key(), 12);
}

TEST(GeneratedKeyPeer, AnEmptyAnswerIsNoKey) {
    key_server server;
    server.answer = [](peer_line& line, const request& in) { line.answer_empty(in, wire::status::end_of_data); };
    const auto peer = server.peer();
    connection db(peer->uri());
    const auto made = db.execute(with_generated_keys, "insert into T values (1)");
    EXPECT_EQ(made.rows, 1);
    EXPECT_TRUE(made.generated_keys.empty());
    db.ping();
}

// Status 0 is not success here, and a failure says that the row is in all the same.
TEST(GeneratedKeyPeer, OnlyStatus100IsSuccess) {
    key_server server;
    server.answer = [](peer_line& line, const request& in) {
        wire::generated_keys_reply out;
        line.answer(in, out, wire::status::ok);
    };
    const auto peer = server.peer();
    connection db(peer->uri());
    const auto zero = failure_of([&] { db.execute(with_generated_keys, "insert into T values (1)"); });
    EXPECT_EQ(zero.sqlstate, "HY000");
    EXPECT_NE(zero.hint.find("was executed"), std::string::npos) << zero.hint;
    EXPECT_FALSE(zero.fatal);
    server.answer = [](peer_line& line, const request& in) {
        line.answer_empty(in, 400);
        line.explain("no keys here");
    };
    for (const auto* const sql : {"insert into T values (1)", "insert into T values (?)"}) {
        const std::vector<value> values(std::string_view(sql).ends_with("(?)") ? 1 : 0, std::int64_t{1});
        const auto why = failure_of([&] { (void)db.execute_values(sql, values, true); });
        EXPECT_EQ(why.native, -400);
        EXPECT_EQ(why.text, "no keys here");
        EXPECT_NE(why.hint.find("was executed"), std::string::npos) << why.hint;
    }
    // In step, and the id is in use again.
    db.ping();
    db.execute("insert into T values (1)");
    EXPECT_TRUE(server.all().ends_with("GG:1 DU:2")) << server.all();
}

TEST(GeneratedKeyPeer, ARowThatEndsEarlyIsTheEndOfTheConnection) {
    key_server server;
    server.answer = [](peer_line& line, const request& in) {
        wire::generated_keys_reply out;
        out.columns.resize(2);
        wire::byte_buffer row;
        wire::writer(row).integer(1);
        out.row_items = row;
        line.answer(in, out, wire::status::end_of_data);
    };
    const auto peer = server.peer();
    connection db(peer->uri());
    const auto why = failure_of([&] { db.execute(with_generated_keys, "insert into T values (1)"); });
    EXPECT_EQ(why.sqlstate, "08S01");
    EXPECT_TRUE(why.fatal);
    EXPECT_FALSE(db.is_open());
}

} // namespace
} // namespace irislink::test
