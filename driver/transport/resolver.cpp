#include "driver/transport/resolver.hpp"

#include <netdb.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>

namespace irislink::driver {
namespace {

namespace asio = boost::asio;

// Shared by the thread and whoever waits, so that either may go first.
struct job {
    job() : ready(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

    ~job() {
        if (ready >= 0) ::close(ready);
    }

    job(const job&) = delete;
    job& operator=(const job&) = delete;

    void run(const std::string& host, std::uint16_t port) {
        addrinfo wanted{};
        wanted.ai_family = AF_UNSPEC;
        wanted.ai_socktype = SOCK_STREAM;
        wanted.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV;
        addrinfo* list = nullptr;
        const int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &list);
        {
            const std::lock_guard lock(mutex);
            if (failed != 0) out.failure = ::gai_strerror(failed);
            for (const auto* each = list; each != nullptr; each = each->ai_next) {
                asio::ip::tcp::endpoint endpoint;
                if (each->ai_addrlen > endpoint.capacity()) continue;
                std::memcpy(endpoint.data(), each->ai_addr, each->ai_addrlen);
                endpoint.resize(each->ai_addrlen);
                out.addresses.push_back(endpoint);
            }
        }
        if (list != nullptr) ::freeaddrinfo(list);
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(ready, &one, sizeof(one));
    }

    int ready;
    std::mutex mutex;
    resolved out;
};

// Joined after an answer, left to itself otherwise.
class worker {
public:
    explicit worker(std::thread made) : thread_(std::move(made)) {}

    ~worker() {
        if (thread_.joinable()) thread_.detach();
    }

    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;

    void join() { thread_.join(); }

private:
    std::thread thread_;
};

} // namespace

asio::awaitable<resolved> resolve(asio::any_io_executor executor, std::string host, std::uint16_t port) {
    boost::system::error_code not_literal;
    const auto literal = asio::ip::make_address(host, not_literal);
    resolved out;
    if (!not_literal) {
        out.addresses.emplace_back(literal, port);
        co_return out;
    }
    const auto work = std::make_shared<job>();
    asio::posix::stream_descriptor ready(executor, ::dup(work->ready));
    worker thread(std::thread([work, host, port] { work->run(host, port); }));
    co_await ready.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    thread.join();
    const std::lock_guard lock(work->mutex);
    out = std::move(work->out);
    if (out.addresses.empty() && out.failure.empty()) out.failure = "the name has no address";
    co_return out;
}

} // namespace irislink::driver
