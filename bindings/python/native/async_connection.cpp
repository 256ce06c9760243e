#include "bindings/python/native/async_connection.hpp"

#include <future>
#include <mutex>

#include "bindings/python/native/async_call.hpp"
#include "bindings/python/native/async_line.hpp"
#include "bindings/python/native/async_result.hpp"
#include "bindings/python/native/callback.hpp"
#include "bindings/python/native/connection.hpp"
#include "bindings/python/native/errors.hpp"
#include "bindings/python/native/options.hpp"
#include "bindings/python/native/parameters.hpp"
#include "driver/api/encode.hpp"
#include "wire/codec/secret.hpp"

namespace irislink::python {
namespace {

using driver::execution;

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
        while (const auto each = py::reinterpret_steal<py::object>(or_stay([&] { return PyIter_Next(rows.ptr()); }))) {
            add_set(message_, each, sql_, on_->session()->format(), sent_ + message_.sets + 1);
            if (message_.items.size() >= driver::batch_message_bytes || sql_.parameters == 0) return true;
        }
        if (PyErr_Occurred() != nullptr) throw py::error_already_set();
        return message_.sets > 0;
    }

    // The same from the rows of Arrow data.
    bool fill_arrow(arrow_rows& rows) {
        if (rows.columns() != sql_.parameters) fail_columns(sql_.parameters, rows.columns());
        while (add_arrow_set(message_, rows, sql_, on_->session()->format(), sent_ + message_.sets + 1))
            if (message_.items.size() >= driver::batch_message_bytes) return true;
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

// Takes what the callable of kerberos gives, from any thread, once; the thread that is to get a ticket waits for it. When
// there is nobody left who could answer, that is an answer too.
struct credentials_taker {
    using answer = std::shared_ptr<const kerberos_credentials>;

    std::shared_ptr<std::promise<answer>> to;

    void give(const py::object& given) const {
        to->set_value(answer(new kerberos_credentials(credentials_of(given)), [](kerberos_credentials* gone) {
            wire::secure_zero(gone->password.data(), gone->password.size());
            delete gone;
        }));
    }

    void refuse() const { to->set_value(nullptr); }

    // In a thread of its own; `asks` is the token of the letter that brings a taker.
    [[nodiscard]] static kerberos_credentials ask(mailbox& box, token_type asks) {
        auto to = std::make_shared<std::promise<answer>>();
        auto come = to->get_future();
        box.put({asks, {}, [to = std::move(to)]() -> py::object { return py::cast(credentials_taker{to}); }});
        try {
            if (const auto given = come.get()) return *given;
        } catch (const std::future_error&) {
            // The letter found nobody.
        }
        callback_failed("kerberos");
    }
};

// How to log in, any number of times: settings that were resolved once, and the token of the next login. What Python
// code has to say is asked for by letters and given before, so that the network's thread never waits for it.
class login {
public:
    // `codes`, `tickets`: the tokens of letters that bring a code_taker and a credentials_taker; 0: nobody is asked.
    login(settings& with, std::shared_ptr<mailbox> box, token_type codes, token_type tickets, bool with_token) : box_(std::move(box)) {
        if (codes != 0)
            with.options.two_factor_async([to = box_, codes](std::function<void(std::string)> give) {
                to->put({codes, {}, [give = std::move(give)]() -> py::object { return py::cast(code_taker{give}); }});
            });
        if (tickets != 0) with.options.kerberos([to = box_, tickets] { return credentials_taker::ask(*to, tickets); });
        if (with_token)
            with.options.access_token([from = access_] {
                const std::lock_guard lock(from->mutex);
                return std::string(from->token.reveal());
            });
        settings_ = with.options.resolve();
    }

    void give_token(const py::object& given) {
        const auto token = secret_text(given, "access_token");
        const std::lock_guard lock(access_->mutex);
        access_->token = wire::secret(token);
    }

    // A code is good for one login.
    [[nodiscard]] bool has_stored_code() const { return !settings_->two_factor_token.empty(); }

    [[nodiscard]] std::shared_ptr<async_line> line() const { return std::make_shared<async_line>(settings_, box_); }

private:
    struct access {
        std::mutex mutex;
        wire::secret token;
    };

    std::shared_ptr<mailbox> box_;
    std::shared_ptr<access> access_{std::make_shared<access>()};
    std::shared_ptr<const driver::connection_settings> settings_;
};

class async_connection {
public:
    explicit async_connection(const login& with) : line_(with.line()) {}

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
                if (done.rows) return py::cast(std::make_shared<async_result>(line, std::move(done.rows)));
                return py::int_(done.counts.empty() ? 0 : done.counts.front());
            }
        );
    }

    [[nodiscard]] std::shared_ptr<async_call> call(std::string_view text, const py::object& values) {
        return std::make_shared<async_call>(line_, text, values);
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

    // A sign of life, and a state as new, within the time that upkeep may take: for pools.
    void upkeep(token_type token, bool reset) {
        const auto end = line_->session()->end_of_upkeep();
        line_->start(
            token, step::statement, [reset](driver::session& on) { return reset ? on.reset() : on.ping(); }, end
        );
    }

    void reset(token_type token) {
        line_->start(token, step::statement, [](driver::session& on) { return on.reset(); });
    }

    void close(token_type token) {
        line_->start(token, step::disconnect, [](driver::session& on) { return on.disconnect(); });
    }

    // Without a word.
    void abort() { line_->abort(); }

    void stop() { line_->stop(); }

    [[nodiscard]] bool autocommit() const { return line_->session()->autocommit(); }

    [[nodiscard]] bool is_open() const { return line_->session()->alive(); }

    [[nodiscard]] bool of_this_process() const { return line_->of_this_process(); }

    // A reset would leave it in the namespace of whoever had it.
    [[nodiscard]] bool namespace_changed() const { return line_->session()->namespace_changed(); }

    [[nodiscard]] py::dict info() const { return info_of(*line_->session()); }

private:
    std::shared_ptr<async_line> line_;
};

} // namespace

void bind_async_connection(py::module_& module) {
    py::class_<code_taker>(module, "CodeTaker").def("__call__", [](const code_taker& to, const py::object& code) {
        to.give(std::string(secret_text(code, "code")));
    });
    py::class_<credentials_taker>(module, "CredentialsTaker")
        .def("__call__", &credentials_taker::give, py::arg("credentials"))
        .def("refuse", &credentials_taker::refuse);
    py::class_<login>(module, "Login", "How to log in, any number of times.")
        .def(
            py::init<settings&, std::shared_ptr<mailbox>, token_type, token_type, bool>(), py::arg("settings"), py::arg("mailbox"), py::arg("codes"),
            py::arg("tickets"), py::arg("with_token")
        )
        .def("give_token", &login::give_token, py::arg("token"))
        .def_property_readonly("has_stored_code", &login::has_stored_code);
    py::class_<async_batch>(module, "AsyncBatch")
        .def("fill", &async_batch::fill, py::arg("rows"))
        .def("fill_arrow", &async_batch::fill_arrow, py::arg("rows"))
        .def("send", &async_batch::send, py::arg("token"))
        .def_property_readonly("total", &async_batch::total)
        .def_property_readonly("failure", &async_batch::failure);
    py::class_<async_connection>(module, "AsyncConnection")
        .def(py::init<const login&>(), py::arg("login"))
        .def("connect", &async_connection::connect, py::arg("token"))
        .def("execute", &async_connection::execute, py::arg("token"), py::arg("sql"), py::arg("values"))
        .def("call", &async_connection::call, py::arg("text"), py::arg("values"))
        .def("batch", &async_connection::batch, py::arg("sql"))
        .def("finish", &async_connection::finish, py::arg("token"), py::arg("commit"))
        .def("set_autocommit", &async_connection::set_autocommit, py::arg("token"), py::arg("on"))
        .def("isolation", &async_connection::isolation, py::arg("token"), py::arg("level"))
        .def("ping", &async_connection::ping, py::arg("token"))
        .def("upkeep", &async_connection::upkeep, py::arg("token"), py::arg("reset"))
        .def("reset", &async_connection::reset, py::arg("token"))
        .def("close", &async_connection::close, py::arg("token"))
        .def("abort", &async_connection::abort)
        .def("stop", &async_connection::stop)
        .def_property_readonly("autocommit", &async_connection::autocommit)
        .def_property_readonly("is_open", &async_connection::is_open)
        .def_property_readonly("of_this_process", &async_connection::of_this_process)
        .def_property_readonly("namespace_changed", &async_connection::namespace_changed)
        .def("info", &async_connection::info);
}

} // namespace irislink::python
