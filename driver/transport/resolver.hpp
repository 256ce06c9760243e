#pragma once
// Name resolution that a deadline can end. getaddrinfo() cannot be interrupted, so it runs in a thread
// of its own for as long as it takes and no longer: address literals need none, and after an answer in
// time none is left behind. Belongs to its executor's thread.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace irislink::driver {

struct resolved {
    std::vector<boost::asio::ip::tcp::endpoint> addresses;
    std::string failure; // the system's words when there is no address
};

// Throws boost::system::system_error (operation_aborted) when the operation is cancelled.
[[nodiscard]] boost::asio::awaitable<resolved> resolve(boost::asio::any_io_executor executor, std::string host, std::uint16_t port);

} // namespace irislink::driver
