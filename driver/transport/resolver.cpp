#include "driver/transport/resolver.hpp"

#include <netdb.h>

#include <cstring>
#include <functional>
#include <memory>

#include "driver/transport/off_thread.hpp"

namespace irislink::driver {
namespace {

namespace asio = boost::asio;

void look_up(const std::string& host, std::uint16_t port, resolved& out) {
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV;
    addrinfo* list = nullptr;
    const int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &list);
    if (failed != 0) out.failure = ::gai_strerror(failed);
    for (const auto* each = list; each != nullptr; each = each->ai_next) {
        asio::ip::tcp::endpoint endpoint;
        if (each->ai_addrlen > endpoint.capacity()) continue;
        std::memcpy(endpoint.data(), each->ai_addr, each->ai_addrlen);
        endpoint.resize(each->ai_addrlen);
        out.addresses.push_back(endpoint);
    }
    if (list != nullptr) ::freeaddrinfo(list);
    if (out.addresses.empty() && out.failure.empty()) out.failure = "the name has no address";
}

} // namespace

asio::awaitable<resolved> resolve(asio::any_io_executor executor, std::string host, std::uint16_t port) {
    boost::system::error_code not_literal;
    const auto literal = asio::ip::make_address(host, not_literal);
    resolved out;
    if (!not_literal) {
        out.addresses.emplace_back(literal, port);
        co_return out;
    }
    // Shared with the thread, which may outlive the wait.
    const auto found = std::make_shared<resolved>();
    const std::function<void()> work = [found, host, port] { look_up(host, port, *found); };
    co_await off_thread(executor, work);
    out = std::move(*found);
    co_return out;
}

} // namespace irislink::driver
