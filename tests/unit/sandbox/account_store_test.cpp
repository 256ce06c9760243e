#include "samples/sandbox/auth/account_store.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>
#include <vector>

#include "tests/support/temporary_folder/temporary_folder.hpp"

namespace irislink::sandbox {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

class AccountStore : public ::testing::Test {
protected:
    AccountStore() { file = folder / "state"; }

    test::temporary_folder folder;
    std::filesystem::path file;
    failure_rule disabling{3, true, 1000ms};
    failure_rule delaying{2, false, 40ms};
};

TEST_F(AccountStore, FailuresCountUntilASuccess) {
    account_store store(file);
    store.note_failure("Alice", true, disabling, "first");
    store.note_failure("ALICE", true, disabling, "second");
    EXPECT_EQ(store.state("alice").failures, 2);
    EXPECT_EQ(store.state("alice").reason, "second");
    EXPECT_FALSE(store.state("alice").disabled);
    store.note_success("alice", 1000);
    EXPECT_EQ(store.state("alice").failures, 0);
    EXPECT_EQ(store.state("alice").last_login, 1000);
    EXPECT_EQ(store.state("alice").reason, "");
}

TEST_F(AccountStore, TheLimitDisablesAndASuccessElsewhereDoesNotHelp) {
    account_store store(file);
    for (int i = 0; i < 3; ++i) store.note_failure("alice", true, disabling, "wrong");
    EXPECT_TRUE(store.state("alice").disabled);
    store.note_success("bob", 1);
    EXPECT_TRUE(store.state("alice").disabled);
    store.unlock("Alice");
    EXPECT_FALSE(store.state("alice").disabled);
    EXPECT_EQ(store.state("alice").failures, 0);
}

TEST_F(AccountStore, ALimitOfZeroIsNone) {
    account_store store(file);
    const failure_rule none{0, true, 1000ms};
    for (int i = 0; i < 100; ++i) store.note_failure("alice", true, none, "wrong");
    EXPECT_FALSE(store.state("alice").disabled);
    EXPECT_EQ(none.delay(100), 0ms);
    const account_store::attempt free(store, "alice", none);
    EXPECT_EQ(free.refusal(), "");
}

TEST_F(AccountStore, EverythingSurvivesARestart) {
    {
        account_store store(file);
        for (int i = 0; i < 3; ++i) store.note_failure("alice", true, disabling, "wrong");
        store.note_success("bob", 77);
        EXPECT_EQ(store.remember("days", "30", 5), 5);
    }
    account_store again(file);
    EXPECT_TRUE(again.state("alice").disabled);
    EXPECT_EQ(again.state("alice").failures, 3);
    EXPECT_EQ(again.state("bob").last_login, 77);
    EXPECT_EQ(again.remember("days", "30", 9), 5);
    EXPECT_EQ(again.remember("days", "60", 9), 9) << "another setting begins anew";
    again.forget("alice");
    EXPECT_FALSE(again.state("alice").disabled);
}

TEST_F(AccountStore, AnotherProcessCanUnlock) {
    account_store server(file);
    for (int i = 0; i < 3; ++i) server.note_failure("alice", true, disabling, "wrong");
    account_store(file).unlock("alice");
    EXPECT_FALSE(server.state("alice").disabled);
}

TEST_F(AccountStore, TheFileIsPrivateAndMustBeUsable) {
    { const account_store store(file); }

    struct stat facts {};

    ASSERT_EQ(::stat(file.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
    std::ofstream(folder / "broken") << "this is no database, and it is long enough to be seen as none by everybody who looks at it";
    EXPECT_THROW(account_store{folder / "broken"}, std::runtime_error);
    EXPECT_THROW(account_store{folder / "no" / "such" / "place"}, std::runtime_error);
}

TEST_F(AccountStore, TheDelayDoublesUpToItsEnd) {
    const failure_rule rule{5, false, 1000ms};
    EXPECT_EQ(rule.delay(4), 0ms);
    EXPECT_EQ(rule.delay(5), 1000ms);
    EXPECT_EQ(rule.delay(6), 2000ms);
    EXPECT_EQ(rule.delay(11), 64000ms);
    EXPECT_EQ(rule.delay(1000), 64000ms);
    EXPECT_EQ((failure_rule{5, true, 1000ms}.delay(50)), 0ms);
}

TEST_F(AccountStore, AttemptsWaitForTheDelay) {
    account_store store(file);
    // From one failure to the next: true whatever else the machine does.
    const auto fail = [&] {
        const account_store::attempt gate(store, "alice", delaying);
        EXPECT_EQ(gate.refusal(), "");
        const auto now = steady::now();
        store.note_failure("alice", true, delaying, "wrong");
        return now;
    };
    (void)fail();
    const auto second = fail();
    const auto third = fail();
    const auto fourth = fail();
    EXPECT_GE(third - second, 39ms);
    EXPECT_GE(fourth - third, 79ms);
    (void)fail();
    store.note_success("alice", 1);
    const auto begin = steady::now();
    { const account_store::attempt gate(store, "alice", delaying); }
    EXPECT_LT(steady::now() - begin, 300ms) << "a fifth failure would have cost 320 ms";
}

TEST_F(AccountStore, GuessesSideBySideAreNoMoreThanTheLimit) {
    account_store store(file);
    std::atomic<int> guesses{0};
    std::vector<std::thread> crowd;
    for (int i = 0; i < 24; ++i)
        crowd.emplace_back([&] {
            const account_store::attempt gate(store, "alice", disabling);
            if (!gate.refusal().empty() || store.state("alice").disabled) return;
            std::this_thread::sleep_for(2ms);
            ++guesses;
            store.note_failure("alice", true, disabling, "wrong");
        });
    for (auto& each : crowd) each.join();
    EXPECT_EQ(guesses, 3);
}

TEST_F(AccountStore, LoginsThatAreRightRunSideBySide) {
    account_store store(file);
    std::atomic<int> inside{0};
    std::atomic<int> most{0};
    std::vector<std::thread> crowd;
    for (int i = 0; i < 12; ++i)
        crowd.emplace_back([&] {
            const account_store::attempt gate(store, "alice", disabling);
            EXPECT_EQ(gate.refusal(), "");
            const int now = ++inside;
            int seen = most;
            while (now > seen && !most.compare_exchange_weak(seen, now)) {
            }
            std::this_thread::sleep_for(20ms);
            --inside;
        });
    for (auto& each : crowd) each.join();
    EXPECT_GT(most, 1);
    EXPECT_LE(most, 3);
}

TEST_F(AccountStore, FewMayWaitAndStoppingEndsTheWaiting) {
    account_store store(file);
    const failure_rule slow{1, false, 60s};
    store.note_failure("alice", true, slow, "wrong");
    std::atomic<int> crowded{0};
    std::atomic<int> stopped{0};
    std::vector<std::thread> crowd;
    for (int i = 0; i < 40; ++i)
        crowd.emplace_back([&] {
            const account_store::attempt gate(store, "alice", slow);
            ++(gate.refusal().find("stopping") != std::string::npos ? stopped : crowded);
        });
    while (crowded < 8) std::this_thread::sleep_for(1ms);
    const account_store::attempt other(store, "bob", slow);
    EXPECT_EQ(other.refusal(), "") << "nobody else has to wait";
    store.stop();
    for (auto& each : crowd) each.join();
    EXPECT_EQ(crowded, 8);
    EXPECT_EQ(stopped, 32);
}

TEST_F(AccountStore, NamesThatAreNoAccountHaveTheSameFateButDoNotFillTheFile) {
    account_store store({});
    for (int i = 0; i < 3; ++i) store.note_failure("nobody", false, disabling, "does not exist");
    EXPECT_TRUE(store.state("nobody").disabled);
    store.note_failure("alice", true, disabling, "wrong");
    for (int i = 0; i < 4300; ++i) store.note_failure("n" + std::to_string(i), false, disabling, "does not exist");
    EXPECT_EQ(store.state("n4299").failures, 1);
    EXPECT_EQ(store.state("n10").failures, 0) << "the oldest are forgotten";
    EXPECT_EQ(store.state("alice").failures, 1) << "accounts never are";
}

} // namespace
} // namespace irislink::sandbox
