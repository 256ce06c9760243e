#include "odbc/handle/connection.hpp"

#include <algorithm>

#include "driver/config/options_impl.hpp"
#include "driver/session/second_factor.hpp"
#include "driver/session/session.hpp"
#include "odbc/config/odbcinst_source.hpp"
#include "odbc/descriptor/descriptor.hpp"
#include "odbc/handle/browse.hpp"
#include "odbc/handle/call.hpp"
#include "odbc/handle/environment.hpp"
#include "odbc/handle/statement.hpp"

namespace irislink::odbc {
namespace {

// Isolation levels that ODBC and the server both have. The server's third, READ VERIFIED, is no ODBC
// level; programs get it by the keyword Isolation=32.
constexpr SQLULEN known_isolation = SQL_TXN_READ_UNCOMMITTED | SQL_TXN_READ_COMMITTED;

// Until the call that is at work on it is over. Programs do not begin another on a handle that they free.
void wait_for(handle& busy) {
    const std::lock_guard lock(busy.mutex);
}

void add_warnings(const connect_options& options, diag_area& to) {
    for (const auto& each : options.warnings().records()) to.add(record_of(each));
}

} // namespace

connection::connection(environment& parent) : handle(kind), parent_(parent) {}

connection::~connection() = default;

void connection::require_unconnected() const {
    if (browse_) fail("08002", "SQLBrowseConnect is at work on this connection: go on with it, or end it by SQLDisconnect");
    if (is_connected()) fail("08002", "The connection is open already");
}

void connection::require_no_dialogue() const {
    if (browse_) fail("HY010", "SQLBrowseConnect is at work on this connection: go on with it, or end it by SQLDisconnect");
}

void connection::require_none_executing() const {
    if (executing > 0) fail("HY010", "A function is still executing on a statement of this connection");
}

SQLRETURN connection::cancel() {
    // Connecting is stopped; any other function that is at work on another thread ends by its own time limit.
    const std::unique_lock lock(mutex, std::try_to_lock);
    if (!lock.owns_lock()) {
        if (connecting_) stop_connecting_ = true;
        return SQL_SUCCESS;
    }
    diag.clear();
    return guarded(diag, [this]() -> SQLRETURN {
        require_none_executing();
        return SQL_SUCCESS;
    });
}

SQLRETURN connection::connect(std::string_view target) {
    require_unconnected();
    // A keyword alone would be taken for the name of a data source.
    if (target.find('=') == std::string_view::npos) fail("HY000", "The connection string holds no KEYWORD=value");
    auto options = driver::options_access::from(target, odbcinst_dsn_source());
    add_warnings(options, diag);
    return open(std::move(options));
}

SQLRETURN connection::connect(const std::string& dsn, std::optional<std::string_view> user, std::optional<std::string_view> password) {
    require_unconnected();
    if (dsn.empty()) fail("IM002", "There is no name of a data source");
    auto options = driver::options_access::from("DSN=" + driver::quote_value(dsn), odbcinst_dsn_source());
    if (user) options.user(*user);
    if (password) options.password(*password);
    add_warnings(options, diag);
    return open(std::move(options));
}

SQLRETURN connection::browse(std::string_view request, std::string& result) {
    if (is_connected()) fail("08002", "The connection is open already");
    browse_failed_ = false;
    try {
        if (browse_ && browse_->code_is_due()) {
            const auto code = browse_->code(request, diag);
            if (code.empty()) {
                result = browse_->ask_for_code();
                return SQL_NEED_DATA;
            }
            client_.send_two_factor(code.reveal());
        } else {
            if (browse_) {
                browse_->answer(request, diag);
            } else {
                browse_ = std::make_unique<browse_dialogue>(request, diag);
            }
            result = browse_->ask();
            if (!result.empty()) return SQL_NEED_DATA;
            (void)open(browse_->options());
            if (client_.session()->second_factor_pending()) {
                result = browse_->ask_for_code();
                return SQL_NEED_DATA;
            }
        }
    } catch (...) {
        // "Outstanding connection information is discarded": the next request begins anew.
        browse_.reset();
        close_line();
        browse_failed_ = true;
        throw;
    }
    browse_.reset();
    result = completed_;
    return SQL_SUCCESS;
}

SQLRETURN connection::open(connect_options options) {
    const auto set_number = [&](SQLINTEGER attribute, const char* keyword) {
        if (const auto found = numbers_.find(attribute); found != numbers_.end()) options.set(keyword, std::to_string(found->second));
    };
    set_number(SQL_ATTR_AUTOCOMMIT, "AutoCommit");
    set_number(SQL_ATTR_TXN_ISOLATION, "Isolation");
    set_number(SQL_ATTR_LOGIN_TIMEOUT, "LoginTimeout");
    set_number(SQL_ATTR_LOGIN_TIMEOUT, "ConnectTimeout");
    if (!catalog_.empty()) options.set("Database", catalog_);
    const auto made = std::make_shared<driver::session>(options.resolve()); // outlives what looks at it while connecting
    auto& opened = *made;
    {
        struct stoppable {
            stoppable(connection& of, driver::session& made_session) : owner(of), session(made_session) {
                owner.stop_connecting_ = false;
                owner.connecting_ = true;
                session.set_while_waiting([this] {
                    if (owner.stop_connecting_) session.stop();
                });
            }

            ~stoppable() {
                session.set_while_waiting({});
                owner.connecting_ = false;
            }

            stoppable(const stoppable&) = delete;
            stoppable& operator=(const stoppable&) = delete;
            connection& owner;
            driver::session& session;
        } const while_connecting(*this, opened);

        client_.connect(made);
        // A server that waits for a code drops whoever sends anything else: it is asked first, so that later
        // calls say what to do (decision 16).
        if (!driver::asks_for_second_factor(opened.settings())) {
            try {
                (void)client_.two_factor_required();
            } catch (...) {
                client_.close(); // the program was told that it is not connected
                throw;
            }
        }
    }
    {
        const std::lock_guard lock(session_mutex_);
        shared_session_ = client_.session();
    }
    if (opened.second_factor_pending() && !browse_)
        diag.warn("01000", "The server waits for the second factor: set connection attribute 1002 to the code, or use TwoFactorToken or TwoFactorCommand");
    catalog_ = opened.settings().name_space;
    completed_ = options.to_string();
    data_source_.clear();
    for (const auto& each : options.settings())
        if (each.keyword == "DSN") data_source_ = each.shown;
    return SQL_SUCCESS;
}

void connection::close_line() {
    {
        const std::lock_guard lock(session_mutex_);
        shared_session_.reset();
    }
    const std::lock_guard lock(line);
    client_.close();
    catalog_.clear();
}

void connection::disconnect() {
    if (browse_) {
        browse_.reset();
        return close_line();
    }
    if (!is_connected() && std::exchange(browse_failed_, false)) return;
    if (!is_connected()) fail("08003", "There is no connection");
    require_none_executing();
    // Their cursors are closed before the line is; explicit descriptors belong to the connection too.
    for (const auto& each : statements_) wait_for(*each);
    statements_.clear();
    descriptors_.clear();
    close_line();
}

driver::session& connection::session() {
    if (!is_connected()) fail("08003", "There is no connection");
    return *client_.session();
}

const driver::connection_settings& connection::settings() const {
    if (!is_connected()) fail("08003", "There is no connection");
    return client_.session()->settings();
}

std::shared_ptr<driver::session> connection::session_to_cancel() const {
    const std::lock_guard lock(session_mutex_);
    return shared_session_;
}

void connection::set_isolation(SQLULEN level) {
    if (level != SQL_TXN_READ_UNCOMMITTED && level != SQL_TXN_READ_COMMITTED)
        not_implemented((known_isolation & level) == 0 ? "This isolation level" : "More than one isolation level at once");
    if (is_connected()) {
        const std::lock_guard lock(line);
        client_.set_isolation(static_cast<isolation>(level));
    }
}

SQLRETURN connection::set_attribute(SQLINTEGER attribute, SQLPOINTER value) {
    const auto number = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(value));
    const auto number32 = number & 0xFFFFFFFFU;
    require_none_executing();
    switch (attribute) {
    case SQL_ATTR_AUTOCOMMIT:
        if (number32 != SQL_AUTOCOMMIT_ON && number32 != SQL_AUTOCOMMIT_OFF) fail("HY024", "Auto-commit is on or off");
        if (is_connected()) {
            const std::lock_guard lock(line);
            client_.set_autocommit(number32 == SQL_AUTOCOMMIT_ON);
        }
        break;
    case SQL_ATTR_TXN_ISOLATION: set_isolation(number32); break;
    case SQL_ATTR_LOGIN_TIMEOUT:
        if (is_connected()) fail("HY011", "The login timeout must be set before connecting");
        break;
    case SQL_ATTR_ASYNC_ENABLE:
        if (number32 != SQL_ASYNC_ENABLE_OFF && number32 != SQL_ASYNC_ENABLE_ON) fail("HY024", "Asynchronous execution is on or off");
        break;
    case SQL_ATTR_ASYNC_DBC_FUNCTIONS_ENABLE:
        if (number32 != SQL_ASYNC_DBC_ENABLE_OFF) not_implemented("Asynchronous execution of functions of the connection");
        break;
    case SQL_ATTR_CONNECTION_TIMEOUT:
        if (number32 != 0) {
            diag.warn("01S02", "The connection timeout is not used: see ConnectTimeout, LoginTimeout and QueryTimeout; 0 was taken");
            numbers_[attribute] = 0;
            return SQL_SUCCESS;
        }
        break;
    case SQL_ATTR_ACCESS_MODE:
    case SQL_ATTR_METADATA_ID:
    case SQL_ATTR_ANSI_APP: break;
    case SQL_ATTR_QUIET_MODE: numbers_[attribute] = number; return SQL_SUCCESS;
    case SQL_ATTR_PACKET_SIZE: not_implemented("The packet size");
    case SQL_ATTR_ENLIST_IN_DTC: not_implemented("A distributed transaction");
    case SQL_ATTR_TRANSLATE_LIB:
    case SQL_ATTR_TRANSLATE_OPTION: not_implemented("A translation library");
    case SQL_ATTR_CONNECTION_DEAD:
    case SQL_ATTR_AUTO_IPD: fail("HY092", "The connection attribute " + std::to_string(attribute) + " cannot be set");
    default: fail("HY092", "There is no connection attribute " + std::to_string(attribute));
    }
    numbers_[attribute] = number32;
    return SQL_SUCCESS;
}

SQLRETURN connection::set_catalog(const std::string& name) {
    if (name.empty()) fail("HY024", "The name of the namespace is empty");
    require_none_executing();
    if (is_connected()) {
        // It becomes part of a statement: names of namespaces hold nothing that needs quotes.
        const auto plain = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '%' || c == '-' || c == '_';
        };
        if (!std::ranges::all_of(name, plain)) fail("HY024", "'" + name.substr(0, 64) + "' is no name of a namespace");
        const std::lock_guard lock(line);
        client_.execute("USE " + name);
    }
    catalog_ = name;
    return SQL_SUCCESS;
}

SQLRETURN connection::send_two_factor(std::string_view code) {
    auto& target = session();
    require_none_executing();
    const std::lock_guard lock(line);
    // Decision 15: with nothing due there is nothing to send.
    if (!target.second_factor_pending()) return SQL_SUCCESS;
    client_.send_two_factor(code);
    return SQL_SUCCESS;
}

connection::attribute_value connection::attribute(SQLINTEGER attribute) {
    // They would wait for the line.
    if (attribute == attr_two_factor || attribute == SQL_ATTR_AUTOCOMMIT || attribute == SQL_ATTR_TXN_ISOLATION) require_none_executing();
    switch (attribute) {
    case attr_two_factor: {
        const auto& asked = session();
        const std::lock_guard lock(line);
        return {asked.second_factor_wanted() ? 1U : 0U, false};
    }
    case SQL_ATTR_AUTOCOMMIT:
        if (is_connected()) {
            const std::lock_guard lock(line);
            return {client_.autocommit() ? 1U : 0U, false};
        }
        if (!numbers_.contains(attribute)) return {SQL_AUTOCOMMIT_ON, false};
        break;
    case SQL_ATTR_TXN_ISOLATION:
        if (is_connected()) {
            const std::lock_guard lock(line);
            const auto level = client_.current_isolation();
            // READ VERIFIED reads committed rows, checked again.
            return {level == isolation::read_uncommitted ? SQLULEN{SQL_TXN_READ_UNCOMMITTED} : SQLULEN{SQL_TXN_READ_COMMITTED}, false};
        }
        if (!numbers_.contains(attribute)) return {SQL_TXN_READ_UNCOMMITTED, false};
        break;
    case SQL_ATTR_CONNECTION_DEAD: {
        const auto& asked = session();
        // A statement at work has the line: nobody knows it to be dead. Pools ask this, and shall not wait.
        const std::unique_lock lock(line, std::try_to_lock);
        return {!lock.owns_lock() || asked.alive() ? std::uint64_t{SQL_CD_FALSE} : std::uint64_t{SQL_CD_TRUE}, false};
    }
    case SQL_ATTR_AUTO_IPD: return {SQL_FALSE, false};
    case SQL_ATTR_ACCESS_MODE:
    case SQL_ATTR_METADATA_ID:
    case SQL_ATTR_ANSI_APP:
    case SQL_ATTR_ASYNC_ENABLE:
    case SQL_ATTR_ASYNC_DBC_FUNCTIONS_ENABLE:
    case SQL_ATTR_CONNECTION_TIMEOUT: break;
    case SQL_ATTR_LOGIN_TIMEOUT:
        if (!numbers_.contains(attribute)) return {15, false};
        break;
    case SQL_ATTR_QUIET_MODE: return {numbers_[attribute], true};
    default: fail("HY092", "There is no connection attribute " + std::to_string(attribute));
    }
    return {numbers_[attribute], false};
}

std::string connection::catalog() const {
    return catalog_.empty() ? "USER" : catalog_;
}

void connection::end_transaction(bool commit) {
    (void)session();
    require_none_executing();
    const std::lock_guard lock(line);
    if (client_.autocommit()) return;
    if (commit) {
        client_.commit();
    } else {
        client_.rollback();
    }
}

void connection::name_cursor(const statement& of, std::string name) {
    const std::lock_guard lock(names_mutex_);
    if (std::ranges::any_of(cursor_names_, [&](const auto& each) { return each.first != &of && each.second == name; }))
        fail("3C000", "Another statement has the cursor name '" + name + "'");
    cursor_names_[&of] = std::move(name);
}

std::string connection::cursor_name(const statement& of) {
    const std::lock_guard lock(names_mutex_);
    auto& name = cursor_names_[&of];
    if (name.empty()) name = "SQL_CUR" + std::to_string(++cursor_numbers_);
    return name;
}

void connection::forget_cursor_name(const statement& of) noexcept {
    const std::lock_guard lock(names_mutex_);
    cursor_names_.erase(&of);
}

statement& connection::add_statement() {
    (void)session();
    return *statements_.emplace_back(std::make_unique<statement>(*this));
}

void connection::remove(statement& gone) {
    wait_for(gone);
    std::erase_if(statements_, [&gone](const auto& each) { return each.get() == &gone; });
}

descriptor& connection::add_descriptor() {
    (void)session();
    auto& out = *descriptors_.emplace_back(std::make_unique<descriptor>(descriptor_kind::ard, this));
    out.header.alloc_type = SQL_DESC_ALLOC_USER;
    return out;
}

void connection::remove(const descriptor& gone) {
    // Statements that use it go back to their own.
    for (const auto& each : statements_) {
        const std::lock_guard lock(each->mutex);
        each->forget(gone);
    }
    std::erase_if(descriptors_, [&gone](const auto& each) { return each.get() == &gone; });
}

} // namespace irislink::odbc
