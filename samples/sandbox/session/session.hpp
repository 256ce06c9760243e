#pragma once
// One client connection, from HS to DC: reads messages, answers them, keeps the state between them.
// run() belongs to one thread; cancel() and shut_down() may come from any.

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "samples/sandbox/audit/audit_log.hpp"
#include "samples/sandbox/auth/login_policy.hpp"
#include "samples/sandbox/server/connection_facts.hpp"
#include "samples/sandbox/server/transport.hpp"
#include "samples/sandbox/session/rows.hpp"
#include "samples/sandbox/sql/engine.hpp"
#include "wire/frame/frame_assembler.hpp"
#include "wire/messages/execute.hpp"
#include "wire/messages/message.hpp"
#include "wire/messages/procedure.hpp"

namespace irislink::sandbox {

// What sessions need of the server around them.
class session_host {
public:
    session_host() = default;
    session_host(const session_host&) = delete;
    session_host& operator=(const session_host&) = delete;
    virtual ~session_host() = default;

    [[nodiscard]] virtual const sandbox_config& config() const noexcept = 0;
    [[nodiscard]] virtual const login_policy& policy() const noexcept = 0;
    [[nodiscard]] virtual second_factor& factors() noexcept = 0;
    [[nodiscard]] virtual audit_log& audit() noexcept = 0;
    [[nodiscard]] virtual sql::database& database() noexcept = 0;
    // Cancels statement `statement` of job `job` when it belongs to `user`; false when it may not.
    virtual bool cancel(std::int64_t job, std::uint32_t statement, const std::string& user) = 0;
};

class session : private sql::account_service {
public:
    session(session_host& host, std::unique_ptr<transport> stream, std::int64_t job, connection_facts facts);
    ~session() override;
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    void run(); // until the client goes

    // The time that the line has used already counts against the login. Before run().
    void set_login_deadline(deadline until) noexcept { login_deadline_ = until; }

    void shut_down() noexcept { stream_->shut_down(); }

    // Stops the statement if it is running now; otherwise does nothing.
    void cancel(std::uint32_t target);
    // Stops whatever runs, and all that comes: the server ends.
    void end();
    [[nodiscard]] std::string user() const;

    // Where the client is and how its line is protected.
    [[nodiscard]] const connection_facts& facts() const noexcept { return facts_; }

private:
    // How long a client that was refused may stay to ask for the text.
    static constexpr std::chrono::seconds refusal_grace{2};

    // pending: the second factor is due; refused: it was wrong
    enum class state { greeting, login, pending, refused, ready, closing };

    // A result set of a procedure. Its rows are kept encoded, unless it is the last thing of the body.
    struct routine_result {
        std::vector<sql::column_info> columns;
        std::deque<wire::byte_buffer> kept;
        std::unique_ptr<sql::cursor> rows;
    };

    struct statement {
        std::string text;
        std::vector<std::int64_t> hints;
        std::shared_ptr<sql::prepared> compiled;
        std::unique_ptr<sql::cursor> rows;
        std::vector<sql::column_info> columns; // of the open cursor, or of a catalog answer
        bool key_wanted{false};
        std::optional<std::int64_t> key;
        // Static cursors keep their rows as encoded items.
        std::vector<wire::byte_buffer> kept;
        std::uint64_t opened{0};
        // A procedure: its description, and the results of a call that are due after the current one.
        std::optional<sql::routine_info> routine;
        std::deque<routine_result> results;
        std::deque<wire::byte_buffer> waiting; // encoded rows that come before those of `rows`

        [[nodiscard]] bool open() const noexcept { return rows != nullptr || !waiting.empty(); }

        void take_result(routine_result&& result);
    };

    struct handler_entry;
    using handler = void (session::*)(const wire::message&);
    [[nodiscard]] static handler find_handler(wire::function_code code);

    // session.cpp
    bool receive(wire::message& in);
    void dispatch(const wire::message& in);
    template <class M> void reply(const wire::message& to, const M& body, std::uint16_t status = 0);
    void fail(const wire::message& to, const sql::sql_error& error);
    void refuse(const wire::message& to, std::string text, std::uint16_t status = 417);
    template <class M> [[nodiscard]] M decode(const wire::message& in) const;
    [[nodiscard]] bool flush();

    // session_login.cpp
    void change_password(std::string_view user, std::string_view password) override;
    void refuse_login(const wire::message& in, const std::string& reason, const std::string& client_text, int status = 417);
    void audit(audit_event event, int status, std::string description);
    [[nodiscard]] std::string finish_login();
    void hello(const wire::message& in);
    void login(const wire::message& in);
    void reset(const wire::message& in);
    void become_ready();
    [[nodiscard]] bool admit(const wire::message& in); // session_factor.cpp, as what follows
    void refuse_factor(const wire::message& in, std::string_view reason);
    void two_factor_query(const wire::message& in);
    void two_factor_token(const wire::message& in);

    // session_control.cpp
    void disconnect(const wire::message& in);
    void ping(const wire::message& in);
    void benchmark_ping(const wire::message& in);
    void error_text(const wire::message& in);
    void cancel_other(const wire::message& in);
    void autocommit_on(const wire::message& in);
    void autocommit_off(const wire::message& in);
    void commit(const wire::message& in);
    void rollback(const wire::message& in);
    void in_transaction(const wire::message& in);
    void isolation(const wire::message& in);
    void read_uncommitted(const wire::message& in);
    void read_committed(const wire::message& in);
    void prefetch(const wire::message& in);
    void stream_prefetch(const wire::message& in);
    void client_info(const wire::message& in);
    void current_schema(const wire::message& in);
    void drop_statements(const wire::message& in);
    void drop_statement(const wire::message& in);
    void close_cursor(const wire::message& in);

    // session_statement.cpp
    void prepare(const wire::message& in);
    void direct_query(const wire::message& in);
    void direct_update(const wire::message& in);
    void prepared_query(const wire::message& in);
    void prepared_update(const wire::message& in);
    void fetch(const wire::message& in);
    void generated_keys(const wire::message& in);
    void statement_batch(const wire::message& in);
    void static_direct_query(const wire::message& in);
    void static_prepared_query(const wire::message& in);
    void static_fetch(const wire::message& in);
    statement& create(const wire::message& in, const std::string& text, const std::vector<wire::parameter_info>& parameters);
    statement* find(const wire::message& in);
    statement* find_current(const wire::message& in);
    void drop(std::uint32_t id);
    void open(const wire::message& in, statement& st, const wire::parameter_values& values, std::int64_t timeout, std::int64_t max_rows);
    void send_rows(const wire::message& in, statement& st);
    [[nodiscard]] bool append_rows(wire::writer& body, statement& st, std::uint32_t id);
    void keep_rows(const wire::message& in, statement& st, const wire::parameter_values& values, std::int64_t timeout, std::int64_t max_rows);
    std::vector<std::int64_t>
    update(const wire::message& in, statement& st, const wire::parameter_values& values, const wire::key_request& key, std::optional<sql::sql_error>& failure);
    [[nodiscard]] wire::query_reply describe(const statement& st) const;

    // session_catalog.cpp
    void catalog(const wire::message& in);

    // session_procedure.cpp
    void describe_procedure(const wire::message& in);
    void procedure_update(const wire::message& in);
    void procedure_query(const wire::message& in);
    void direct_procedure(const wire::message& in);
    void multi_result(const wire::message& in);
    void next_result(const wire::message& in);
    statement& create_routine(const wire::message& in, const std::string& name);
    statement* find_routine(const wire::message& in);
    sql::call_outcome call(const wire::message& in, statement& st, const wire::parameter_values& values, std::int64_t timeout, std::int64_t max_rows);
    void write_output(wire::writer& out, std::uint32_t id, const sql::routine_info& routine, const sql::call_outcome& outcome, std::size_t sent);
    [[nodiscard]] bool take_next(statement& st, std::uint32_t id, wire::next_result_reply& out, wire::byte_buffer& rows);

    // session_stream.cpp
    void stream_size(const wire::message& in);
    void stream_read(const wire::message& in);
    void stream_range(const wire::message& in);
    void stream_piece(const wire::message& in);
    void stream_close(const wire::message& in);
    void stream_release(const wire::message& in);
    void store_binary(const wire::message& in);
    void store_text(const wire::message& in);
    template <class M> void store(const wire::message& in, const M& request, bool binary);

    session_host* host_;
    std::unique_ptr<transport> stream_;
    std::int64_t job_;
    connection_facts facts_;
    state state_{state::greeting};
    deadline login_deadline_;
    login_outcome login_;
    audit_record who_; // what audit records of this session have in common
    bool logged_in_{false};
    bool cancels_{false}; // has cancelled somebody, which needs no second factor
    std::unique_ptr<pending_factor> pending_;
    std::optional<bool> later_autocommit_; // said before the second factor
    std::optional<int> later_isolation_;
    wire::frame_assembler assembler_;
    wire::session_format format_;
    wire::byte_buffer out_;
    std::size_t block_bytes_;
    std::unique_ptr<sql::session> engine_;
    std::map<std::uint32_t, statement> statements_;
    std::uint64_t opened_{0};
    stream_table streams_;
    int last_error_{0};
    std::string last_error_text_;

    mutable std::mutex mutex_; // of what cancel() sees
    std::string user_;
    std::optional<std::uint32_t> running_;
};

template <class M> void session::reply(const wire::message& to, const M& body, std::uint16_t status) {
    if (const auto error = wire::append_reply(out_, body, to.id, to.statement, status, format_))
        throw sql::sql_error(400, "The answer could not be encoded: " + error.message(), "ServerLoop");
}

// A message that cannot be decoded says so to its sender, who may have counted on an answer.
template <class M> M session::decode(const wire::message& in) const {
    M out;
    if (const auto error = wire::decode_body(in.body, format_, out))
        throw sql::sql_error(452, "Malformed " + in.code.name() + " message: " + error.message(), "ServerLoop");
    return out;
}

} // namespace irislink::sandbox
