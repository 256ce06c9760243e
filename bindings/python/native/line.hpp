#pragma once
// One connection as several Python objects share it: the Connection, its results, its streams.
//
// Who uses the session holds the line. A thread waits for the line without the GIL and never asks for the line while
// another could need the GIL from it: whoever holds the line may take the GIL, whoever has the GIL only tries for the
// line. Python objects that die, in whichever thread, say nothing on the line: their results are buried, and the
// server is told by whoever holds the line next.

#include <pybind11/pybind11.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "bindings/python/native/callback.hpp"
#include "bindings/python/native/errors.hpp"
#include "bindings/python/native/gil.hpp"
#include "driver/session/session.hpp"

namespace irislink::python {

namespace asio = boost::asio;

class line {
public:
    // Connects. The GIL is held, and given up meanwhile.
    line(std::shared_ptr<const driver::connection_settings> settings, std::shared_ptr<raised> from_callbacks);
    ~line(); // any thread, with or without the GIL
    line(const line&) = delete;
    line& operator=(const line&) = delete;

    // The right to use the session, for a thread that has the GIL and keeps it.
    class hold {
    public:
        explicit hold(line& of);
        ~hold();
        hold(const hold&) = delete;
        hold& operator=(const hold&) = delete;

        // The session, alive or not; throws 08003 after close().
        [[nodiscard]] driver::session& session() const;

        // Runs an operation of the session, without the GIL. A signal whose Python handler raises ends it.
        template <class T> T run(asio::awaitable<T> work, step at, driver::session::time_point end = driver::session::no_end) const {
            return of_.outside([&] { return session().template run<T>(std::move(work), at, end); });
        }

        // Work of many operations, without the GIL; a signal whose Python handler raises ends the one that waits.
        template <class Work> auto outside(const Work& work) const { return of_.outside(work); }

        void run(asio::awaitable<void> work, step at) const {
            of_.outside([&] {
                session().run(std::move(work), at);
                return true;
            });
        }

        // Ends a call of a procedure on the server, should it have more results.
        void end(const std::shared_ptr<driver::call_state>& call) const { of_.end(call); }

    private:
        void release() noexcept;

        line& of_;
    };

    // Any thread; takes no lock that a running operation holds. The GIL is held, and given up meanwhile.
    bool cancel();
    // Says goodbye. Harmless when closed already. `at_exit`: a statement that another thread has under way is stopped
    // on the server, and is not waited for much longer; the connection ends with the process then.
    void close(bool at_exit = false);

    [[nodiscard]] bool is_open() const noexcept;

    // Without the line: what does not change while the connection lives. Null after close().
    [[nodiscard]] std::shared_ptr<driver::session> session() const;

    [[noreturn]] static void fail_closed();

    void bury(std::shared_ptr<driver::result_state> gone) noexcept;
    void bury(std::shared_ptr<driver::call_state> gone) noexcept;

    // Counts statements, for what is only true until the next one.
    std::atomic<std::uint64_t> statements{0};

private:
    template <class Work> std::invoke_result_t<const Work&> outside(const Work& work) {
        std::exception_ptr failed;
        std::invoke_result_t<const Work&> out{};
        {
            const without_gil others_go_on;
            try {
                out = work();
            } catch (...) {
                failed = std::current_exception();
            }
        }
        raise_pending(failed);
        return out;
    }

    [[nodiscard]] bool lock_after_cancel(std::unique_lock<std::mutex>& lock);
    void raise_pending(const std::exception_ptr& failed);
    void look_for_signals();
    void drop_buried();
    void end(const std::shared_ptr<driver::call_state>& call);
    void require_own_process() const;

    std::shared_ptr<driver::session> session_;
    std::shared_ptr<raised> raised_;   // by Python code that ran within an operation
    mutable std::mutex session_mutex_; // of the pointer alone, for cancel()
    std::mutex mutex_;
    std::atomic<std::thread::id> owner_{};
    std::mutex buried_mutex_;
    std::vector<std::shared_ptr<driver::result_state>> buried_;
    std::vector<std::shared_ptr<driver::call_state>> buried_calls_;
    std::atomic<bool> ends_{false}; // nothing new is begun
    int process_;
};

} // namespace irislink::python
