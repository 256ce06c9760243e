#include "bindings/python/native/line.hpp"

#include <unistd.h>

namespace irislink::python {
namespace {

// For a statement of a daemon thread to end after it was cancelled.
constexpr std::chrono::seconds longest_wait_at_exit{5};
constexpr std::chrono::milliseconds between_tries{50};

// The interpreter's, which alone runs handlers of signals: others have no business with the GIL while they wait.
std::atomic<unsigned long> main_thread{0};

} // namespace

raised::~raised() {
    if (!what) return;
    if (!interpreter_is_there()) {
        // The exception went with the interpreter.
        new std::optional<py::error_already_set>(std::move(what));
        return;
    }
    const with_gil gil;
    what.reset();
}

void raised::take() {
    if (PyErr_Occurred() == nullptr) return;
    if (what) {
        PyErr_Clear();
    } else {
        what.emplace();
    }
}

shared_object share(const py::object& in) {
    return {in.inc_ref().ptr(), [](PyObject* gone) {
                if (!interpreter_is_there()) return;
                const with_gil gil;
                Py_DECREF(gone);
            }};
}

void callback_failed(const char* name) {
    throw error(diagnostic{errc::bad_argument, "HY000", 0, step::login, std::string("The callable of ") + name + " raised an exception", "", false, 0});
}

namespace {

// Calls `function` and makes of what it returns what `take` makes of it.
template <class Take> auto call(const shared_object& function, const char* name, const std::shared_ptr<raised>& into, const Take& take) {
    const with_gil gil;
    try {
        const auto got = called([&] { return PyObject_CallObject(function.get(), nullptr); });
        return take(got);
    } catch (py::error_already_set& failed) {
        failed.restore();
        into->take();
    }
    callback_failed(name);
}

std::string text_of(const py::handle& in, const char* name) {
    if (PyUnicode_Check(in.ptr()) == 0) throw py::type_error(std::string(name) + " must give a str, not " + Py_TYPE(in.ptr())->tp_name);
    return std::string(secret_text(in, name));
}

// type_error and the like are C++ exceptions until they leave a bound function.
template <class Take> auto as_python_error(const Take& take) {
    return [take](const py::handle& got) {
        try {
            return take(got);
        } catch (const py::builtin_exception& wrong) {
            wrong.set_error();
            throw py::error_already_set();
        }
    };
}

} // namespace

kerberos_credentials credentials_of(const py::handle& given) {
    return as_python_error([](const py::handle& got) {
        kerberos_credentials out;
        if (PyTuple_Check(got.ptr()) != 0 && PyTuple_GET_SIZE(got.ptr()) == 2) {
            out.principal = text_of(PyTuple_GET_ITEM(got.ptr(), 0), "kerberos");
            out.password = text_of(PyTuple_GET_ITEM(got.ptr(), 1), "kerberos");
        } else {
            out.ccache = text_of(got, "kerberos, which gives (principal, password) or the name of a credential cache,");
        }
        return out;
    })(given);
}

std::function<std::string()> text_callback(const py::object& function, const char* name, std::shared_ptr<raised> into) {
    return [function = share(function), name, into = std::move(into)] {
        return call(function, name, into, as_python_error([name](const py::handle& got) { return text_of(got, name); }));
    };
}

std::function<kerberos_credentials()> kerberos_callback(const py::object& function, std::shared_ptr<raised> into) {
    return [function = share(function), into = std::move(into)] {
        return call(function, "kerberos", into, [](const py::object& got) { return credentials_of(got); });
    };
}

line::line(std::shared_ptr<const driver::connection_settings> settings, std::shared_ptr<raised> from_callbacks)
    : session_(std::make_shared<driver::session>(std::move(settings))), raised_(std::move(from_callbacks)), process_(::getpid()) {
    const auto threading = called([] { return PyImport_ImportModule("threading"); });
    const auto main = called([&] { return PyObject_CallMethod(threading.ptr(), "main_thread", nullptr); });
    main_thread = called([&] { return PyObject_GetAttrString(main.ptr(), "ident"); }).cast<unsigned long>();
    session_->set_while_waiting([this] { look_for_signals(); });
    try {
        outside([this] {
            session_->run(session_->connect(), step::connect);
            return true;
        });
    } catch (...) {
        session_->forget_settings();
        throw;
    }
}

line::~line() {
    try {
        if (PyGILState_Check() != 0 && interpreter_is_there()) {
            const without_gil others_go_on;
            close();
        } else {
            close();
        }
    } catch (const std::exception&) {
        // The line ends either way.
    }
}

// In the thread that waits, without the GIL.
void line::look_for_signals() {
    if (PyThread_get_thread_ident() != main_thread || !interpreter_is_there()) return;
    {
        const with_gil gil;
        if (raised_->what || PyErr_CheckSignals() == 0) return;
        raised_->take();
    }
    try {
        if (session_->cancel()) return;
    } catch (const std::exception&) {
        // The server cannot be asked.
    }
    session_->stop();
}

void line::raise_pending(const std::exception_ptr& failed) {
    if (raised_->what) {
        auto first = *std::move(raised_->what);
        raised_->what.reset();
        throw first;
    }
    if (failed) std::rethrow_exception(failed);
}

void line::require_own_process() const {
    if (::getpid() != process_) fail_call("HY010", "The connection belongs to the process that made it", "Connect anew after fork().", errc::out_of_sequence);
}

line::hold::hold(line& of) : of_(of) {
    of_.require_own_process();
    // Python code that runs within an operation: a finalizer, or a signal handler.
    if (of_.owner_ == std::this_thread::get_id())
        fail_call("HY010", "The connection is at work in this thread already", "Use another connection here.", errc::out_of_sequence);
    if (!of_.mutex_.try_lock()) {
        if (!interpreter_is_there()) fail_call("HY010", "The connection is at work in a thread that ends with the interpreter", {}, errc::out_of_sequence);
        const without_gil others_go_on;
        of_.mutex_.lock();
    }
    of_.owner_ = std::this_thread::get_id();
    try {
        of_.drop_buried();
    } catch (...) { // a signal's handler, while a call was ended
        release();
        throw;
    }
}

line::hold::~hold() {
    release();
}

void line::hold::release() noexcept {
    of_.owner_ = std::thread::id{};
    of_.mutex_.unlock();
}

driver::session& line::hold::session() const {
    if (!of_.session_ || of_.ends_) fail_closed();
    return *of_.session_;
}

void line::fail_closed() {
    throw error(diagnostic{errc::not_connected, "08003", 0, step::statement, "The connection is closed", "Connect again.", true, 0});
}

std::shared_ptr<driver::session> line::session() const {
    const std::lock_guard lock(session_mutex_);
    return session_;
}

bool line::cancel() {
    require_own_process();
    const auto target = session();
    if (!target) return false;
    const without_gil others_go_on;
    return target->cancel();
}

bool line::is_open() const noexcept {
    const auto asked = session();
    return asked && asked->alive();
}

bool line::lock_after_cancel(std::unique_lock<std::mutex>& lock) {
    ends_ = true;
    const auto until = std::chrono::steady_clock::now() + longest_wait_at_exit;
    while (!lock.try_lock()) {
        if (std::chrono::steady_clock::now() > until) return false;
        try {
            // Again and again: the statement may be on its way to the server still.
            if (const auto target = session()) (void)target->cancel();
        } catch (const std::exception&) {
            // The server cannot be asked.
        }
        std::this_thread::sleep_for(between_tries);
    }
    return true;
}

// Without the GIL when there could be somebody who waits for it with the line in hand: see ~line() and Connection.close.
void line::close(bool at_exit) {
    if (owner_ == std::this_thread::get_id()) fail_call("HY010", "The connection is at work in this thread already", "Close it later.", errc::out_of_sequence);
    std::unique_lock lock(mutex_, std::defer_lock);
    if (!lock.try_lock()) {
        if (::getpid() != process_) return;  // it is a thread's that this child of fork() does not have
        if (!interpreter_is_there()) return; // or one that stays where it is: see gil.hpp
        if (!at_exit) {
            lock.lock();
        } else if (!lock_after_cancel(lock)) {
            return;
        }
    }
    std::shared_ptr<driver::session> gone;
    {
        const std::lock_guard pointer(session_mutex_);
        gone = std::exchange(session_, nullptr);
    }
    if (!gone) return;
    // A child of fork() has the socket, and nothing to say on it.
    if (::getpid() == process_ && gone->alive()) {
        gone->set_while_waiting({});
        try {
            gone->run(gone->disconnect(), step::disconnect);
        } catch (const std::exception&) {
            // The line is closed either way.
        }
    }
    gone->shut_down();
}

void line::bury(std::shared_ptr<driver::result_state> gone) noexcept {
    const std::lock_guard lock(buried_mutex_);
    buried_.push_back(std::move(gone));
}

void line::bury(std::shared_ptr<driver::call_state> gone) noexcept {
    const std::lock_guard lock(buried_mutex_);
    buried_calls_.push_back(std::move(gone));
}

void line::end(const std::shared_ptr<driver::call_state>& call) {
    if (!call->more || !session_ || ends_ || !session_->alive()) return;
    try {
        outside([&] {
            session_->run(session_->close_call(call), step::fetch, session_->end_of_upkeep());
            return true;
        });
    } catch (const error&) {
        // Whoever uses the line next hears what is wrong with it.
    }
}

void line::drop_buried() {
    std::vector<std::shared_ptr<driver::result_state>> gone;
    std::vector<std::shared_ptr<driver::call_state>> calls;
    {
        const std::lock_guard lock(buried_mutex_);
        gone.swap(buried_);
        calls.swap(buried_calls_);
    }
    if (!session_) return;
    try {
        for (const auto& each : gone)
            if (!each->closed) session_->abandon(*each);
        for (const auto& each : calls)
            if (each->rows && !each->more) session_->abandon(*each->rows);
    } catch (const std::exception&) {
        // The end of the connection closes their cursors on the server.
    }
    try {
        for (const auto& each : calls) end(each);
    } catch (...) {
        for (auto& each : calls)
            if (each->more) bury(std::move(each));
        throw;
    }
}

} // namespace irislink::python
