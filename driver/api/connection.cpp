#include "irislink/connection.hpp"

#include <boost/asio/post.hpp>

#include "driver/api/row_storage.hpp"
#include "driver/value/convert.hpp"

namespace irislink {

using driver::encoded_parameters;
using driver::execution;
using driver::scan_statement;

namespace {

encoded_parameters encode(std::span<const value> values, const wire::session_format& format) {
    encoded_parameters out;
    out.count = static_cast<std::uint32_t>(values.size());
    wire::writer items(out.items, format);
    for (const auto& each : values) driver::write_value(items, each);
    if (items.failed())
        throw error(diagnostic{
            errc::bad_argument, "22021", 0, step::statement, "A parameter cannot be sent: " + items.error().message(), "Text must be valid UTF-8.", false, 0});
    return out;
}

bool is_query(const driver::scanned_statement& sql) {
    return sql.kind == driver::statement_kind::query;
}

[[noreturn]] void wrong_kind(bool wanted_rows) {
    throw error(diagnostic{
        errc::bad_argument, wanted_rows ? "24000" : "HY000", 0, step::statement, wanted_rows ? "The statement returns no rows" : "The statement returns rows",
        wanted_rows ? "Use execute()." : "Use query().", false, 0});
}

std::int64_t first_count(const execution& done) {
    if (done.failure) throw error(*done.failure);
    return done.counts.empty() ? 0 : done.counts.front();
}

} // namespace

std::int64_t batch_result::total() const noexcept {
    std::int64_t out = 0;
    for (const auto count : counts) out += count > 0 ? count : 0;
    return out;
}

// --- batch ------------------------------------------------------------------------------------

struct detail::batch_encoder::impl {
    const wire::session_format* format;
    encoded_parameters pending;
    std::size_t sent{0};
};

detail::batch_encoder::batch_encoder(const connection& target) : state(std::make_unique<impl>()) {
    state->format = &target.require().format();
    state->pending.sets = 0;
}

detail::batch_encoder::~batch_encoder() = default;

void detail::batch_encoder::add(std::span<const value> set) {
    auto& pending = state->pending;
    if (pending.sets > 0 && pending.count != set.size())
        throw error(diagnostic{
            errc::bad_argument, "07002", 0, step::statement, "The sets of a batch have different numbers of values", "", false, state->sent + pending.sets + 1}
        );
    const auto before = pending.items.size();
    wire::writer items(pending.items, *state->format);
    for (const auto& each : set) driver::write_value(items, each);
    if (items.failed()) {
        pending.items.resize(before);
        throw error(diagnostic{
            errc::bad_argument, "22021", 0, step::statement, "A parameter cannot be sent: " + items.error().message(), "Text must be valid UTF-8.", false,
            state->sent + pending.sets + 1});
    }
    pending.count = static_cast<std::uint32_t>(set.size());
    ++pending.sets;
}

std::size_t detail::batch_encoder::bytes() const noexcept {
    return state->pending.items.size();
}

bool connection::send_batch(std::string_view sql, detail::batch_encoder& encoder, batch_result& into) {
    auto& state = *encoder.state;
    if (state.pending.sets == 0) return true;
    auto& session = require();
    const auto sets = state.pending.sets;
    auto parameters = std::exchange(state.pending, {});
    state.pending.sets = 0;
    try {
        auto done = session.run<execution>(session.execute(scan_statement(sql), std::move(parameters), true, 0), step::statement);
        into.counts.insert(into.counts.end(), done.counts.begin(), done.counts.end());
        if (done.failure) {
            into.failure = std::move(done.failure);
            // A server may leave out the count of the set that failed.
            if (done.counts.size() < sets && (done.counts.empty() || done.counts.back() != -3)) into.counts.push_back(-3);
            into.failure->row = into.counts.size();
        }
    } catch (const error& failed) {
        if (failed.is_fatal() || failed.native_code() == 0) throw;
        into.failure = failed.record();
        if (sets == 1) {
            into.counts.push_back(-3);
            into.failure->row = into.counts.size();
        } else {
            // No counts: the server did not say which set it was, and we do not guess.
            into.failure->text += " (in one of the sets " + std::to_string(state.sent + 1) + " to " + std::to_string(state.sent + sets) + ")";
        }
    }
    if (into.failure) return false;
    state.sent += sets;
    return true;
}

// --- statement --------------------------------------------------------------------------------

result statement::query_values(std::span<const value> parameters) {
    const auto sql = scan_statement(sql_);
    if (!is_query(sql)) wrong_kind(true);
    auto done = session_->run<execution>(session_->execute(sql, encode(parameters, session_->format()), true, 0), step::statement);
    return {session_, std::move(done.rows)};
}

execute_result statement::execute_values(std::span<const value> parameters) {
    const auto sql = scan_statement(sql_);
    if (is_query(sql)) wrong_kind(false);
    return {first_count(session_->run<execution>(session_->execute(sql, encode(parameters, session_->format()), true, 0), step::statement))};
}

// --- connection -------------------------------------------------------------------------------

connection::connection() = default;

connection::connection(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

connection::connection(const connect_options& options) {
    connect(options);
}

connection::connection(connection&&) noexcept = default;

connection& connection::operator=(connection&& other) noexcept {
    if (this != &other) {
        close();
        executor_ = std::move(other.executor_);
        session_ = std::move(other.session_);
        failed_ = std::move(other.failed_);
    }
    return *this;
}

connection::~connection() {
    close();
}

driver::session& connection::require() const {
    if (!session_) throw error(diagnostic{errc::not_connected, "08003", 0, step::statement, "There is no connection", "Connect first.", true, 0});
    return *session_;
}

void connection::connect(const connect_options& options) {
    connect(options.resolve());
}

void connection::connect(std::shared_ptr<const driver::connection_settings> settings) {
    if (session_ && session_->alive())
        throw error(diagnostic{errc::out_of_sequence, "08002", 0, step::connect, "The connection is open already", "Close it first.", false, 0});
    failed_ = std::make_shared<driver::session>(std::move(settings));
    failed_->run(failed_->connect(), step::connect);
    session_ = std::move(failed_);
}

std::error_code connection::try_connect(const connect_options& options, diagnostics& why) {
    try {
        connect(options);
        return {};
    } catch (const error& failed) {
        why.add(failed.record());
        return failed.code();
    }
}

void connection::close() noexcept {
    if (!session_) return;
    try {
        if (session_->blocking() && session_->alive()) session_->run(session_->disconnect(), step::disconnect);
    } catch (const std::exception&) {
        // The line is closed either way.
    }
    session_->shut_down();
    session_.reset();
}

bool connection::is_open() const noexcept {
    return session_ && session_->alive();
}

server_info connection::server() const {
    const auto& facts = session_ || !failed_ ? require().facts() : failed_->facts();
    return {
        facts.version,
        facts.address,
        facts.protocol,
        facts.job,
        facts.features,
        facts.delimited_identifiers,
        facts.tls.version,
        facts.tls.cipher,
        facts.tls.chain,
        facts.tls.check,
        facts.tls.client_certificate,
        facts.kerberos.principal,
        facts.kerberos.service};
}

result connection::query_values(std::string_view sql, std::span<const value> parameters, std::int64_t max_rows) {
    auto& session = require();
    const auto scanned = scan_statement(sql);
    if (!is_query(scanned)) wrong_kind(true);
    auto done = session.run<execution>(session.execute(scanned, encode(parameters, session.format()), !parameters.empty(), max_rows), step::statement);
    return {session_, std::move(done.rows)};
}

execute_result connection::execute_values(std::string_view sql, std::span<const value> parameters) {
    auto& session = require();
    const auto scanned = scan_statement(sql);
    if (is_query(scanned)) wrong_kind(false);
    return {first_count(session.run<execution>(session.execute(scanned, encode(parameters, session.format()), !parameters.empty(), 0), step::statement))};
}

std::variant<result, execute_result> connection::run_any(std::string_view sql, std::span<const value> parameters, std::int64_t max_rows) {
    if (is_query(scan_statement(sql))) return query_values(sql, parameters, max_rows);
    return execute_values(sql, parameters);
}

std::optional<result> connection::try_query(std::string_view sql, std::span<const value> parameters, diagnostics& why) {
    try {
        return query_values(sql, parameters);
    } catch (const error& failed) {
        why.add(failed.record());
        return std::nullopt;
    }
}

std::optional<execute_result> connection::try_execute(std::string_view sql, std::span<const value> parameters, diagnostics& why) {
    try {
        return execute_values(sql, parameters);
    } catch (const error& failed) {
        why.add(failed.record());
        return std::nullopt;
    }
}

statement connection::prepare(std::string_view sql) {
    auto& session = require();
    statement out;
    out.session_ = session_;
    out.sql_ = sql;
    const auto scanned = scan_statement(sql);
    out.parameters_ = scanned.parameters;
    if (scanned.kind == driver::statement_kind::query || scanned.kind == driver::statement_kind::update) {
        std::vector<wire::parameter_description> parameters;
        (void)session.run<std::size_t>(session.describe(scanned, parameters, out.columns_), step::statement);
    }
    return out;
}

std::optional<std::int64_t> connection::last_identity() {
    auto rows = query("SELECT LAST_IDENTITY()");
    std::optional<std::int64_t> out;
    if (rows.next()) out = rows.current().get<std::optional<std::int64_t>>(0);
    return out;
}

void connection::set_autocommit(bool on) {
    require().run(require().set_autocommit(on), step::statement);
}

bool connection::autocommit() const noexcept {
    return !session_ || session_->autocommit();
}

void connection::commit() {
    require().run(require().finish_transaction(true), step::statement);
}

void connection::rollback() {
    require().run(require().finish_transaction(false), step::statement);
}

void connection::set_isolation(isolation level) {
    (void)require().run<int>(require().set_isolation(static_cast<int>(level)), step::statement);
}

isolation connection::current_isolation() {
    return static_cast<isolation>(require().run<int>(require().set_isolation(0), step::statement));
}

void connection::ping() {
    require().run(require().ping(), step::statement);
}

void connection::reset() {
    require().run(require().reset(), step::statement);
}

bool connection::cancel() {
    const auto target = session_;
    return target && target->cancel();
}

bool connection::two_factor_required() {
    return require().run<bool>(require().two_factor_required(), step::second_factor);
}

void connection::send_two_factor(std::string_view token) {
    require().run(require().send_two_factor(wire::secret(token)), step::second_factor);
}

// --- asynchronous forms -----------------------------------------------------------------------

void connection::start_connect(connect_options options, done_handler handler) {
    auto shared = std::make_shared<done_handler>(std::move(handler));
    try {
        session_ = std::make_shared<driver::session>(options.resolve(), executor_);
    } catch (const error&) {
        boost::asio::post(executor_, [shared, failure = std::current_exception()] { (*shared)(failure); });
        return;
    }
    session_->start<bool>(driver::as_bool(session_->connect()), step::connect, [shared, keep = session_](std::exception_ptr failure, bool) {
        std::move (*shared)(std::move(failure));
    });
}

void connection::start_run(std::string sql, std::vector<value> values, run_handler handler) {
    auto& session = require();
    auto shared = std::make_shared<run_handler>(std::move(handler));
    auto scanned = scan_statement(sql);
    auto parameters = encode(values, session.format());
    session.start<execution>(
        session.execute(std::move(scanned), std::move(parameters), !values.empty(), 0), step::statement,
        [shared, keep = session_](std::exception_ptr failure, execution out) {
            if (failure || !out.rows) {
                std::move (*shared)(std::move(failure), execute_result{first_count(out)});
            } else {
                std::move (*shared)(nullptr, result(keep, std::move(out.rows)));
            }
        }
    );
}

void connection::start_next_block(result& rows, block_handler handler) {
    auto& session = require();
    auto shared = std::make_shared<block_handler>(std::move(handler));
    session.start<bool>(session.next_block(rows.state_), step::fetch, [shared, keep = session_](std::exception_ptr failure, bool more) {
        std::move (*shared)(std::move(failure), more);
    });
}

void connection::start_finish(bool commit, done_handler handler) {
    auto& session = require();
    auto shared = std::make_shared<done_handler>(std::move(handler));
    session.start<bool>(driver::as_bool(session.finish_transaction(commit)), step::statement, [shared, keep = session_](std::exception_ptr failure, bool) {
        std::move (*shared)(std::move(failure));
    });
}

} // namespace irislink
