#include "driver/transport/off_thread.hpp"

#include <pthread.h>
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
    std::thread thread;         // of thread_list, which joins it
    bool abandoned{false};      // likewise: nobody waits for it any more
};

// All threads at work. The end of the process joins them, because the libraries they are in (Kerberos, the resolver)
// take their state down afterwards; one with no end in sight is left to itself.
class thread_list {
public:
    explicit thread_list(const thread_list* parents = nullptr) : parents_(parents) {}

    [[nodiscard]] std::shared_ptr<job> start(const std::function<void()>& work) {
        const std::lock_guard hold(mutex_);
        join_finished(false);
        jobs_.reserve(jobs_.size() + 1);
        auto out = std::make_shared<job>();
        // Capturing `work` itself would make a const copy, which cannot be moved out of.
        out->thread = std::thread([out, own = std::function<void()>(work)]() mutable { out->run(std::move(own)); });
        jobs_.push_back(out);
        return out;
    }

    // Of one whose work has returned.
    void join(const std::shared_ptr<job>& one) {
        const std::lock_guard hold(mutex_);
        if (std::erase(jobs_, one) > 0) one->thread.join();
    }

    // Unless it was joined.
    void abandon(const std::shared_ptr<job>& one) {
        const std::lock_guard hold(mutex_);
        one->abandoned = true;
    }

    void join_until(std::chrono::steady_clock::time_point end) {
        for (;;) {
            {
                const std::lock_guard hold(mutex_);
                join_finished(true);
                if (jobs_.empty() || std::chrono::steady_clock::now() >= end) return;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }

private:
    void join_finished(bool all) {
        std::erase_if(jobs_, [all](const std::shared_ptr<job>& one) {
            if (!one->finished || !(all || one->abandoned)) return false;
            one->thread.join();
            return true;
        });
    }

    [[maybe_unused]] const thread_list* parents_; // of the process that this one was forked from: not to be touched, nor lost as a leak
    std::mutex mutex_;
    std::vector<std::shared_ptr<job>> jobs_;
};

// Never destroyed: a thread without an end must not end the process by its destructor. A child of fork() has none of
// its parent's threads, and begins with a list of its own.
thread_list* threads = nullptr;

struct at_exit {
    at_exit() {
        threads = new thread_list;
        ::pthread_atfork(nullptr, nullptr, [] { threads = new thread_list(threads); });
    }

    ~at_exit() { threads->join_until(std::chrono::steady_clock::now() + std::chrono::seconds(2)); }

    at_exit(const at_exit&) = delete;
    at_exit& operator=(const at_exit&) = delete;
};

thread_list& all_threads() {
    static const at_exit joins;
    return *threads;
}

// Joined after an answer, abandoned otherwise.
class worker {
public:
    explicit worker(const std::function<void()>& work) : work_(all_threads().start(work)) {}

    ~worker() { all_threads().abandon(work_); }

    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;

    [[nodiscard]] const job& work() const noexcept { return *work_; }

    void join() { all_threads().join(work_); }

private:
    std::shared_ptr<job> work_;
};

} // namespace

asio::awaitable<void> off_thread(asio::any_io_executor executor, const std::function<void()>& work) {
    worker thread(work);
    asio::posix::stream_descriptor ready(executor, ::dup(thread.work().ready));
    co_await ready.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    thread.join();
    if (thread.work().failure) std::rethrow_exception(thread.work().failure);
}

} // namespace irislink::driver
