#include "bindings/python/native/connection.hpp"

#include <pybind11/stl.h>

#include "bindings/python/native/call.hpp"
#include "bindings/python/native/columnar.hpp"
#include "bindings/python/native/options.hpp"
#include "bindings/python/native/parameters.hpp"
#include "bindings/python/native/result.hpp"
#include "driver/api/encode.hpp"

namespace irislink::python {
namespace {

using driver::execution;

// A call that was made, and the results that it gives one after another.
class call {
public:
    call(std::shared_ptr<line> on, std::shared_ptr<driver::call_state> state)
        : on_(std::move(on)), state_(std::move(state)), there_(std::make_shared<call_on_server<line>>(on_, state_)) {}

    // The current result set, once; null when there is none.
    [[nodiscard]] std::unique_ptr<result> rows() const {
        const auto session = on_->session();
        return state_->rows && session ? std::make_unique<result>(on_, session, state_->rows, there_) : nullptr;
    }

    // The next one; the current one is at its end, whether it was read or not.
    [[nodiscard]] std::unique_ptr<result> next() const {
        const line::hold held(*on_);
        if (!held.run<bool>(held.session().next_result(state_), step::statement)) return nullptr;
        return rows();
    }

    // No more of them are wanted.
    void close() const {
        const line::hold held(*on_);
        held.end(state_);
    }

    [[nodiscard]] std::int64_t changed() const noexcept { return state_->changed; }

private:
    std::shared_ptr<line> on_;
    std::shared_ptr<driver::call_state> state_;
    std::shared_ptr<call_on_server<line>> there_;
};

class connection {
public:
    explicit connection(settings& with) : line_(std::make_shared<line>(with.options.resolve(), with.from_callbacks)) {}

    // (result, None, number) of a query, (None, rows changed, number) of anything else: the number of the statement on this
    // connection, taken before another thread may execute something.
    py::tuple execute(const std::string& sql, const py::object& values, std::int64_t max_rows) {
        const auto scanned = driver::scan_statement(sql);
        auto parameters = encode_set(values, scanned, opened()->format());
        const line::hold held(*line_);
        auto done = run(held, scanned, std::move(parameters), scanned.parameters > 0, max_rows);
        const auto number = statements();
        if (done.failure) throw error(*std::move(done.failure));
        if (done.rows) {
            auto rows = std::make_unique<result>(line_, opened(), std::move(done.rows));
            return tuple_of(std::move(rows), py::none(), number);
        }
        return tuple_of(py::none(), done.counts.empty() ? 0 : done.counts.front(), number);
    }

    // (call, values, what the procedure returned).
    py::tuple call_procedure(std::string_view text, const py::object& values) {
        call_request request(text, values, opened()->format());
        std::shared_ptr<driver::call_state> done;
        {
            const line::hold held(*line_);
            ++line_->statements;
            done = held.run<std::shared_ptr<driver::call_state>>(request.send(held.session()), step::statement);
        }
        auto made = std::make_unique<call>(line_, done);
        // Before the results: their end is that of long values that come out.
        result output(line_, row_reader(opened(), done->output, plan_outputs(*done)));
        py::tuple row;
        if (!done->modes.empty()) {
            const auto got = output.fetch_one(false);
            if (got.is_none())
                throw error(diagnostic{errc::protocol_error, "08S01", 461, step::statement, "The parameters of the call are incomplete", "", true, 0});
            row = got;
        }
        const auto outcome = request.outcome(*done, row);
        return tuple_of(std::move(made), outcome[0], outcome[1]);
    }

    // (rows changed, exception or None, counts). The line is not held while Python code makes the rows.
    py::tuple execute_many(const std::string& sql, const py::object& rows) {
        batch_run done(*this, sql);
        const auto source = called([&] { return PyObject_GetIter(rows.ptr()); });
        while (const auto each = py::reinterpret_steal<py::object>(or_stay([&] { return PyIter_Next(source.ptr()); }))) {
            if (!done.add([&] {
                    add_set(done.message, each, done.sql, done.session->format(), done.next_number());
                    return true;
                }))
                break;
        }
        if (PyErr_Occurred() != nullptr) throw py::error_already_set();
        return done.finish();
    }

    // The same from the capsules of Arrow's stream or array interface.
    py::tuple execute_arrow(const std::string& sql, const py::object& capsules) {
        batch_run done(*this, sql);
        arrow_rows rows(capsules);
        if (rows.columns() != done.sql.parameters) fail_columns(done.sql.parameters, rows.columns());
        while (done.add([&] { return add_arrow_set(done.message, rows, done.sql, done.session->format(), done.next_number()); })) {
        }
        return done.finish();
    }

    void commit(bool keep) {
        const line::hold held(*line_);
        ++line_->statements;
        held.run(held.session().finish_transaction(keep), step::statement);
    }

    void set_autocommit(bool on) {
        const line::hold held(*line_);
        if (held.session().autocommit() != on) held.run(held.session().set_autocommit(on), step::statement);
    }

    [[nodiscard]] bool autocommit() const { return opened()->autocommit(); }

    int isolation(int level) {
        const line::hold held(*line_);
        return held.run<int>(held.session().set_isolation(level), step::statement);
    }

    void ping() {
        const line::hold held(*line_);
        held.run(held.session().ping(), step::statement);
    }

    void reset() {
        const line::hold held(*line_);
        ++line_->statements;
        held.run(held.session().reset(), step::statement);
    }

    bool two_factor_required() {
        const line::hold held(*line_);
        return held.run<bool>(held.session().two_factor_required(), step::second_factor);
    }

    // The code is a secret: pybind11 would show an argument of another type.
    void send_two_factor(const py::object& given) {
        const auto code = secret_text(given, "code");
        const line::hold held(*line_);
        held.run(held.session().send_two_factor(wire::secret(code)), step::second_factor);
    }

    bool cancel() { return line_->cancel(); }

    void close(bool at_exit) {
        const without_gil others_go_on;
        line_->close(at_exit);
    }

    [[nodiscard]] bool is_open() const { return line_->is_open(); }

    [[nodiscard]] bool is_closed() const { return line_->session() == nullptr; }

    [[nodiscard]] std::uint64_t statements() const { return line_->statements; }

    [[nodiscard]] py::dict info() const { return info_of(*opened()); }

private:
    // A batch under way: sets of values in messages of bounded size.
    struct batch_run {
        batch_run(connection& of, const std::string& text) : on(of), sql(driver::scan_statement(text)), session(of.opened()) {
            if (sql.kind == driver::statement_kind::query)
                fail_call("HY000", "A statement that returns rows cannot be executed many times at once", "Use execute().");
            message.sets = 0;
        }

        // Of the set that comes next, from 1.
        [[nodiscard]] std::size_t next_number() const { return sent + message.sets + 1; }

        // `one` adds a set, or says that there is none left. A value that cannot be sent ends the batch: what was changed
        // before is told all the same.
        template <class One> [[nodiscard]] bool add(const One& one) {
            try {
                if (!one()) return false;
            } catch (const error& failed) {
                done.failure = failed.record();
                return false;
            }
            return added();
        }

        [[nodiscard]] py::tuple finish() {
            if (!done.failure) (void)send();
            auto counts = new_list();
            for (const auto each : done.counts) counts.append(each);
            return tuple_of(done.total(), done.failure ? exception_of(*done.failure) : py::object(py::none()), std::move(counts));
        }

        connection& on;
        driver::scanned_statement sql;
        std::shared_ptr<driver::session> session;
        driver::encoded_parameters message;
        batch_result done;
        std::size_t sent{0};

    private:
        // A set was added to the message, which is sent when it is large. False: the batch has failed.
        // A statement without parameters has no sets to tell apart.
        [[nodiscard]] bool added() { return message.items.size() < driver::batch_message_bytes && sql.parameters > 0 ? true : send(); }

        [[nodiscard]] bool send() {
            const std::size_t sets = message.sets;
            if (sets == 0) return true;
            auto parameters = std::exchange(message, {});
            message.sets = 0;
            try {
                const line::hold held(*on.line_);
                (void)driver::add_outcome(done, on.run(held, sql, std::move(parameters), true, 0), sets);
            } catch (const error& failed) {
                driver::add_failure(done, failed, sent, sets);
            }
            sent += sets;
            return !done.failure;
        }
    };

    [[nodiscard]] std::shared_ptr<driver::session> opened() const {
        auto out = line_->session();
        if (!out) line::fail_closed();
        return out;
    }

    execution run(const line::hold& held, const driver::scanned_statement& sql, driver::encoded_parameters parameters, bool keep, std::int64_t max_rows) {
        ++line_->statements;
        return held.run<execution>(held.session().execute(sql, std::move(parameters), keep, max_rows), step::statement);
    }

    std::shared_ptr<line> line_;
};

} // namespace

py::dict info_of(const driver::session& of) {
    const auto& facts = of.facts();
    py::dict out;
    out["version"] = shown(facts.version);
    out["address"] = shown(facts.address);
    out["protocol"] = facts.protocol;
    out["job"] = facts.job;
    out["namespace"] = shown(of.settings().name_space);
    out["user"] = shown(of.settings().user);
    out["tls_version"] = shown(facts.tls.version);
    out["tls_cipher"] = shown(facts.tls.cipher);
    out["tls_check"] = shown(facts.tls.check);
    out["kerberos_principal"] = shown(facts.kerberos.principal);
    out["kerberos_service"] = shown(facts.kerberos.service);
    return out;
}

void bind_connection(py::module_& module) {
    module.def("is_call", &call_request::is_call, py::arg("text"));
    py::class_<call>(module, "Call", "A call of a procedure that was made.")
        .def("rows", &call::rows, "The current result set, to be taken once; None when there is none.")
        .def("next", &call::next, "The next result set, or None.")
        .def("close", &call::close)
        .def_property_readonly("changed", &call::changed);
    py::class_<connection>(module, "Connection", "A connection. cancel() may be called from any thread; other calls wait for each other.")
        .def(py::init<settings&>(), py::arg("settings"))
        .def("execute", &connection::execute, py::arg("sql"), py::arg("values"), py::arg("max_rows") = 0)
        .def("call", &connection::call_procedure, py::arg("text"), py::arg("values"))
        .def("execute_many", &connection::execute_many, py::arg("sql"), py::arg("rows"))
        .def("execute_arrow", &connection::execute_arrow, py::arg("sql"), py::arg("capsules"))
        .def("commit", [](connection& on) { on.commit(true); })
        .def("rollback", [](connection& on) { on.commit(false); })
        .def_property("autocommit", &connection::autocommit, &connection::set_autocommit)
        .def("isolation", &connection::isolation, py::arg("level"), "Sets the isolation level, or asks for it with 0; returns the one in force.")
        .def("ping", &connection::ping)
        .def("reset", &connection::reset)
        .def("two_factor_required", &connection::two_factor_required)
        .def("send_two_factor", &connection::send_two_factor, py::arg("code"))
        .def("cancel", &connection::cancel)
        .def("close", &connection::close, py::arg("at_exit") = false)
        .def_property_readonly("is_open", &connection::is_open)
        .def_property_readonly("is_closed", &connection::is_closed)
        .def_property_readonly("statements", &connection::statements)
        .def("info", &connection::info);
}

} // namespace irislink::python
