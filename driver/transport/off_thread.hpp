#pragma once
// Work that blocks and cannot be interrupted, for as long as it takes in a thread of its own, so that a
// deadline can end the wait. Belongs to its executor's thread.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>

namespace irislink::driver {

// Returns when `work` has; throws what it threw, or boost::system::system_error (operation_aborted)
// when the operation is cancelled. `work` then goes on by itself: it must own all it touches, and is
// destroyed in its thread. Takes no temporary: g++ 12 destroys those of a co_await twice.
[[nodiscard]] boost::asio::awaitable<void> off_thread(boost::asio::any_io_executor executor, const std::function<void()>& work);
boost::asio::awaitable<void> off_thread(boost::asio::any_io_executor executor, std::function<void()>&& work) = delete;

} // namespace irislink::driver
