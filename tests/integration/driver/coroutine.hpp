#pragma once
// Coroutines of tests that run on an io_context of theirs, in the thread of the test.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <utility>

namespace irislink::test {

// Runs the context until nothing is left to do. What `work` throws is thrown here.
inline void run_to_end(boost::asio::io_context& context, boost::asio::awaitable<void> work) {
    std::exception_ptr failure;
    boost::asio::co_spawn(context, std::move(work), [&](std::exception_ptr e) { failure = std::move(e); });
    context.restart();
    context.run();
    if (failure) std::rethrow_exception(failure);
}

} // namespace irislink::test
