#include "driver/transport/off_thread.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
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

    void run(std::function<void()> work) {
        try {
            work();
        } catch (...) {
            failure = std::current_exception();
        }
        // What the work owns ends here, not in the thread of whoever waits.
        work = nullptr;
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(ready, &one, sizeof(one));
    }

    int ready;
    std::exception_ptr failure; // read after the thread was joined
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

asio::awaitable<void> off_thread(asio::any_io_executor executor, const std::function<void()>& work) {
    const auto shared = std::make_shared<job>();
    asio::posix::stream_descriptor ready(executor, ::dup(shared->ready));
    worker thread(std::thread([shared, work]() mutable { shared->run(std::move(work)); }));
    co_await ready.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    thread.join();
    if (shared->failure) std::rethrow_exception(shared->failure);
}

} // namespace irislink::driver
