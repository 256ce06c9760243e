#include "samples/sandbox/sql/engine.hpp"

#include "samples/sandbox/sql/session_impl.hpp"

namespace irislink::sandbox::sql {

using clock = std::chrono::steady_clock;

statement_kind prepared::kind() const noexcept {
    return plan_->kind;
}

const std::vector<column_info>& prepared::columns() const noexcept {
    return plan_->columns;
}

const std::vector<parameter_info>& prepared::parameters() const noexcept {
    return plan_->parameters;
}

bool described_alike(const prepared& left, const prepared& right) noexcept {
    return described_alike(left.compiled(), right.compiled());
}

session::session(database& shared, std::string user, std::string name_space, session_rights rights, account_service* accounts)
    : impl_(std::make_unique<impl>(shared.shared(), std::move(user), std::move(name_space), std::move(rights), accounts)) {}

session::~session() = default;

std::shared_ptr<prepared> session::prepare(std::string_view sql, std::span<const std::int64_t> hints) {
    const auto on = impl_->active();
    return std::make_shared<prepared>(impl_->compile(sql, hints, *on));
}

bool session::stale(const prepared& statement) {
    if (statement.compiled().constant) return false;
    const auto on = impl_->active();
    return statement.compiled().schema_version != impl_->tables(*on)->loaded_version();
}

std::unique_ptr<cursor> session::open(const prepared& statement, std::span<const sql_value> parameters, std::int64_t max_rows) {
    return impl_->open(statement.shared(), parameters, max_rows);
}

std::vector<std::int64_t>
session::execute(const prepared& statement, std::size_t sets, std::span<const sql_value> parameters, std::optional<sql_error>& failure) {
    std::vector<std::int64_t> counts;
    impl_->new_identity.reset();
    try {
        const auto& made = statement.shared();
        if (made->kind == statement_kind::update) {
            impl_->run_update(made, sets, parameters, counts, failure);
            return counts;
        }
        if (made->kind == statement_kind::query) throw sql_error(400, "A query was sent as an update", "ServerLoop");
        if (made->kind == statement_kind::transaction) impl_->run_transaction(made->transaction);
        if (made->kind == statement_kind::ddl) impl_->run_ddl(made);
        if (made->kind == statement_kind::call) {
            const auto width = made->parameters.size();
            if (parameters.size() != sets * width) throw sql_error(400, "The statement has " + std::to_string(width) + " parameters", "ServerLoop");
            for (std::size_t set = 0; set < sets; ++set) impl_->run_call(made, parameters.subspan(set * width, width), nullptr);
        }
        if (made->kind == statement_kind::assign) throw sql_error(1, "RETURN stands in the body of a routine alone", "ServerLoop");
        if (made->password) impl_->run_alter_user(*made->password, sets, parameters);
        counts.assign(sets, 0);
    } catch (const sql_error& error) {
        if (error.code == 404) throw; // nothing was done: the caller prepares again
        failure = impl_->reason(error);
        if (counts.empty() || counts.back() != -3) counts.push_back(-3);
    }
    return counts;
}

std::optional<std::int64_t> session::last_identity() const noexcept {
    return impl_->last_identity;
}

std::optional<std::int64_t> session::new_identity() const noexcept {
    return impl_->new_identity;
}

void session::set_autocommit(bool on) {
    if (on && !impl_->autocommit) commit();
    impl_->autocommit = on;
}

bool session::autocommit() const noexcept {
    return impl_->autocommit;
}

void session::commit() {
    impl_->finish(true);
}

void session::rollback() {
    impl_->finish(false);
}

bool session::in_transaction() const noexcept {
    return impl_->writer != nullptr || impl_->explicit_transaction;
}

void session::set_isolation(int level) {
    impl_->isolation = level;
}

int session::isolation() const noexcept {
    return impl_->isolation;
}

void session::reset() {
    rollback();
    impl_->close_cursors(true);
    impl_->autocommit = true;
    impl_->isolation = 1;
    impl_->last_identity.reset();
    impl_->deadline.reset();
}

void session::interrupt() noexcept {
    impl_->interrupted = true;
}

void session::end() noexcept {
    impl_->ended = true;
}

bool session::ended() const noexcept {
    return impl_->ended;
}

void session::watch(std::function<bool()> nobody_waits) {
    impl_->nobody_waits = std::move(nobody_waits);
}

void session::clear_interrupt() noexcept {
    impl_->interrupted = false;
    impl_->timed_out = false;
    impl_->next_look = clock::now() + impl::look_interval;
}

void session::set_deadline(std::optional<clock::time_point> deadline) noexcept {
    impl_->deadline = deadline;
}

} // namespace irislink::sandbox::sql
