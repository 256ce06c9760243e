// The asynchronous forms. A handler is called once, on its own executor, with everything that can go
// wrong: what keeps an operation from starting and what is wrong with its outcome too.

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/system_executor.hpp>

#include "driver/api/encode.hpp"

namespace irislink {

namespace asio = boost::asio;

using driver::execution;
using session_pointer = std::shared_ptr<driver::session>;

namespace {

// A handler, and its executor, which is kept from running out of work until the handler was called.
template <class... Results> struct delivery {
    using handler_type = asio::any_completion_handler<void(std::exception_ptr, Results...)>;

    delivery(handler_type to, const asio::any_io_executor& home)
        : handler(std::move(to)),
          executor(asio::prefer(asio::get_associated_executor(handler, asio::any_completion_executor(home)), asio::execution::outstanding_work.tracked)) {}

    [[nodiscard]] asio::cancellation_slot slot() const noexcept { return asio::get_associated_cancellation_slot(handler); }

    void hand_over(std::exception_ptr failure, std::tuple<Results...> results) {
        const auto on = std::exchange(executor, nullptr);
        asio::dispatch(on, [to = std::move(handler), failure = std::move(failure), results = std::move(results)]() mutable {
            // The slot is the caller's again.
            if (auto stop = asio::get_associated_cancellation_slot(to); stop.is_connected()) stop.clear();
            std::apply([&](auto&... each) { std::move(to)(std::move(failure), std::move(each)...); }, results);
        });
    }

    handler_type handler;
    asio::any_completion_executor executor;
};

// Starts `make(session)` on the session that `find()` gives; `give` makes the handler's arguments of its
// outcome. All three may throw.
template <class T, class... Results, class Find, class Make, class Give>
void begin(
    const asio::any_io_executor& executor, step at, asio::any_completion_handler<void(std::exception_ptr, Results...)> handler, Find find, Make make, Give give
) {
    // A connection that was not made for asynchronous calls has to say so somewhere.
    const asio::any_io_executor home = executor ? executor : asio::any_io_executor(asio::system_executor());
    const auto to = std::make_shared<delivery<Results...>>(std::move(handler), home);
    try {
        if (!executor)
            throw error(diagnostic{
                errc::out_of_sequence, "HY010", 0, at, "An asynchronous call on a blocking connection", "Make the connection with an executor.", false, 0});
        const session_pointer session = find();
        if (!session) throw error(diagnostic{errc::not_connected, "08003", 0, at, "There is no connection", "Connect first.", true, 0});
        session->start<T>(
            make(*session), at,
            [to, session, give = std::move(give)](std::exception_ptr failure, T out) {
                std::tuple<Results...> results;
                if (!failure) {
                    try {
                        results = give(std::move(out));
                    } catch (...) {
                        failure = std::current_exception();
                    }
                }
                to->hand_over(std::move(failure), std::move(results));
            },
            to->slot()
        );
    } catch (...) {
        asio::post(home, [to, failure = std::current_exception()] { to->hand_over(failure, {}); });
    }
}

asio::awaitable<bool> no_block() {
    co_return false;
}

std::tuple<> nothing(bool) {
    return {};
}

} // namespace

void connection::start_connect(connect_options options, done_handler handler) {
    const auto make_session = [&] {
        if (session_ && (session_->alive() || session_->busy()))
            throw error(diagnostic{
                errc::out_of_sequence, "08002", 0, step::connect,
                session_->alive() ? "The connection is open already" : "The connection is being opened already", "Close it first.", false, 0});
        session_ = std::make_shared<driver::session>(options.resolve(), executor_);
        return session_;
    };
    begin<bool>(
        executor_, step::connect, std::move(handler), make_session, [](driver::session& session) { return driver::as_bool(session.connect()); }, nothing
    );
}

void connection::start_run(std::string sql, std::vector<value> values, bool keys, run_handler handler) {
    begin<execution>(
        executor_, step::statement, std::move(handler), [&] { return session_; },
        [&](driver::session& session) {
            auto scanned = driver::scan_statement(sql);
            if (keys) driver::require_kind(scanned, false);
            auto parameters = driver::encode(values, session.format());
            return session.execute(std::move(scanned), std::move(parameters), !values.empty(), 0, keys);
        },
        [session = session_](execution out) -> std::tuple<std::variant<result, execute_result>> {
            if (!out.rows) return {driver::single_outcome(std::move(out))};
            return {result(session, std::move(out.rows))};
        }
    );
}

void connection::start_call(std::string procedure, std::vector<argument> arguments, call_handler handler) {
    using called = std::shared_ptr<driver::call_state>;
    begin<called>(
        executor_, step::statement, std::move(handler), [&] { return session_; },
        [&](driver::session& session) { return session.call(std::move(procedure), driver::encode(arguments, session.format())); },
        [session = session_](called out) { return std::tuple(call_result(session, std::move(out))); }
    );
}

void connection::start_next_result(call_result& call, block_handler handler) {
    begin<bool>(
        executor_, step::statement, std::move(handler), [&] { return session_; },
        [&](driver::session& session) { return call.state_ ? session.next_result(call.state_) : no_block(); },
        [&call](bool more) {
            if (call.state_) call.take_rows();
            return std::tuple(more);
        }
    );
}

void connection::start_next_block(result& rows, block_handler handler) {
    begin<bool>(
        executor_, step::fetch, std::move(handler), [&] { return session_; },
        [&](driver::session& session) { return rows.state_ ? session.next_block(rows.state_) : no_block(); }, [](bool more) { return std::tuple(more); }
    );
}

void connection::start_finish(bool commit, done_handler handler) {
    begin<bool>(
        executor_, step::statement, std::move(handler), [&] { return session_; },
        [commit](driver::session& session) { return driver::as_bool(session.finish_transaction(commit)); }, nothing
    );
}

} // namespace irislink
