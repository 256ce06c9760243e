#include "bindings/python/native/async_connection.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>

#include "bindings/python/native/line.hpp"
#include "bindings/python/native/mailbox.hpp"
#include "bindings/python/native/options.hpp"
#include "bindings/python/native/parameters.hpp"
#include "bindings/python/native/result.hpp"
#include "driver/api/encode.hpp"

namespace irislink::python {
namespace {

using driver::execution;
using token_type = std::uint64_t;
using session_pointer = std::shared_ptr<driver::session>;

// The line of an asynchronous connection: the session, which belongs to the network's thread, and the results that
// are to be buried in there.
class async_line : public std::enable_shared_from_this<async_line> {
public:
    async_line(std::shared_ptr<const driver::connection_settings> settings, std::shared_ptr<mailbox> box)
        : session_(std::make_shared<driver::session>(std::move(settings), network_thread().get_executor())), box_(std::move(box)) {}

    ~async_line() {
        asio::post(session_->executor(), [gone = session_] { gone->shut_down(); });
    }

    async_line(const async_line&) = delete;
    async_line& operator=(const async_line&) = delete;

    [[nodiscard]] const session_pointer& session() const noexcept { return session_; }

    // Starts what `make` makes; `give` makes a Python object of what became of it, in the loop's thread.
    template <class T, class Make, class Give> void start(token_type token, step at, Make make, Give give) {
        const auto stop = std::make_shared<asio::cancellation_signal>();
        stop_ = stop;
        asio::post(session_->executor(), [self = shared_from_this(), token, at, stop, make = std::move(make), give = std::move(give)]() mutable {
            const auto& session = self->session_;
            self->drop_buried();
            const auto answer = [self, token, stop](std::exception_ptr failed, std::function<py::object()> value) {
                self->box_->put({token, std::move(failed), std::move(value)});
            };
            try {
                auto work = make(*session);
                session->template start<T>(
                    std::move(work), at,
                    [answer, give = std::move(give)](std::exception_ptr failed, T out) {
                        if (failed) return answer(std::move(failed), {});
                        const auto kept = std::make_shared<T>(std::move(out));
                        answer({}, [give, kept] { return give(std::move(*kept)); });
                    },
                    stop->slot()
                );
            } catch (...) {
                answer(std::current_exception(), {});
            }
        });
    }

    // For what gives nothing.
    template <class Make> void start(token_type token, step at, Make make) {
        start<bool>(
            token, at, [make = std::move(make)](driver::session& on) { return driver::as_bool(make(on)); }, [](bool) -> py::object { return py::none(); }
        );
    }

    // Stops the operation that was started last, should it be under way.
    void stop() {
        if (stop_) asio::post(session_->executor(), [signal = stop_] { signal->emit(asio::cancellation_type::terminal); });
    }

    void bury(std::shared_ptr<driver::result_state> gone) {
        const std::lock_guard lock(mutex_);
        buried_.push_back(std::move(gone));
    }

    [[nodiscard]] const std::shared_ptr<mailbox>& box() const noexcept { return box_; }

private:
    void drop_buried() {
        std::vector<std::shared_ptr<driver::result_state>> gone;
        {
            const std::lock_guard lock(mutex_);
            gone.swap(buried_);
        }
        for (const auto& each : gone)
            if (!each->closed) session_->abandon(*each);
    }

    session_pointer session_;
    std::shared_ptr<mailbox> box_;
    std::shared_ptr<asio::cancellation_signal> stop_;
    std::mutex mutex_;
    std::vector<std::shared_ptr<driver::result_state>> buried_;
};

class async_result {
public:
    async_result(std::shared_ptr<async_line> on, std::shared_ptr<driver::result_state> state)
        : on_(std::move(on)), reader_(std::make_shared<row_reader>(on_->session(), std::move(state))) {}

    ~async_result() { close(); }

    async_result(const async_result&) = delete;
    async_result& operator=(const async_result&) = delete;

    // Appends rows until there are `count`. False when fetch() is wanted first; None at the end of the rows.
    py::object read(const py::list& rows, py::ssize_t count) {
        const auto before = PyList_GET_SIZE(rows.ptr());
        auto wanted = row_reader::wants::block;
        if (!ended_ && !reader_->state()->closed)
            wanted = reader_->read(rows, count < 0 ? static_cast<std::size_t>(PY_SSIZE_T_MAX) : static_cast<std::size_t>(count), false);
        rows_ += static_cast<std::uint64_t>(PyList_GET_SIZE(rows.ptr()) - before);
        if (wanted == row_reader::wants::nothing) return py::bool_(true);
        if (ended_) return py::none();
        content_ = wanted == row_reader::wants::content;
        return py::bool_(false);
    }

    // What read() wants.
    void fetch(token_type token) {
        if (content_) {
            const auto source = reader_->pending();
            on_->start<std::string>(
                token, step::fetch, [source](driver::session& on) { return on.read_long(source); },
                [reader = reader_, source](std::string content) -> py::object {
                    reader->give_content(std::move(content), source->null);
                    return py::none();
                }
            );
            return;
        }
        on_->start<bool>(
            token, step::fetch, [state = reader_->state()](driver::session& on) { return on.next_block(state); },
            [](bool more) -> py::object { return py::bool_(more); }
        );
    }

    void end() { ended_ = true; }

    void close() {
        if (!std::exchange(closed_, true)) on_->bury(reader_->state());
    }

    [[nodiscard]] py::object description() const { return description_of(reader_->state()->columns); }

    [[nodiscard]] std::uint64_t row_number() const noexcept { return rows_; }

private:
    std::shared_ptr<async_line> on_;
    std::shared_ptr<row_reader> reader_;
    std::uint64_t rows_{0};
    bool content_{false};
    bool ended_{false};
    bool closed_{false};
};

// Sets on their way, message after message.
class async_batch {
public:
    async_batch(std::shared_ptr<async_line> on, const std::string& sql) : on_(std::move(on)), sql_(driver::scan_statement(sql)) {
        if (sql_.kind == driver::statement_kind::query)
            fail_call("HY000", "A statement that returns rows cannot be executed many times at once", "Use execute().");
        message_.sets = 0;
    }

    // Takes rows until the message is full. False when there is nothing to send.
    bool fill(const py::object& rows) {
        while (const auto each = py::reinterpret_steal<py::object>(PyIter_Next(rows.ptr()))) {
            add_set(message_, each, sql_, on_->session()->format(), sent_ + message_.sets + 1);
            if (message_.items.size() >= driver::batch_message_bytes || sql_.parameters == 0) return true;
        }
        if (PyErr_Occurred() != nullptr) throw py::error_already_set();
        return message_.sets > 0;
    }

    // Sends it; the answer is whether to go on.
    void send(token_type token) {
        const std::size_t sets = message_.sets;
        auto message = std::exchange(message_, {});
        message_.sets = 0;
        on_->start<execution>(
            token, step::statement,
            [sql = sql_, message = std::move(message)](driver::session& on) mutable { return on.execute(sql, std::move(message), true, 0); },
            [done = done_, sets](execution what) -> py::object { return py::bool_(driver::add_outcome(*done, std::move(what), sets)); }
        );
        sent_ += sets;
    }

    [[nodiscard]] std::int64_t total() const { return done_->total(); }

    [[nodiscard]] py::object failure() const { return done_->failure ? exception_of(*done_->failure) : py::none(); }

private:
    std::shared_ptr<async_line> on_;
    driver::scanned_statement sql_;
    driver::encoded_parameters message_;
    std::shared_ptr<batch_result> done_{std::make_shared<batch_result>()};
    std::size_t sent_{0};
};

// Takes the one-time code that the server waits for, from any thread, once.
struct code_taker {
    std::function<void(std::string)> give;
};

class async_connection {
public:
    async_connection(settings& with, std::shared_ptr<mailbox> box, token_type asks) {
        // Asked by a letter, so that the network's thread need not wait.
        if (asks != 0)
            with.options.two_factor_async([box, asks](std::function<void(std::string)> give) {
                box->put({asks, {}, [give = std::move(give)]() -> py::object { return py::cast(code_taker{give}); }});
            });
        line_ = std::make_shared<async_line>(with.options.resolve(), std::move(box));
    }

    void connect(token_type token) {
        line_->start(token, step::connect, [](driver::session& on) { return on.connect(); });
    }

    void execute(token_type token, const std::string& sql, const py::object& values) {
        auto scanned = driver::scan_statement(sql);
        auto parameters = encode_set(values, scanned, line_->session()->format());
        const bool keep = scanned.parameters > 0;
        line_->start<execution>(
            token, step::statement,
            [scanned = std::move(scanned), parameters = std::move(parameters), keep](driver::session& on) mutable {
                return on.execute(scanned, std::move(parameters), keep, 0);
            },
            [line = line_](execution done) -> py::object {
                if (done.failure) throw error(*std::move(done.failure));
                if (done.rows) return py::cast(std::make_unique<async_result>(line, std::move(done.rows)));
                return py::int_(done.counts.empty() ? 0 : done.counts.front());
            }
        );
    }

    [[nodiscard]] std::unique_ptr<async_batch> batch(const std::string& sql) { return std::make_unique<async_batch>(line_, sql); }

    void finish(token_type token, bool commit) {
        line_->start(token, step::statement, [commit](driver::session& on) { return on.finish_transaction(commit); });
    }

    void set_autocommit(token_type token, bool on) {
        line_->start(token, step::statement, [on](driver::session& session) { return session.set_autocommit(on); });
    }

    void isolation(token_type token, int level) {
        line_->start<int>(
            token, step::statement, [level](driver::session& on) { return on.set_isolation(level); }, [](int now) -> py::object { return py::int_(now); }
        );
    }

    void ping(token_type token) {
        line_->start(token, step::statement, [](driver::session& on) { return on.ping(); });
    }

    void close(token_type token) {
        line_->start(token, step::disconnect, [](driver::session& on) { return on.disconnect(); });
    }

    // Without a word.
    void abort() {
        asio::post(line_->session()->executor(), [gone = line_->session()] { gone->shut_down(); });
    }

    void stop() { line_->stop(); }

    [[nodiscard]] bool autocommit() const { return line_->session()->autocommit(); }

    [[nodiscard]] bool is_open() const { return line_->session()->alive(); }

private:
    std::shared_ptr<async_line> line_;
};

} // namespace

void bind_async_connection(py::module_& module) {
    py::class_<code_taker>(module, "CodeTaker").def("__call__", [](const code_taker& to, std::string code) { to.give(std::move(code)); });
    py::class_<async_result>(module, "AsyncResult")
        .def("read", &async_result::read, py::arg("rows"), py::arg("count"))
        .def("fetch", &async_result::fetch, py::arg("token"))
        .def("end", &async_result::end)
        .def("close", &async_result::close)
        .def_property_readonly("description", &async_result::description)
        .def_property_readonly("row_number", &async_result::row_number);
    py::class_<async_batch>(module, "AsyncBatch")
        .def("fill", &async_batch::fill, py::arg("rows"))
        .def("send", &async_batch::send, py::arg("token"))
        .def_property_readonly("total", &async_batch::total)
        .def_property_readonly("failure", &async_batch::failure);
    py::class_<async_connection>(module, "AsyncConnection")
        .def(py::init<settings&, std::shared_ptr<mailbox>, token_type>(), py::arg("settings"), py::arg("mailbox"), py::arg("asks"))
        .def("connect", &async_connection::connect, py::arg("token"))
        .def("execute", &async_connection::execute, py::arg("token"), py::arg("sql"), py::arg("values"))
        .def("batch", &async_connection::batch, py::arg("sql"))
        .def("finish", &async_connection::finish, py::arg("token"), py::arg("commit"))
        .def("set_autocommit", &async_connection::set_autocommit, py::arg("token"), py::arg("on"))
        .def("isolation", &async_connection::isolation, py::arg("token"), py::arg("level"))
        .def("ping", &async_connection::ping, py::arg("token"))
        .def("close", &async_connection::close, py::arg("token"))
        .def("abort", &async_connection::abort)
        .def("stop", &async_connection::stop)
        .def_property_readonly("autocommit", &async_connection::autocommit)
        .def_property_readonly("is_open", &async_connection::is_open);
}

} // namespace irislink::python
