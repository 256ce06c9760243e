#include "irislink/connection.hpp"

#include "driver/api/encode.hpp"

namespace irislink {

using driver::execution;
using driver::scan_statement;

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
    connect(std::make_shared<driver::session>(std::move(settings)));
}

void connection::connect(std::shared_ptr<driver::session> prepared) {
    if (session_ && session_->alive())
        throw error(diagnostic{errc::out_of_sequence, "08002", 0, step::connect, "The connection is open already", "Close it first.", false, 0});
    failed_ = std::move(prepared);
    try {
        failed_->run(failed_->connect(), step::connect);
    } catch (...) {
        failed_->forget_settings();
        throw;
    }
    session_ = std::move(failed_);
}

void connection::close() noexcept {
    failed_.reset();
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
    driver::require_kind(scanned, true);
    auto done = session.run<execution>(session.execute(scanned, driver::encode(parameters, session.format()), !parameters.empty(), max_rows), step::statement);
    return {session_, std::move(done.rows)};
}

execute_result connection::execute_values(std::string_view sql, std::span<const value> parameters, bool generated_keys) {
    auto& session = require();
    const auto scanned = scan_statement(sql);
    driver::require_kind(scanned, false);
    return driver::single_outcome(
        session.run<execution>(session.execute(scanned, driver::encode(parameters, session.format()), !parameters.empty(), 0, generated_keys), step::statement)
    );
}

std::variant<result, execute_result> connection::run_any(std::string_view sql, std::span<const value> parameters, std::int64_t max_rows) {
    if (scan_statement(sql).kind == driver::statement_kind::query) return query_values(sql, parameters, max_rows);
    return execute_values(sql, parameters);
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

} // namespace irislink
