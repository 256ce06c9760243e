#pragma once
// A connection to an IRIS server.
//
//     irislink::connection db("iris://demo@localhost/USER");
//     for (const auto& row : db.query("select Name, Age from Person where Age > ?", 30)) ...
//
// One thread at a time; cancel() alone may be called from any thread. Every blocking function throws
// irislink::error; try_... forms return it instead. The async_ functions need a connection made with
// an executor and take Asio completion tokens; a connection serves blocking or asynchronous calls,
// never both.

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <exception>
#include <initializer_list>
#include <memory>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "irislink/options.hpp"
#include "irislink/result.hpp"

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

struct execute_result {
    std::int64_t rows{0}; // changed
};

// What became of a batch: one count per set up to the one that failed.
struct batch_result {
    std::vector<std::int64_t> counts;
    std::optional<diagnostic> failure; // row is the 1-based set
    [[nodiscard]] std::int64_t total() const noexcept;
};

namespace detail {

template <class T> value to_value(T&& in) {
    using plain = std::remove_cvref_t<T>;
    if constexpr (std::is_same_v<plain, value>) {
        return std::forward<T>(in);
    } else if constexpr (is_optional<plain>::value) {
        if (!in) return null;
        return to_value(*std::forward<T>(in));
    } else if constexpr (std::is_same_v<plain, std::nullptr_t>) {
        return null;
    } else if constexpr (std::is_same_v<plain, bool>) {
        return value(in);
    } else if constexpr (std::is_integral_v<plain>) {
        static_assert(sizeof(plain) < 8 || std::is_signed_v<plain>, "use std::int64_t: unsigned 64-bit values do not fit");
        return value(static_cast<std::int64_t>(in));
    } else if constexpr (std::is_floating_point_v<plain>) {
        return value(static_cast<double>(in));
    } else if constexpr (std::is_convertible_v<T, std::string_view>) {
        return value(std::string(std::string_view(in)));
    } else {
        return value(std::forward<T>(in));
    }
}

template <class... T> std::vector<value> to_values(T&&... in) {
    std::vector<value> out;
    out.reserve(sizeof...(T));
    (out.push_back(to_value(std::forward<T>(in))), ...);
    return out;
}

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

class connection;

// A prepared statement; kept by the connection's cache while it is used. One thread at a time.
class statement {
public:
    template <class... T> [[nodiscard]] result query(T&&... parameters) {
        const auto values = detail::to_values(std::forward<T>(parameters)...);
        return query_values(values);
    }

    template <class... T> execute_result execute(T&&... parameters) {
        const auto values = detail::to_values(std::forward<T>(parameters)...);
        return execute_values(values);
    }

    [[nodiscard]] result query_values(std::span<const value> parameters);
    execute_result execute_values(std::span<const value> parameters);

    [[nodiscard]] std::size_t parameter_count() const noexcept { return parameters_; }

    [[nodiscard]] const std::vector<column>& columns() const noexcept { return columns_; }

    [[nodiscard]] const std::string& text() const noexcept { return sql_; }

private:
    friend class connection;
    std::shared_ptr<driver::session> session_;
    std::string sql_;
    std::size_t parameters_{0};
    std::vector<column> columns_;
};

class connection {
public:
    // Not connected yet.
    connection();
    explicit connection(boost::asio::any_io_executor executor);

    // Connects. A target is an iris:// URI, a connection string or a DSN.
    explicit connection(std::string_view target) : connection(connect_options(target)) {}

    explicit connection(const connect_options& options);
    ~connection();
    connection(connection&&) noexcept;
    connection& operator=(connection&&) noexcept;
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    void connect(const connect_options& options);
    // With settings resolved before: a pool or a reconnect has exactly what the first connection had.
    void connect(std::shared_ptr<const driver::connection_settings> settings);
    [[nodiscard]] std::error_code try_connect(const connect_options& options, diagnostics& why);
    void close() noexcept;
    [[nodiscard]] bool is_open() const noexcept;
    // After a connect() that failed: what was found out before it did.
    [[nodiscard]] server_info server() const;

    // Values take the place of ? marks.
    template <class... T> [[nodiscard]] result query(std::string_view sql, T&&... parameters) {
        const auto values = detail::to_values(std::forward<T>(parameters)...);
        return query_values(sql, values);
    }

    template <class... T> execute_result execute(std::string_view sql, T&&... parameters) {
        const auto values = detail::to_values(std::forward<T>(parameters)...);
        return execute_values(sql, values);
    }

    [[nodiscard]] result query_values(std::string_view sql, std::span<const value> parameters, std::int64_t max_rows = 0);
    execute_result execute_values(std::string_view sql, std::span<const value> parameters);
    // Queries give rows, everything else a count: for tools that take any statement.
    [[nodiscard]] std::variant<result, execute_result> run_any(std::string_view sql, std::span<const value> parameters = {}, std::int64_t max_rows = 0);
    [[nodiscard]] std::optional<result> try_query(std::string_view sql, std::span<const value> parameters, diagnostics& why);
    [[nodiscard]] std::optional<execute_result> try_execute(std::string_view sql, std::span<const value> parameters, diagnostics& why);
    [[nodiscard]] statement prepare(std::string_view sql);

    // Executes once per element of `sets` (tuples, or vectors of value), in messages of bounded size.
    // In auto-commit mode each message is a transaction of its own; stops at the first failed set.
    template <std::ranges::input_range Sets> batch_result batch(std::string_view sql, Sets&& sets) {
        batch_result out;
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
            if (encoder.bytes() >= batch_bytes && !send_batch(sql, encoder, out)) return out;
        }
        (void)send_batch(sql, encoder, out);
        return out;
    }

    [[nodiscard]] std::optional<std::int64_t> last_identity();

    void set_autocommit(bool on);
    [[nodiscard]] bool autocommit() const noexcept;
    void commit();
    void rollback();
    void set_isolation(isolation level);
    [[nodiscard]] isolation current_isolation();
    void ping();
    // As new: rolled back, statements dropped, auto-commit and isolation as the options say.
    void reset();

    // Any thread: ends the running statement with error 456 (HY008) through a second connection.
    // False when nothing was running. The connection stays in step, or is closed and says so.
    bool cancel();

    // For programs that ask for the code after connecting. Asks the server; then send_... with it.
    [[nodiscard]] bool two_factor_required();
    void send_two_factor(std::string_view token);

    // void(std::exception_ptr)
    template <class Token> auto async_connect(connect_options options, Token&& token) {
        return boost::asio::async_initiate<Token, void(std::exception_ptr)>(
            [this](auto handler, connect_options with) { start_connect(std::move(with), std::move(handler)); }, token, std::move(options)
        );
    }

    // void(std::exception_ptr, std::variant<result, execute_result>)
    template <class Token> auto async_run(std::string sql, std::vector<value> parameters, Token&& token) {
        return boost::asio::async_initiate<Token, void(std::exception_ptr, std::variant<result, execute_result>)>(
            [this](auto handler, std::string text, std::vector<value> values) { start_run(std::move(text), std::move(values), std::move(handler)); }, token,
            std::move(sql), std::move(parameters)
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
    using block_handler = boost::asio::any_completion_handler<void(std::exception_ptr, bool)>;

    [[nodiscard]] bool send_batch(std::string_view sql, detail::batch_encoder& encoder, batch_result& into);
    void start_connect(connect_options options, done_handler handler);
    void start_run(std::string sql, std::vector<value> values, run_handler handler);
    void start_next_block(result& rows, block_handler handler);
    void start_finish(bool commit, done_handler handler);
    [[nodiscard]] driver::session& require() const;

    boost::asio::any_io_executor executor_;
    std::shared_ptr<driver::session> session_;
    std::shared_ptr<driver::session> failed_; // of the last connect(), dead; for server()
};

} // namespace irislink
