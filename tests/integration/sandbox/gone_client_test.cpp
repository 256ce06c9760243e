#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <thread>

#include "irislink/irislink.hpp"
#include "tests/integration/sandbox/raw_client.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"
#include "wire/messages/execute.hpp"

namespace irislink::test {
namespace {

using namespace std::chrono_literals;

// A client that goes away while its statement runs: the statement ends, what it held is free, and its session is
// gone. What is seen of it is the room for another session.
class GoneClient : public ::testing::Test {
protected:
    void SetUp() override {
        other.execute("CREATE TABLE Ten (n INTEGER)");
        for (int i = 0; i < 10; ++i) other.execute("INSERT INTO Ten VALUES (?)", i);
    }

    template <class M> [[nodiscard]] static M request(const std::string& sql) {
        M out;
        out.sql.text = sql;
        return out;
    }

    // Until a client has `requests` under way.
    template <class... M> [[nodiscard]] std::unique_ptr<raw_client> running(const M&... requests) const {
        auto client = std::make_unique<raw_client>(runner.port());
        client->log_in();
        (client->request(requests, 5, 1), ...);
        EXPECT_FALSE(client->receive(200)) << "the first of them did not run";
        return client;
    }

    // Two are let in; one is left over as soon as the statements of those who went have ended.
    void expect_room() const {
        const auto start = std::chrono::steady_clock::now();
        while (true) {
            try {
                connection db(runner.uri());
                auto rows = db.query("SELECT SUM(n) FROM Ten");
                ASSERT_TRUE(rows.next());
                EXPECT_EQ(rows.current().get<int>(0), 45) << "what a client had not committed was kept";
                return;
            } catch (const error&) {
                ASSERT_LT(std::chrono::steady_clock::now() - start, 5s) << "the statement runs on";
                std::this_thread::sleep_for(20ms);
            }
        }
    }

    // Ten thousand million combinations: many minutes.
    static constexpr const char* endless = "SELECT COUNT(*) FROM Ten a, Ten b, Ten c, Ten d, Ten e, Ten f, Ten g, Ten h, Ten i, Ten j";

    sandbox_runner runner{{"max_sessions = 2", "lock_timeout = 60"}};
    connection other{runner.uri()};
};

TEST_F(GoneClient, ItsQueryEnds) {
    auto client = running(request<wire::direct_query_request>(endless));
    EXPECT_THROW(connection(runner.uri()), error);
    client.reset();
    expect_room();
}

TEST_F(GoneClient, ItsProcedureEndsAndGivesTheLockBack) {
    other.execute("CREATE PROCEDURE Forever() BEGIN START TRANSACTION; WHILE 1 = 1 DO UPDATE Ten SET n = n + 1; END WHILE END");
    auto client = running(request<wire::direct_update_request>("CALL Forever()"));
    client.reset();
    expect_room();
    EXPECT_EQ(other.execute("UPDATE Ten SET n = n").rows, 10);
}

TEST_F(GoneClient, ItsWaitForALockEnds) {
    other.set_autocommit(false);
    other.execute("UPDATE Ten SET n = n");
    auto client = running(request<wire::direct_update_request>("UPDATE Ten SET n = n + 1"));
    client.reset();
    expect_room();
    other.rollback();
}

// Requests that were sent ahead are not begun once their sender is gone.
TEST_F(GoneClient, WhatItSentAheadIsNotBegun) {
    auto client = running(request<wire::direct_query_request>(endless), request<wire::direct_update_request>("UPDATE Ten SET n = n + 1"));
    client.reset();
    expect_room();
}

} // namespace
} // namespace irislink::test
