#pragma once
// The engine-room API that every front sits on: one authenticated conversation with a server.
//
// Operations are coroutines on one executor: the same code serves blocking calls, which run a private
// io_context in the caller's thread, and asynchronous ones. (Coroutines rather than hand-written
// state machines: the protocol core below is sans-I/O already and tested without sockets; what is
// left here is sequence, which reads best as sequence.) Errors are irislink::error.
//
// One thread at a time, except cancel(), which any thread may call. After a fatal error the session
// is dead and says so; it is never one answer behind.

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "driver/auth/gss_initiator.hpp"
#include "driver/catalog/catalog_function.hpp"
#include "driver/log/log_line.hpp"
#include "driver/log/wire_trace.hpp"
#include "driver/session/call_state.hpp"
#include "driver/session/settings.hpp"
#include "driver/sql/scanner.hpp"
#include "driver/transport/any_stream.hpp"
#include "wire/frame/frame_assembler.hpp"
#include "wire/messages/blocks.hpp"
#include "wire/messages/message.hpp"

namespace irislink::driver {

struct server_facts {
    std::string version;
    int protocol{0};
    std::int64_t job{0};
    std::uint32_t features{0};
    bool delimited_identifiers{true};
    bool unicode{true};
    std::string address;     // host:port that answered
    kerberos_facts kerberos; // at levels 1 to 3
    tls_facts tls;           // at level 10
};

// Parameters of a statement, already encoded: `sets` x `count` items.
struct encoded_parameters {
    std::uint32_t sets{1};
    std::uint32_t count{0};
    wire::byte_buffer items;
};

struct long_value;

struct execution {
    std::shared_ptr<result_state> rows; // of a query
    std::vector<std::int64_t> counts;   // of an update, one per set; -3 for the failed one
    std::vector<value> keys;            // of an update that asked for them: one row of the server's columns
    std::optional<diagnostic> failure;  // of a batch: the reason of the -3
};

class session : public std::enable_shared_from_this<session> {
public:
    // Blocking use: the session has an io_context of its own. With an executor: asynchronous use.
    explicit session(std::shared_ptr<const connection_settings> settings);
    session(std::shared_ptr<const connection_settings> settings, asio::any_io_executor executor);
    ~session();
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    // --- operations ---------------------------------------------------------------------------
    [[nodiscard]] asio::awaitable<void> connect();
    [[nodiscard]] asio::awaitable<void> disconnect();
    // One-shot when not `keep`, prepared and cached otherwise. With `keys` an update asks for the key of
    // the new row, in a message of its own; when that fails the update is done all the same.
    [[nodiscard]] asio::awaitable<execution> execute(scanned_statement sql, encoded_parameters parameters, bool keep, std::int64_t max_rows, bool keys = false);
    // Makes the next block of `result` current; false at the end.
    [[nodiscard]] asio::awaitable<bool> next_block(std::shared_ptr<result_state> result);
    // A long value whole, up to LongValueLimit; empty with `null` set when there is none.
    [[nodiscard]] asio::awaitable<std::string> read_long(std::shared_ptr<long_value> from);
    // What is there of a long value, at most as much as fits; 0 at its end.
    [[nodiscard]] asio::awaitable<std::size_t> read_long_some(std::shared_ptr<long_value> from, std::span<char> into);
    // Not a coroutine: the server is told with the next request.
    void release_streams(result_state& result);
    [[nodiscard]] asio::awaitable<void> close_result(std::shared_ptr<result_state> result);
    [[nodiscard]] asio::awaitable<std::size_t>
    describe(scanned_statement sql, std::vector<wire::parameter_description>& parameters, std::vector<column>& columns);
    // Rows of a catalog function; the arguments are described in driver/catalog/catalog_function.hpp.
    [[nodiscard]] asio::awaitable<std::shared_ptr<result_state>> catalog(catalog_function which, std::vector<std::string> arguments, catalog_form form);
    // Calls a stored procedure by its name, with `arguments` in the order of its parameters.
    [[nodiscard]] asio::awaitable<std::shared_ptr<call_state>> call(std::string name, encoded_parameters arguments, call_options how = {});
    // The next result set of a call becomes its `rows`; false when there is none.
    [[nodiscard]] asio::awaitable<bool> next_result(std::shared_ptr<call_state> call);
    // Tells the server that no more results are wanted.
    [[nodiscard]] asio::awaitable<void> close_call(std::shared_ptr<call_state> call);
    [[nodiscard]] asio::awaitable<procedure_facts> describe_procedure(std::string name);
    [[nodiscard]] asio::awaitable<void> finish_transaction(bool commit);
    [[nodiscard]] asio::awaitable<void> set_autocommit(bool on);
    [[nodiscard]] asio::awaitable<int> set_isolation(int level); // 0 asks
    [[nodiscard]] asio::awaitable<void> ping();
    [[nodiscard]] asio::awaitable<void> reset();
    [[nodiscard]] asio::awaitable<bool> two_factor_required();
    [[nodiscard]] asio::awaitable<void> send_two_factor(wire::secret token);
    // Closes a result without a word on the line: what the server must be told goes out with the next
    // request. Not a coroutine; for destructors and asynchronous sessions.
    void abandon(result_state& result);
    [[nodiscard]] asio::awaitable<std::int64_t> cancel_job(std::int64_t job, std::uint32_t statement);

    // --- running them -------------------------------------------------------------------------
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr time_point no_end = time_point::max();

    // When work that nobody asked for by name must be through: closing a result, resetting, looking whether
    // the server is there, saying goodbye. Statements may run for ever; a destructor may not.
    [[nodiscard]] time_point end_of_upkeep() const noexcept { return std::chrono::steady_clock::now() + upkeep_limit(); }

    // Blocks until `work` is done or the time for `at` is over. After `end` the line ends, whatever is under
    // way and whatever its steps may take (HYT00).
    template <class T> T run(asio::awaitable<T> work, step at, time_point end = no_end);
    void run(asio::awaitable<void> work, step at, time_point end = no_end);

    // Called about every 50 ms while run() waits, in its thread, until it is set anew or emptied: for a program
    // whose own signals must not wait for the server. It may call cancel() and stop(), and throws nothing.
    void set_while_waiting(std::function<void()> look) { while_waiting_ = std::move(look); }

    // Starts `work`; `done(exception_ptr, result)` is called on the executor. What is emitted to `stop`
    // stops it: a statement on the server as cancel() does, so that the session lives on when the server
    // answers; anything else under way ends the line, if the emission is a terminal one. `end` as in run().
    template <class T>
    void start(asio::awaitable<T> work, step at, std::function<void(std::exception_ptr, T)> done, asio::cancellation_slot stop = {}, time_point end = no_end);

    // Any thread: stops the running statement through a second connection. False when nothing runs.
    bool cancel();

    // Any thread.
    [[nodiscard]] bool alive() const noexcept { return alive_; }

    // Whether the server, when it was asked, wanted a second factor, and whether it still waits for it.
    [[nodiscard]] bool second_factor_wanted() const noexcept { return second_factor_wanted_; }

    [[nodiscard]] bool second_factor_pending() const noexcept { return second_factor_pending_; }

    [[nodiscard]] bool blocking() const noexcept { return own_context_ != nullptr; }

    // An operation is under way; connecting is one, though the session is not alive before the line is up.
    [[nodiscard]] bool busy() const noexcept { return busy_; }

    // It is in another namespace than the settings say: USE was executed, and reset() keeps what it chose
    // (wire-session 6.5).
    [[nodiscard]] bool namespace_changed() const noexcept { return namespace_changed_; }

    // Of a session that failed to connect: its facts stay, the settings and their secrets do not.
    void forget_settings() { settings_ = std::make_shared<const connection_settings>(); }

    // Ends the operation under way, and the line with it (HY008). Executor's thread.
    void stop();

    // Closes the line at once, without a word to the server.
    void shut_down() noexcept { die(); }

    // Any thread: as of the last operation.
    [[nodiscard]] bool autocommit() const noexcept { return autocommit_; }

    // For the statements from now on; the settings' QueryTimeout until it is set. 0: none. Without
    // effect where the settings say that timeouts are not honoured.
    void set_query_timeout(milliseconds limit) noexcept { query_timeout_ = settings_->honour_query_timeout ? limit : milliseconds(0); }

    [[nodiscard]] const server_facts& facts() const noexcept { return facts_; }

    [[nodiscard]] const wire::session_format& format() const noexcept { return format_; }

    [[nodiscard]] const connection_settings& settings() const noexcept { return *settings_; }

    [[nodiscard]] asio::any_io_executor executor() const { return executor_; }

private:
    struct run_state;
    template <class T> [[nodiscard]] static asio::awaitable<T> guarded(asio::awaitable<T> work, std::shared_ptr<run_state> state);

    struct cached_statement {
        std::string text;
        std::uint32_t id{0};
        std::size_t parameters{0};
        std::vector<wire::parameter_description> described;
        std::vector<column> columns;
        wire::row_layout layout;
        std::weak_ptr<result_state> result; // of the last execution
    };

    struct cached_procedure {
        std::uint32_t id{0};
        procedure_facts facts;
        wire::row_layout layout;
        std::weak_ptr<call_state> last;
    };

    using cache_list = std::list<cached_statement>;

    void run_own_context(); // session_run.cpp

    // session_io.cpp
    // What put() made. `secret`: its memory is overwritten afterwards.
    [[nodiscard]] asio::awaitable<void> send(step at, bool secret = false);
    [[nodiscard]] bool take_message(wire::message& into, step at);
    [[nodiscard]] asio::awaitable<void> read_more(step at);
    [[nodiscard]] asio::awaitable<wire::message> receive(step at);
    [[nodiscard]] asio::awaitable<wire::message> receive_block(std::shared_ptr<result_state> result, std::uint32_t id, step at);
    template <class M> [[nodiscard]] std::uint32_t put(const M& request, std::uint32_t statement);
    // For a message struct that serves several codes.
    template <class M> [[nodiscard]] std::uint32_t put_as(wire::function_code code, const M& request, std::uint32_t statement);
    template <class M> [[nodiscard]] asio::awaitable<wire::message> exchange(const M& request, std::uint32_t statement, step at);
    void expect(const wire::message& reply, std::uint32_t id, std::uint32_t statement);
    [[nodiscard]] asio::awaitable<error> server_error(std::uint16_t status, step at);
    // Throws it. (Not `throw co_await`: g++ 12 destroys such a temporary twice.)
    [[nodiscard]] asio::awaitable<void> raise(std::uint16_t status, step at);
    template <class M> void decode(const wire::message& reply, M& out, step at);
    [[noreturn]] void lost(errc code, step at, std::string text, std::string hint = {}, int native = 461);
    void die() noexcept;
    void require_alive(step at) const;
    void require_private_line(step at, const std::string& what);
    void log(log_level level, const log_line& line) const;

    // session_connect.cpp
    // What the protection needs of this machine and of the KDC, before the server hears of us. Throws error.
    [[nodiscard]] asio::awaitable<void> prepare_line();
    [[nodiscard]] asio::awaitable<void> find_tickets(); // session_kerberos.cpp
    void read_tls_files();                              // session_tls.cpp
    [[nodiscard]] asio::awaitable<void> open_line();
    [[nodiscard]] asio::awaitable<void> protect_line(endpoint target);

    // session_tls.cpp, session_kerberos.cpp: from the connected socket to the protected stream, before
    // the first byte of the session protocol. `target` is the host as configured. Throws error.
    [[nodiscard]] asio::awaitable<void> start_tls(endpoint target);
    [[nodiscard]] asio::awaitable<void> start_kerberos(endpoint target);
    // Throws when the failure is the server's belated answer to the TLS handshake.
    void explain_late_refusal(const boost::system::error_code& failed);

    // session_connect.cpp
    [[nodiscard]] asio::awaitable<void> login();
    [[nodiscard]] asio::awaitable<void> second_factor();
    [[nodiscard]] asio::awaitable<wire::secret> token_of_callback();
    // What the settings ask of a session, once the server takes requests.
    [[nodiscard]] asio::awaitable<void> apply_settings();

    // session_procedure.cpp
    [[nodiscard]] asio::awaitable<cached_procedure> find_procedure(const std::string& name);
    [[nodiscard]] bool in_use(const cached_procedure& procedure) const noexcept;
    [[nodiscard]] asio::awaitable<std::uint16_t>
    run_procedure(const cached_procedure& procedure, const encoded_parameters& arguments, std::int64_t max_rows, std::shared_ptr<call_state> into);
    [[nodiscard]] asio::awaitable<void> take_result(std::shared_ptr<call_state> call, const wire::next_result_reply& reply, std::uint16_t status);
    static void hold(call_state& call); // call_options::held
    void end_call(call_state& call);

    // session_statement.cpp
    [[nodiscard]] asio::awaitable<void> settle();
    [[nodiscard]] asio::awaitable<void> ask_for_more(const std::shared_ptr<result_state>& result);
    [[nodiscard]] asio::awaitable<execution>
    execute_direct(const scanned_statement& sql, const encoded_parameters& parameters, std::uint32_t id, std::int64_t max_rows, bool keys);
    [[nodiscard]] asio::awaitable<execution>
    execute_prepared(const scanned_statement& sql, const encoded_parameters& parameters, std::int64_t max_rows, bool keys);
    // The key of the update `done`, whose statement id must not be in use for anything else yet.
    [[nodiscard]] asio::awaitable<std::vector<value>> generated_keys(std::uint32_t id);
    [[nodiscard]] asio::awaitable<cache_list::iterator> prepare(const scanned_statement& sql);
    [[nodiscard]] asio::awaitable<void> take_block(std::shared_ptr<result_state> result, wire::bytes_view rows, std::uint16_t status);
    [[nodiscard]] asio::awaitable<void> read_long_piece(std::shared_ptr<long_value> into);
    void take_columns(cached_statement& into, const std::vector<wire::column>& columns, const wire::statement_features& features) const;
    [[nodiscard]] std::uint32_t fresh_statement();
    void release_statement(std::uint32_t id);
    [[nodiscard]] bool cursor_open(const result_state& result) const noexcept;
    [[nodiscard]] std::shared_ptr<result_state> make_result(const cached_statement& plan, bool recycle) const;
    // Forgets the prepared statements and has the server drop them; those with an open cursor stay there.
    void forget_statements();
    // All statements and cursors of the server are gone: open results must not touch their ids again.
    void new_epoch();
    [[nodiscard]] std::int64_t timeout_seconds() const noexcept;
    void begin_statement(std::uint32_t id);
    // Between two messages: an operation that was stopped meanwhile says no more, and the line is in step.
    void still_wanted() const;

    [[nodiscard]] std::chrono::milliseconds limit_of(step at) const noexcept;
    [[nodiscard]] std::chrono::milliseconds upkeep_limit() const noexcept;
    void enter(step at);
    void mark(step at); // the same time limit, another name for what fails

    std::shared_ptr<const connection_settings> settings_;
    milliseconds query_timeout_{settings_->query_timeout};
    std::unique_ptr<asio::io_context> own_context_;
    std::function<void()> while_waiting_;
    asio::any_io_executor executor_;
    kerberos_lease tickets_; // that find_tickets() found
    std::optional<any_stream> stream_;
    wire::frame_assembler assembler_;
    wire::byte_buffer out_;
    wire::session_format format_;
    server_facts facts_;
    std::unique_ptr<wire_trace> trace_;
    bool dead_{false};
    std::atomic<bool> alive_{false}; // there is a stream, and it is not dead
    bool logged_in_{false};
    bool second_factor_pending_{false};
    bool second_factor_wanted_{false};
    bool connected_{false}; // connect() is through
    std::atomic<bool> autocommit_{true};
    bool namespace_changed_{false};
    std::uint32_t next_id_{1};
    std::uint32_t next_statement_{1};
    std::uint32_t epoch_{0};
    std::vector<std::uint32_t> free_statements_;
    std::vector<std::uint32_t> to_close_; // cursors the server is to be told about
    std::vector<std::pair<std::uint32_t, wire::stream_handle>> streams_to_close_;
    std::uint32_t outstanding_id_{0};
    std::shared_ptr<result_state> outstanding_;                       // a FD for it is under way
    bool settling_{false};                                            // its answer is taken in before anything else is asked
    std::weak_ptr<result_state> current_;                             // its block is in the receive buffer
    std::map<std::string, cached_procedure, std::less<>> procedures_; // by name as written
    cache_list cache_;
    std::unordered_map<std::string_view, cache_list::iterator> by_text_;

    // What cancel() reads from other threads.
    std::atomic<std::int64_t> job_{0};
    std::atomic<std::uint32_t> running_statement_{0};
    std::atomic<std::uint64_t> running_serial_{0}; // of the run whose statement is on the server; 0: none
    std::atomic<bool> busy_{false};
    std::uint64_t runs_{0};
    std::weak_ptr<run_state> current_run_; // executor's thread only
};

} // namespace irislink::driver

#include "driver/session/session_run.hpp"
