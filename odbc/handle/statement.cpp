// Text and execution of a statement.

#include "odbc/handle/statement.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <thread>

#include "driver/config/values.hpp"
#include "odbc/handle/environment.hpp"
#include "odbc/text/escapes.hpp"

namespace irislink::odbc {
namespace {

bool starts_with_word(std::string_view text, std::string_view word) {
    return text.size() > word.size() && driver::same_text(text.substr(0, word.size()), word) &&
           !((text[word.size()] >= 'A' && text[word.size()] <= 'Z') || (text[word.size()] >= 'a' && text[word.size()] <= 'z'));
}

bool changes_rows(std::string_view text) {
    static constexpr std::array words{std::string_view("INSERT"), std::string_view("UPDATE"), std::string_view("DELETE")};
    return std::ranges::any_of(words, [text](std::string_view word) { return starts_with_word(text, word); });
}

} // namespace

statement::statement(connection& parent)
    : handle(kind), asynchronous(parent.executing),
      parent_(parent), own_{{descriptor_kind::ard, nullptr}, {descriptor_kind::apd, nullptr}, {descriptor_kind::ird, nullptr}, {descriptor_kind::ipd, nullptr}},
      ard_(&own_[0]), apd_(&own_[1]) {
    if (const auto shared = parent.attribute(SQL_ATTR_METADATA_ID); shared.value != 0) metadata_id_ = SQL_TRUE;
    asynchronous_ = parent.attribute(SQL_ATTR_ASYNC_ENABLE).value;
}

statement::~statement() {
    asynchronous.wait();
    parent_.forget_cursor_name(*this);
    try {
        end_work();
    } catch (const std::exception&) {
        // The connection is gone; its end closes the cursor on the server.
    }
}

void statement::begin_work() {
    require_no_needs();
    if (cursor_) fail("24000", "A cursor is open: fetch to its end is not enough, close it first");
    end_work();
    row_count_ = -1;
}

void statement::begin_anew() {
    begin_work();
    state_ = state::allocated;
    keep_ = changes_rows_ = false;
    sql_ = {};
    call_.reset();
    parameters_.clear();
    prepared_.clear();
    ird().set_count(0);
    writer_.forget();
}

void statement::end_work() {
    close_result();
    end_call();
    end_held();
    work_ = {};
    // An execution that gave none had none to show.
    if (ird().count() == 0 && !prepared_.empty()) describe(prepared_);
}

void statement::close_result() {
    const auto closing = exchange_cursor(nullptr);
    if (!closing) return;
    const std::lock_guard lock(parent_.line);
    closing->close();
}

std::unique_ptr<result_cursor> statement::exchange_cursor(std::unique_ptr<result_cursor> other) {
    row_is_there_ = false;
    position_ = {};
    rowset_.reset();
    reader_.forget();
    writer_.forget();
    return std::exchange(cursor_, std::move(other));
}

void statement::set_text(std::string text) {
    const auto start = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    if (start == text.size()) fail("HY090", "The statement is empty");
    const auto first = std::string_view(text).substr(start);
    changes_rows_ = changes_rows(first);
    call_ = driver::scan_call(text);
    if (call_) {
        sql_ = {text, call_->markers(), driver::statement_kind::update};
    } else {
        if (first.front() == '{') fail("42000", "A statement in braces is a call: {call name(arguments)}, whose arguments are markers and literals");
        sql_ = driver::scan_statement(noscan_ == SQL_NOSCAN_ON ? text : rewrite_escapes(text));
    }
}

SQLRETURN statement::prepare(std::string text) {
    begin_anew();
    set_text(std::move(text));
    if (call_) {
        describe_call();
    } else if (sql_.kind == driver::statement_kind::query || sql_.kind == driver::statement_kind::update) {
        (void)on_line([&](driver::session& on) { return on.run<std::size_t>(on.describe(sql_, parameters_, prepared_), step::statement); });
        describe(prepared_);
    }
    state_ = state::prepared;
    keep_ = true;
    return SQL_SUCCESS;
}

SQLRETURN statement::execute() {
    require_no_needs();
    if (state_ == state::allocated || !keep_) fail("HY010", "The statement is not prepared");
    begin_work();
    return begin_execution();
}

SQLRETURN statement::execute_direct(std::string text) {
    begin_anew();
    set_text(std::move(text));
    return begin_execution();
}

SQLRETURN statement::begin_execution() {
    auto reader = std::make_shared<parameter_reader>(apd(), ipd(), sql_.parameters, call_.has_value());
    reader->suit(parameters_);
    if (sql_.parameters > 0 && reader->buffers().array_size > 1) return begin_array(std::move(reader));
    if (!reader->at_execution(0).empty()) return await_data(std::move(reader), 0);
    return run(reader, {});
}

driver::encoded_parameters statement::values_of(const parameter_reader& reader, SQLULEN set, const put_values& put) {
    if (call_) return arguments_of(reader, set, put);
    driver::encoded_parameters out;
    reader.append(out, set, put, parent_.session().format());
    return out;
}

driver::execution statement::run_message(driver::encoded_parameters parameters, const std::function<void()>& begin) {
    return on_line([&](driver::session& on) {
        begin();
        auto done = on.run<driver::execution>(on.execute(sql_, std::move(parameters), keep_, static_cast<std::int64_t>(max_rows_)), step::statement);
        if (done.rows) open(std::make_unique<result_cursor>(on.shared_from_this(), done.rows));
        return done;
    });
}

bool statement::perform(const std::shared_ptr<parameter_reader>& reader, SQLULEN set, driver::encoded_parameters values) {
    std::int64_t changed = 0;
    if (call_) {
        const auto& call = work_.called.emplace(open_call{run_procedure(std::move(values), first_result::current), reader, set});
        if (call.state->rows) return true;
        changed = call.state->changed;
    } else {
        const auto done = run_message(std::move(values));
        if (done.failure) throw error(*done.failure);
        if (done.rows) return true;
        if (!done.counts.empty()) changed = done.counts.front();
    }
    row_count_ = diag.row_count = static_cast<SQLLEN>(changed);
    return false;
}

SQLRETURN statement::run(const std::shared_ptr<parameter_reader>& reader, const put_values& put) {
    reader->report().reached(0);
    reader->report().mark(0, SQL_PARAM_ERROR);
    const bool rows = perform(reader, 0, values_of(*reader, 0, put));
    state_ = state::executed;
    reader->report().mark(0, SQL_PARAM_SUCCESS);
    if (rows) return SQL_SUCCESS;
    if (call_) {
        ird().set_count(0);
        return put_outputs();
    }
    return changes_rows_ && row_count_ == 0 ? SQL_NO_DATA : SQL_SUCCESS;
}

SQLRETURN statement::more_results() {
    require_no_needs();
    row_count_ = -1;
    work_.streams.reset();
    // The program may have taken its statuses back since.
    if (work_.array) work_.array->reader->report_to(set_report(ipd().header));
    if (work_.called) work_.called->reader->report_to(set_report(ipd().header));
    if (work_.array) return next_of_array();
    if (work_.called) return next_call_result();
    // Every other statement has one result; it is over now.
    end_work();
    return SQL_NO_DATA;
}

SQLRETURN statement::catalog(driver::catalog_function which, std::vector<std::string> arguments) {
    begin_anew();
    on_line([&](driver::session& on) {
        const auto form = parent_.parent().speaks_odbc2() ? driver::catalog_form::odbc2 : driver::catalog_form::odbc3;
        auto rows = on.run<std::shared_ptr<driver::result_state>>(on.catalog(which, std::move(arguments), form), step::statement);
        auto cursor = std::make_unique<result_cursor>(on.shared_from_this(), std::move(rows));
        // Some codes of catalog requests are the same for both versions (wire-sql 7.4).
        cursor->tell_codes(telling());
        open(std::move(cursor));
    });
    state_ = state::executed;
    return SQL_SUCCESS;
}

SQLRETURN statement::show(std::vector<column> columns, wire::byte_buffer items) {
    begin_anew();
    auto cursor = std::make_unique<result_cursor>(parent_.session().shared_from_this(), local_result(std::move(columns), std::move(items)), true);
    // The wide types of SQLGetTypeInfo are rows of their own.
    if (parent_.parent().speaks_odbc2()) cursor->tell_codes({.odbc2 = true});
    open(std::move(cursor));
    state_ = state::executed;
    return SQL_SUCCESS;
}

bool statement::cancel_on_server() {
    if (!running_ || cancel_sent_) return false;
    const auto target = parent_.session_to_cancel();
    if (!target || !target->cancel()) return false;
    cancel_sent_ = true;
    return true;
}

void statement::go_on() const {
    if (stopped_call_ == calls_ || asynchronous.stop_asked())
        throw error(diagnostic{errc::cancelled, "HY008", 0, step::fetch, "The operation was cancelled", "", false, 0});
}

SQLRETURN statement::poll(SQLUSMALLINT function) noexcept {
    try {
        // It was asked for when the statement was not on the server yet.
        if (asynchronous.stop_asked()) (void)cancel_on_server();
    } catch (const std::exception&) {
        // The work goes on; its outcome says how it ended.
    }
    return asynchronous.poll(function);
}

SQLRETURN statement::cancel() {
    if (asynchronous.outstanding()) {
        asynchronous.ask_to_stop();
    } else if (const std::unique_lock lock(mutex, std::try_to_lock); lock.owns_lock()) {
        // Nothing runs: only what waits for the program can be given up. Sets of an array that were executed before stay so.
        diag.clear();
        // Results that they gave are closed by what comes next, which may wait for the line.
        if (std::exchange(work_.needs, std::nullopt)) work_.array.reset();
        work_.streams.reset();
        return diag.finish(SQL_SUCCESS);
    }
    const auto under_way = calls_.load();
    stopped_call_ = under_way;
    try {
        // It may be about to send what it was called for: then there is something to stop in a moment.
        for (int i = 0; i < 50 && calls_ == under_way && !cancel_sent_ && !cancel_on_server(); ++i) {
            if (const std::unique_lock lock(mutex, std::try_to_lock); lock.owns_lock()) break; // it is through
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return SQL_SUCCESS;
    } catch (const std::exception&) {
        // The diagnostics belong to the thread that runs the statement.
        return SQL_ERROR;
    }
}

type_telling statement::telling() const {
    return {parent_.parent().speaks_odbc2(), parent_.is_connected() && parent_.settings().unicode_sql_types};
}

std::uint32_t statement::parameter_count() const {
    if (state_ == state::allocated) fail("HY010", "The statement is not prepared");
    return sql_.parameters;
}

const wire::parameter_description& statement::described_parameter(SQLUSMALLINT number) const {
    if (state_ == state::allocated) fail("HY010", "The statement is not prepared");
    if (number < 1 || number > parameters_.size()) fail("07009", "There is no parameter " + std::to_string(number));
    return parameters_[number - std::size_t{1}];
}

void statement::open(std::unique_ptr<result_cursor> cursor) {
    row_count_ = -1;
    diag.row_count = -1;
    diag.cursor_row_count = 0;
    cursor->set_look_around([this] { go_on(); });
    if (cursor_type_ == SQL_CURSOR_STATIC) {
        cursor->keep_rows(parent_.settings().static_cursor_limit);
        row_count_ = diag.row_count = diag.cursor_row_count = static_cast<SQLLEN>(cursor->rows());
    }
    if (telling().wide) cursor->tell_wide();
    (void)exchange_cursor(std::move(cursor));
    describe(cursor_->columns());
}

} // namespace irislink::odbc
