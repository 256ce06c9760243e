#pragma once
// A connection to an IRIS server.
//
//     irislink::connection db("iris://demo@localhost/USER");
//     for (const auto& row : db.query("select Name, Age from Person where Age > ?", 30)) ...
//
// One thread at a time; cancel() alone may be called from any thread.
//
// Every blocking function has two forms. One throws irislink::error. The other takes std::error_code&
// and diagnostics& as its last arguments, after the values of a statement too, and throws nothing of
// the kind:
//
//     auto rows = db.query("select Name from Person where Age > ?", 30, failed, why);
//     if (failed) std::cerr << why.front().message();
//
// The async_ functions need a connection made with an executor and take Asio completion tokens; a
// connection serves blocking or asynchronous calls, never both. Their handlers are called exactly once,
// on their own executor, never from within the call that starts them; every failure, of starting too,
// arrives as their std::exception_ptr. They honour the cancellation slot of their handler: a statement
// that runs is ended on the server as cancel() does it, and the connection lives on when the server
// answers within a few seconds; a terminal cancellation of anything else closes the connection, others
// leave it alone. The error is HY008 (errc::cancelled); an operation that was through already succeeds.

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <initializer_list>
#include <ranges>

#include "irislink/options.hpp"
#include "irislink/procedure.hpp"
#include "irislink/statement.hpp"

namespace irislink {

enum class isolation : int { read_uncommitted = 1, read_committed = 2, read_verified = 32 };

struct server_info {
    std::string version;
    std::string address;
    int protocol{0};
    std::int64_t job{0};
    std::uint32_t features{0};
    bool delimited_identifiers{true};
    // At level 10; empty otherwise.
    std::string tls_version; // "TLSv1.3"
    std::string tls_cipher;
    std::vector<std::string> tls_chain; // subjects, the server's first
    std::string tls_check;              // what was checked, in words
    std::string tls_client_certificate; // what became of the client's own, in words; empty: not wanted
    std::string kerberos_principal;     // whose ticket it was, at levels 1 to 3
    std::string kerberos_service;       // the server's principal
};

// What became of a batch: one count per set up to the one that failed.
struct batch_result {
    std::vector<std::int64_t> counts;
    std::optional<diagnostic> failure; // row is the 1-based set
    [[nodiscard]] std::int64_t total() const noexcept;
};

namespace detail {

// A batch as it is sent: values encoded set after set.
class batch_encoder {
public:
    explicit batch_encoder(const connection& target);
    ~batch_encoder();
    batch_encoder(const batch_encoder&) = delete;
    batch_encoder& operator=(const batch_encoder&) = delete;

    void add(std::span<const value> set);
    [[nodiscard]] std::size_t bytes() const noexcept;

    struct impl;
    std::unique_ptr<impl> state;
};

} // namespace detail

class connection {
public:
    // Not connected yet.
    connection();
    // For asynchronous calls. An executor that runs one handler at a time: an io_context with one thread,
    // or a strand.
    explicit connection(boost::asio::any_io_executor executor);

    // Connects. A target is an iris:// URI, a connection string or a DSN.
    explicit connection(std::string_view target) : connection(connect_options(target)) {}

    explicit connection(const connect_options& options);
    ~connection();
    connection(connection&&) noexcept;
    connection& operator=(connection&&) noexcept;
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    void connect(std::string_view target) { connect(connect_options(target)); }

    void connect(const connect_options& options);
    // With settings resolved before: a pool or a reconnect has exactly what the first connection had.
    void connect(std::shared_ptr<const driver::connection_settings> settings);
    // With a session that was made for it, by ODBC, which stops a connect from another thread.
    void connect(std::shared_ptr<driver::session> prepared);

    template <class Settings> void connect(const Settings& settings, std::error_code& failed, diagnostics& why) {
        detail::returning_errors(failed, why, [&] { connect(settings); });
    }

    void close() noexcept;
    [[nodiscard]] bool is_open() const noexcept;
    // After a connect() that failed: what was found out before it did.
    [[nodiscard]] server_info server() const;

    // Values take the place of ? marks.
    template <class... T> [[nodiscard]] result query(std::string_view sql, T&&... parameters) {
        return detail::with_values([&](std::span<const value> values) { return query_values(sql, values); }, std::forward<T>(parameters)...);
    }

    template <class... T> execute_result execute(std::string_view sql, T&&... parameters) {
        return detail::with_values([&](std::span<const value> values) { return execute_values(sql, values); }, std::forward<T>(parameters)...);
    }

    // Asks for the key of the new row beside: execute_result::generated_keys.
    template <class... T> execute_result execute(with_generated_keys_t, std::string_view sql, T&&... parameters) {
        return detail::with_values([&](std::span<const value> values) { return execute_values(sql, values, true); }, std::forward<T>(parameters)...);
    }

    [[nodiscard]] result query_values(std::string_view sql, std::span<const value> parameters, std::int64_t max_rows = 0);
    execute_result execute_values(std::string_view sql, std::span<const value> parameters, bool generated_keys = false);
    // Queries give rows, everything else a count: for tools that take any statement.
    [[nodiscard]] std::variant<result, execute_result> run_any(std::string_view sql, std::span<const value> parameters = {}, std::int64_t max_rows = 0);

    [[nodiscard]] std::variant<result, execute_result>
    run_any(std::string_view sql, std::span<const value> parameters, std::int64_t max_rows, std::error_code& failed, diagnostics& why) {
        return detail::returning_errors(failed, why, [&] { return run_any(sql, parameters, max_rows); });
    }

    // Calls a stored procedure by its name, as written in SQL without arguments (irislink/procedure.hpp).
    // The description that the server gives of it is kept.
    template <class... T> call_result call(std::string_view procedure, T&&... arguments) {
        return detail::with_arguments([&](std::span<const argument> given) { return call_values(procedure, given); }, std::forward<T>(arguments)...);
    }

    // `max_rows`: of a procedure with one result set; 0: all.
    call_result call_values(std::string_view procedure, std::span<const argument> arguments, std::int64_t max_rows = 0);

    [[nodiscard]] statement prepare(std::string_view sql);

    [[nodiscard]] statement prepare(std::string_view sql, std::error_code& failed, diagnostics& why) {
        return detail::returning_errors(failed, why, [&] { return prepare(sql); });
    }

    // Executes once per element of `sets` (tuples, or vectors of value), in messages of bounded size.
    // In auto-commit mode each message is a transaction of its own; stops at the first failed set, which
    // batch_result tells.
    template <std::ranges::input_range Sets> batch_result batch(std::string_view sql, Sets&& sets) {
        batch_result out;
        send_sets(sql, std::forward<Sets>(sets), out);
        return out;
    }

    // A failed set is a failure of the call here. What was done before it is in the result either way.
    template <std::ranges::input_range Sets> batch_result batch(std::string_view sql, Sets&& sets, std::error_code& failed, diagnostics& why) {
        batch_result out;
        detail::returning_errors(failed, why, [&] {
            send_sets(sql, std::forward<Sets>(sets), out);
            if (out.failure) throw error(*out.failure);
        });
        return out;
    }

    [[nodiscard]] std::optional<std::int64_t> last_identity();

    [[nodiscard]] std::optional<std::int64_t> last_identity(std::error_code& failed, diagnostics& why) {
        return detail::returning_errors(failed, why, [this] { return last_identity(); });
    }

    void set_autocommit(bool on);

    void set_autocommit(bool on, std::error_code& failed, diagnostics& why) {
        detail::returning_errors(failed, why, [&] { set_autocommit(on); });
    }

    [[nodiscard]] bool autocommit() const noexcept;
    void commit();

    void commit(std::error_code& failed, diagnostics& why) {
        detail::returning_errors(failed, why, [this] { commit(); });
    }

    void rollback();

    void rollback(std::error_code& failed, diagnostics& why) {
        detail::returning_errors(failed, why, [this] { rollback(); });
    }

    void set_isolation(isolation level);

    void set_isolation(isolation level, std::error_code& failed, diagnostics& why) {
        detail::returning_errors(failed, why, [&] { set_isolation(level); });
    }

    [[nodiscard]] isolation current_isolation();

    // isolation{} when it failed.
    [[nodiscard]] isolation current_isolation(std::error_code& failed, diagnostics& why) {
        return detail::returning_errors(failed, why, [this] { return current_isolation(); });
    }

    void ping();

    void ping(std::error_code& failed, diagnostics& why) {
        detail::returning_errors(failed, why, [this] { ping(); });
    }

    // As new: rolled back, statements dropped, auto-commit and isolation as the options say.
    void reset();

    void reset(std::error_code& failed, diagnostics& why) {
        detail::returning_errors(failed, why, [this] { reset(); });
    }

    // Any thread: ends the running statement with error 456 (HY008) through a second connection.
    // False when nothing was running. The connection stays in step, or is closed and says so.
    bool cancel();

    bool cancel(std::error_code& failed, diagnostics& why) {
        return detail::returning_errors(failed, why, [this] { return cancel(); });
    }

    // For programs that ask for the code after connecting. Asks the server; then send_... with it.
    [[nodiscard]] bool two_factor_required();

    [[nodiscard]] bool two_factor_required(std::error_code& failed, diagnostics& why) {
        return detail::returning_errors(failed, why, [this] { return two_factor_required(); });
    }

    void send_two_factor(std::string_view token);

    void send_two_factor(std::string_view token, std::error_code& failed, diagnostics& why) {
        detail::returning_errors(failed, why, [&] { send_two_factor(token); });
    }

    // void(std::exception_ptr)
    template <class Token> auto async_connect(connect_options options, Token&& token) {
        return boost::asio::async_initiate<Token, void(std::exception_ptr)>(
            [this](auto handler, connect_options with) { start_connect(std::move(with), std::move(handler)); }, token, std::move(options)
        );
    }

    // void(std::exception_ptr, std::variant<result, execute_result>)
    template <class Token> auto async_run(std::string sql, std::vector<value> parameters, Token&& token) {
        return initiate_run(false, std::move(sql), std::move(parameters), std::forward<Token>(token));
    }

    template <class Token> auto async_run(with_generated_keys_t, std::string sql, std::vector<value> parameters, Token&& token) {
        return initiate_run(true, std::move(sql), std::move(parameters), std::forward<Token>(token));
    }

    // Blocks of its result sets come by async_next_block(done.rows(), ...). void(std::exception_ptr, call_result)
    template <class Token> auto async_call(std::string procedure, std::vector<argument> arguments, Token&& token) {
        return boost::asio::async_initiate<Token, void(std::exception_ptr, call_result)>(
            [this](auto handler, std::string name, std::vector<argument> given) { start_call(std::move(name), std::move(given), std::move(handler)); }, token,
            std::move(procedure), std::move(arguments)
        );
    }

    // call_result::next_result(); `call` must outlive the operation. void(std::exception_ptr, bool)
    template <class Token> auto async_next_result(call_result& call, Token&& token) {
        return boost::asio::async_initiate<Token, void(std::exception_ptr, bool)>(
            [this, &call](auto handler) { start_next_result(call, std::move(handler)); }, token
        );
    }

    // Makes the next block of `rows` current, to be read by result::next_in_block(); false at the
    // end. void(std::exception_ptr, bool)
    template <class Token> auto async_next_block(result& rows, Token&& token) {
        return boost::asio::async_initiate<Token, void(std::exception_ptr, bool)>(
            [this, &rows](auto handler) { start_next_block(rows, std::move(handler)); }, token
        );
    }

    // void(std::exception_ptr)
    template <class Token> auto async_commit(Token&& token) {
        return boost::asio::async_initiate<Token, void(std::exception_ptr)>([this](auto handler) { start_finish(true, std::move(handler)); }, token);
    }

    template <class Token> auto async_rollback(Token&& token) {
        return boost::asio::async_initiate<Token, void(std::exception_ptr)>([this](auto handler) { start_finish(false, std::move(handler)); }, token);
    }

    // The engine room, for ODBC and Python.
    [[nodiscard]] const std::shared_ptr<driver::session>& session() const noexcept { return session_; }

private:
    friend class detail::batch_encoder;
    friend class connection_pool;
    static constexpr std::size_t batch_bytes = std::size_t{1} << 20U;

    using done_handler = boost::asio::any_completion_handler<void(std::exception_ptr)>;
    using run_handler = boost::asio::any_completion_handler<void(std::exception_ptr, std::variant<result, execute_result>)>;
    using call_handler = boost::asio::any_completion_handler<void(std::exception_ptr, call_result)>;
    using block_handler = boost::asio::any_completion_handler<void(std::exception_ptr, bool)>;

    template <class Token> auto initiate_run(bool keys, std::string sql, std::vector<value> parameters, Token&& token) {
        return boost::asio::async_initiate<Token, void(std::exception_ptr, std::variant<result, execute_result>)>(
            [this, keys](auto handler, std::string text, std::vector<value> values) {
                start_run(std::move(text), std::move(values), keys, std::move(handler));
            },
            token, std::move(sql), std::move(parameters)
        );
    }

    template <class Sets> void send_sets(std::string_view sql, Sets&& sets, batch_result& into) {
        detail::batch_encoder encoder(*this);
        for (auto&& set : sets) {
            if constexpr (std::is_convertible_v<decltype(set), std::span<const value>>) {
                encoder.add(set);
            } else {
                std::apply(
                    [&encoder](const auto&... each) {
                        const auto values = detail::to_values(each...);
                        encoder.add(values);
                    },
                    set
                );
            }
            if (encoder.bytes() >= batch_bytes && !send_batch(sql, encoder, into)) return;
        }
        (void)send_batch(sql, encoder, into);
    }

    [[nodiscard]] bool send_batch(std::string_view sql, detail::batch_encoder& encoder, batch_result& into);
    void start_connect(connect_options options, done_handler handler);
    void start_run(std::string sql, std::vector<value> values, bool keys, run_handler handler);
    void start_next_block(result& rows, block_handler handler);
    void start_call(std::string procedure, std::vector<argument> arguments, call_handler handler);
    void start_next_result(call_result& call, block_handler handler);
    void start_finish(bool commit, done_handler handler);
    [[nodiscard]] driver::session& require() const;

    boost::asio::any_io_executor executor_;
    std::shared_ptr<driver::session> session_;
    std::shared_ptr<driver::session> failed_; // of the last connect(), dead; for server()
};

} // namespace irislink
