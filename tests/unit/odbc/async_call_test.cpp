// A call that goes on beside the program.

#include "odbc/handle/async_call.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace irislink::odbc {
namespace {

// SQLCancel may come as the call ends: what is done next is not what it was to stop.
TEST(AsyncCall, IsNotToBeStoppedWhenItIsOver) {
    std::atomic<unsigned> of_connection{0};
    async_call call(of_connection);
    std::atomic<bool> go_on{false};
    ASSERT_TRUE(call.begin(SQL_API_SQLEXECUTE, [&]() -> SQLRETURN {
        while (!go_on) std::this_thread::yield();
        return SQL_SUCCESS;
    }));
    call.ask_to_stop();
    EXPECT_TRUE(call.stop_asked());
    go_on = true;
    call.wait();
    EXPECT_EQ(of_connection, 0U);
    call.ask_to_stop();
    EXPECT_FALSE(call.stop_asked());
}

} // namespace
} // namespace irislink::odbc
