#include "driver/transport/off_thread.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

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
        finished = true;
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(ready, &one, sizeof(one));
    }

    int ready;
    std::atomic<bool> finished{false};
    std::exception_ptr failure; // read after the thread was joined
};

// Threads that nobody waits for any more. The end of the process joins them, because the libraries they are in
// (Kerberos, the resolver) take their state down afterwards; one with no end in sight is left to itself.
class abandoned_threads {
public:
    void add(std::thread thread, std::shared_ptr<job> work) {
        const std::lock_guard hold(mutex_);
        join_finished();
        threads_.push_back({std::move(thread), std::move(work)});
    }

    void join_until(std::chrono::steady_clock::time_point end) {
        const std::lock_guard hold(mutex_);
        for (join_finished(); !threads_.empty() && std::chrono::steady_clock::now() < end; join_finished())
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }

private:
    struct entry {
        std::thread thread;
        std::shared_ptr<job> work;
    };

    void join_finished() {
        std::erase_if(threads_, [](entry& one) {
            if (!one.work->finished) return false;
            one.thread.join();
            return true;
        });
    }

    std::mutex mutex_;
    std::vector<entry> threads_;
};

// Never destroyed: a thread without an end must not end the process by its destructor.
abandoned_threads& abandoned() {
    static auto* const all = new abandoned_threads;
    return *all;
}

struct at_exit {
    at_exit() { abandoned(); }

    ~at_exit() { abandoned().join_until(std::chrono::steady_clock::now() + std::chrono::seconds(2)); }

    at_exit(const at_exit&) = delete;
    at_exit& operator=(const at_exit&) = delete;
};

const at_exit joins_at_exit;

// Joined after an answer, abandoned otherwise.
class worker {
public:
    worker(std::thread made, std::shared_ptr<job> work) : thread_(std::move(made)), work_(std::move(work)) {}

    ~worker() {
        if (thread_.joinable()) abandoned().add(std::move(thread_), std::move(work_));
    }

    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;

    void join() { thread_.join(); }

private:
    std::thread thread_;
    std::shared_ptr<job> work_;
};

} // namespace

asio::awaitable<void> off_thread(asio::any_io_executor executor, const std::function<void()>& work) {
    const auto shared = std::make_shared<job>();
    asio::posix::stream_descriptor ready(executor, ::dup(shared->ready));
    // Capturing `work` itself would make a const copy, which cannot be moved out of.
    worker thread(std::thread([shared, own = std::function<void()>(work)]() mutable { shared->run(std::move(own)); }), shared);
    co_await ready.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    thread.join();
    if (shared->failure) std::rethrow_exception(shared->failure);
}

} // namespace irislink::driver
