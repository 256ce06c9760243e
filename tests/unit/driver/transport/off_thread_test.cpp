// Work that nobody waits for any more, and the end of the process.
#include "driver/transport/off_thread.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <string_view>
#include <thread>

namespace irislink::driver {
namespace {

using namespace std::chrono_literals;

// Begins `work`, gives it up at once and ends the process.
[[noreturn]] void abandon_and_exit(const std::function<void()>& work) {
    boost::asio::io_context context;
    boost::asio::cancellation_signal give_up;
    bool aborted = false;
    const auto begin = [&context, &work] { return off_thread(context.get_executor(), work); };
    boost::asio::co_spawn(context, begin, boost::asio::bind_cancellation_slot(give_up.slot(), [&aborted](const std::exception_ptr& why) {
                              aborted = why != nullptr;
                          }));
    context.poll();
    give_up.emit(boost::asio::cancellation_type::all);
    context.run();
    std::exit(aborted ? 0 : 3);
}

void say(std::string_view text) {
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

TEST(OffThread, TheEndOfTheProcessWaitsForWorkThatWasGivenUp) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const std::function<void()> work = [] {
        std::this_thread::sleep_for(300ms);
        say("the work is done");
    };
    EXPECT_EXIT(abandon_and_exit(work), testing::ExitedWithCode(0), "the work is done");
}

// Begins `work` and ends the process while the coroutine still waits for it.
[[noreturn]] void exit_while_waiting(const std::function<void()>& work) {
    boost::asio::io_context context;
    const auto begin = [&context, &work] { return off_thread(context.get_executor(), work); };
    boost::asio::co_spawn(context, begin, [](const std::exception_ptr&) {});
    context.poll();
    std::exit(0);
}

TEST(OffThread, TheEndOfTheProcessWaitsForWorkThatIsStillAwaited) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const std::function<void()> work = [] {
        std::this_thread::sleep_for(300ms);
        say("the work is done");
    };
    EXPECT_EXIT(exit_while_waiting(work), testing::ExitedWithCode(0), "the work is done");
}

// A child has none of its parent's threads: it neither waits for them nor joins what is not there.
TEST(OffThread, AChildOfForkDoesNotWaitForItsParentsThreads) {
    boost::asio::io_context context;
    std::atomic<bool> over{false};
    const std::function<void()> work = [&over] {
        for (int i = 0; i < 1000 && !over; ++i) std::this_thread::sleep_for(10ms);
    };
    const auto begin = [&context, &work] { return off_thread(context.get_executor(), work); };
    bool done = false;
    boost::asio::co_spawn(context, begin, [&done](const std::exception_ptr& why) { done = why == nullptr; });
    context.poll();
    const auto began = std::chrono::steady_clock::now();
    const auto child = ::fork();
    if (child == 0) std::exit(7);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 7) << status;
    EXPECT_LT(std::chrono::steady_clock::now() - began, 1500ms);
    over = true;
    context.run();
    EXPECT_TRUE(done);
}

TEST(OffThread, WorkWithoutAnEndDoesNotKeepTheProcess) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const std::function<void()> work = [] {
        std::this_thread::sleep_for(60s);
        say("nobody waits so long");
    };
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EXIT(abandon_and_exit(work), testing::ExitedWithCode(0), "^$");
    EXPECT_LT(std::chrono::steady_clock::now() - began, 30s);
}

} // namespace
} // namespace irislink::driver
