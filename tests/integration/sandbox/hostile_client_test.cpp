#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "irislink/irislink.hpp"
#include "tests/integration/sandbox/raw_client.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/execute.hpp"
#include "wire/messages/fetch.hpp"
#include "wire/messages/procedure.hpp"
#include "wire/messages/stream.hpp"

namespace irislink::test {
namespace {

class HostileClient : public ::testing::Test {
protected:
    // Whatever a client does, the others are served.
    void TearDown() override {
        connection db(runner.uri());
        auto rows = db.query("SELECT 1");
        ASSERT_TRUE(rows.next());
    }

    sandbox_runner runner{{"login_timeout = 2", "message_limit = 1000000"}};
};

TEST_F(HostileClient, GarbageIsDropped) {
    for (const auto* const text : {"GET / HTTP/1.0\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 and more", "SSH-2.0-OpenSSH_9\r\n"}) {
        raw_client client(runner.port());
        client.send(wire::as_bytes(text));
        EXPECT_TRUE(client.closed()) << text;
    }
}

TEST_F(HostileClient, SilenceBeforeTheLoginEndsInTime) {
    raw_client client(runner.port());
    const auto start = std::chrono::steady_clock::now();
    EXPECT_TRUE(client.closed());
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4));
}

TEST_F(HostileClient, OneByteAtATimeEndsInTimeToo) {
    raw_client client(runner.port());
    const auto start = std::chrono::steady_clock::now();
    wire::byte_buffer hello;
    ASSERT_FALSE(wire::append_request(hello, wire::hello_request{}, 1, 0, wire::default_format));
    bool closed = false;
    for (int i = 0; i < 40 && !closed; ++i) {
        client.send(wire::bytes_view(hello).subspan(static_cast<std::size_t>(i % 12), 1));
        closed = !client.receive(200) && std::chrono::steady_clock::now() - start > std::chrono::seconds(2) && client.closed();
    }
    EXPECT_TRUE(closed);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(9));
}

TEST_F(HostileClient, AnAnnouncedGiantIsRefusedBeforeItIsRead) {
    raw_client client(runner.port());
    std::array<std::byte, wire::frame_header_size> header{};
    wire::encode_header({0x7FFFFFFFU, 1, 0, false, wire::hello_request::code}, header);
    client.send(header);
    EXPECT_TRUE(client.closed());
    raw_client later(runner.port());
    later.log_in();
    wire::encode_header({2'000'000, 5, 1, false, wire::prepare_request::code}, header);
    later.send(header);
    EXPECT_TRUE(later.closed());
}

TEST_F(HostileClient, AnythingBeforeTheLoginIsRefused) {
    raw_client client(runner.port());
    client.request(wire::hello_request{}, 1);
    ASSERT_TRUE(client.receive());
    wire::direct_query_request query;
    query.sql.text = "SELECT 1";
    client.request(query, 3, 1);
    const auto answer = client.receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status(), 417);
    EXPECT_TRUE(client.closed());
}

// The lower of both versions is in force; what is older than 57 gets no login (wire-session 4.2, 4.3).
TEST_F(HostileClient, EveryVersionFrom57OnLogsIn) {
    for (const auto& [offered, agreed] : {std::pair<std::uint16_t, std::uint16_t>{57, 57}, {65, 65}, {68, 68}, {69, 69}, {70, 69}, {0xFFFF, 69}}) {
        raw_client client(runner.port());
        const auto hello = client.log_in("demo", "demo", offered);
        EXPECT_EQ(hello.protocol, agreed) << offered;
        EXPECT_EQ(hello.flags, agreed < 65 ? 1 : 3) << offered;
        EXPECT_EQ(hello.locale, "Unicode");
    }
    for (const std::uint16_t offered : {0, 56}) {
        raw_client client(runner.port());
        client.request(wire::hello_request{offered}, 1);
        const auto answer = client.receive();
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status(), 413) << offered;
        EXPECT_TRUE(client.closed());
    }
}

TEST_F(HostileClient, ARefusedLoginSaysTheSameWhateverTheReason) {
    std::vector<std::string> answers;
    for (const auto* const user : {"demo", "nobody", ""}) {
        raw_client client(runner.port());
        client.request(wire::hello_request{}, 1);
        ASSERT_TRUE(client.receive());
        wire::login_request login;
        login.name_space = "USER";
        login.user = wire::secret(user);
        login.password = wire::secret("wrong");
        client.request(login, 3);
        const auto answer = client.receive();
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status(), 417);
        answers.emplace_back(wire::as_text(answer->body));
    }
    EXPECT_EQ(answers[0], answers[1]);
    EXPECT_EQ(answers[0], answers[2]);
}

TEST_F(HostileClient, AMalformedMessageIsAnErrorOfItsOwn) {
    raw_client client(runner.port());
    client.log_in();
    wire::byte_buffer broken;
    wire::message_builder builder(broken);
    builder.begin(5, 1, wire::prepare_request::code);
    broken.push_back(std::byte{200}); // an item that promises more than there is
    builder.end();
    client.send(broken);
    const auto answer = client.receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status(), 452);
    client.request(wire::ping_request{}, 7);
    const auto pong = client.receive();
    ASSERT_TRUE(pong);
    EXPECT_EQ(pong->status(), 0);
    EXPECT_EQ(pong->id, 7U);
}

TEST_F(HostileClient, UnknownRequestsAreNamed) {
    raw_client client(runner.port());
    client.log_in();
    client.request(wire::empty_request<wire::function_code{'X' | 'Q' << 8}>{}, 5);
    const auto answer = client.receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status(), 400);
    client.request(wire::error_text_request{400}, 7);
    const auto text = client.receive();
    ASSERT_TRUE(text);
    EXPECT_NE(wire::as_text(text->body).find("Unknown xDBC function: XQ"), std::string_view::npos);
}

TEST_F(HostileClient, RandomBytesAfterTheLoginNeverStopTheServer) {
    std::mt19937 random(7);
    for (int round = 0; round < 30; ++round) {
        raw_client client(runner.port());
        client.log_in();
        wire::direct_query_request query;
        query.sql.text = "SELECT 1, 'two', 3.5";
        wire::byte_buffer bytes;
        ASSERT_FALSE(wire::append_request(bytes, query, 5, 1, client.format()));
        for (int i = 0; i < 3; ++i) bytes[wire::frame_header_size + random() % (bytes.size() - wire::frame_header_size)] = static_cast<std::byte>(random());
        client.send(bytes);
        (void)client.receive(1000);
    }
}

// A client that must start over sends the handles of what it has uploaded once more, under a new id or the same; then they are
// done with.
TEST_F(HostileClient, UploadsOfAStatementThatIsGoneAreStillValuesOnce) {
    connection other(runner.uri());
    raw_client client(runner.port());
    client.log_in();
    std::uint32_t next = 5;
    const auto ask = [&](const auto& request, std::uint32_t statement) {
        client.request(request, next += 2, statement);
        return client.receive();
    };
    wire::prepare_request insert;
    insert.sql.text = "INSERT INTO L VALUES (?, ?)";
    other.execute("CREATE TABLE L (a LONGVARBINARY, b INTEGER)");
    ASSERT_TRUE(ask(insert, 2));
    for (const std::uint32_t renewed : {4U, 2U}) {
        wire::stream_store_binary_request upload;
        upload.data = wire::as_bytes(std::string_view("bytes"));
        upload.units = 5;
        const auto stored = ask(upload, 2);
        wire::stream_store_reply reply;
        ASSERT_TRUE(stored && !wire::decode_body(stored->body, client.format(), reply));
        other.execute("DROP TABLE L");
        other.execute(renewed == 4 ? "CREATE TABLE L (a LONGVARBINARY, b VARCHAR(9))" : "CREATE TABLE L (a LONGVARBINARY, b INTEGER)");
        wire::byte_buffer items;
        wire::writer values(items, client.format());
        values.raw(reply.handle.encoded);
        values.integer(7);
        wire::prepared_update_request update;
        update.values = {1, 2, items};
        EXPECT_EQ(ask(update, renewed == 4 ? 2 : 4)->status(), 404);
        EXPECT_EQ(ask(insert, renewed)->status(), 0);
        EXPECT_EQ(ask(update, renewed)->status(), 0);
        auto rows = other.query("SELECT a FROM L");
        ASSERT_TRUE(rows.next());
        EXPECT_EQ(rows.current().get<std::vector<std::byte>>(0).size(), 5U);
        EXPECT_NE(ask(wire::stream_size_request{reply.handle}, renewed)->status(), 0);
    }
}

// One client starts over under a new id, and executes the old one later with what it knew of that.
TEST_F(HostileClient, AnIdWhoseStatementIsGoneStaysGone) {
    connection other(runner.uri());
    other.execute("CREATE TABLE T (a INTEGER)");
    other.execute("CREATE PROCEDURE P() BEGIN SELECT a FROM T; END");
    raw_client client(runner.port());
    client.log_in();
    std::uint32_t next = 5;
    const auto status = [&](const auto& request, std::uint32_t statement) {
        client.request(request, next += 2, statement);
        const auto answer = client.receive();
        return answer ? answer->status() : -1;
    };
    wire::prepare_request query;
    query.sql.text = "SELECT a FROM T";
    wire::prepare_request insert;
    insert.sql.text = "INSERT INTO T VALUES (7)";
    EXPECT_EQ(status(query, 1), 0);
    EXPECT_EQ(status(insert, 2), 0);
    EXPECT_EQ(status(wire::describe_procedure_request{"P"}, 3), 0);
    EXPECT_EQ(status(wire::prepared_query_request{}, 1), 100);
    other.execute("DROP TABLE T");
    other.execute("CREATE TABLE T (a VARCHAR(10))");
    wire::direct_query_request again;
    again.sql.text = query.sql.text;
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(status(wire::prepared_query_request{}, 1), 404) << i;
        EXPECT_EQ(status(again, 4), 0);
        ASSERT_TRUE(client.receive());
        // Nothing of it has changed: the statement follows.
        EXPECT_EQ(status(wire::prepared_update_request{}, 2), 0) << i;
        EXPECT_EQ(status(wire::procedure_query_request{}, 3), 404) << i;
    }
    EXPECT_EQ(status(query, 1), 0);
    EXPECT_EQ(status(wire::prepared_query_request{}, 1), 100);
}

TEST_F(HostileClient, CancellingSomebodyElsesJobIsRefused) {
    raw_client client(runner.port());
    client.log_in();
    wire::cancel_request cancel;
    cancel.job = 999'999;
    cancel.statement = 1;
    client.request(cancel, 5);
    const auto answer = client.receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status(), 417);
}

} // namespace
} // namespace irislink::test
