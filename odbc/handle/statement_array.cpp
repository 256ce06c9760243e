// Arrays of parameters. Sets are read from the program's buffers in their order, each with the data at execution that it
// needs; parameter_array.hpp says how they reach the server. What gives no results stops at the first set that fails, since
// the server does so with those of a message. A procedure with results is called with every set before the program sees any
// of them, as that is what calls are made for; a query is asked for one set after the other.

#include <algorithm>

#include "odbc/handle/statement.hpp"

namespace irislink::odbc {
namespace {

// Values of an array of parameters are sent in messages of about this size, as the C++ client does.
constexpr std::size_t message_bytes = std::size_t{1} << 20U;

} // namespace

array_way statement::way_of_sets(const parameter_reader& reader) {
    if (!call_) return sql_.kind == driver::statement_kind::query ? array_way::when_asked_for : array_way::together;
    for (std::uint32_t i = 1; i <= sql_.parameters; ++i)
        if (reader.is_stream(static_cast<SQLSMALLINT>(i))) not_implemented("An output stream in an array of parameters");
    // One that is not there is told once, not for every set.
    const auto facts = on_line([&](driver::session& on) { return on.run<driver::procedure_facts>(on.describe_procedure(call_->name), step::statement); });
    work_.array->gives_results = facts.gives_results();
    return array_way::one_by_one;
}

SQLRETURN statement::begin_array(std::shared_ptr<parameter_reader> reader) {
    // The program's statuses are written before anything can fail.
    auto& of = work_.array.emplace(std::move(reader));
    try {
        of.way = way_of_sets(*of.reader);
    } catch (...) {
        work_.array.reset();
        throw;
    }
    return read_sets();
}

// Goes on where it was: after data at execution, with that of the next set in work_.needs.
SQLRETURN statement::read_sets() {
    try {
        auto& of = *work_.array;
        bool going = true;
        for (; going && of.next < of.size(); ++of.next) {
            if (work_.needs) {
                const auto given = std::move(std::exchange(work_.needs, std::nullopt)->values);
                going = take_set(of.next, given);
                continue;
            }
            if (of.is_left_out(of.next)) continue;
            if (!of.reader->at_execution(of.next).empty()) {
                // A set is executed before the data of another one is asked for: it may be the last.
                going = of.way != array_way::together || send_sets();
                if (!going) break;
                of.report().reached(of.next);
                of.told.insert(of.told.end(), diag.records().begin(), diag.records().end());
                return await_data(of.reader, of.next);
            }
            going = take_set(of.next, {});
        }
        if (of.way == array_way::when_asked_for) return next_set(true);
        if (going) going = of.way != array_way::together || send_sets();
        if (going) of.report().processed(of.size());
        tell_earlier();
        const bool good = of.good > 0 || std::ranges::all_of(diag.records(), &diag_record::is_warning);
        if (good) state_ = state::executed;
        if (!work_.held.empty()) {
            of.given_up = false; // as far as they are there
            return next_held();
        }
        row_count_ = diag.row_count = of.changed;
        work_.array.reset();
        if (!good) return SQL_ERROR;
        ird().set_count(0);
        return SQL_SUCCESS;
    } catch (...) {
        tell_earlier();
        work_.needs.reset();
        work_.array.reset();
        throw;
    }
}

void statement::tell_earlier() {
    if (!work_.array) return;
    auto told = std::exchange(work_.array->told, {});
    for (auto& each : told) diag.add(std::move(each));
}

// False when nothing after it is to be done.
bool statement::take_set(SQLULEN set, const put_values& put) {
    auto& of = *work_.array;
    try {
        if (of.way == array_way::together) {
            of.reader->append(of.unsent.values, set, put, parent_.session().format());
        } else if (auto values = values_of(*of.reader, set, put); of.way == array_way::one_by_one) {
            return call_set(set, std::move(values));
        } else {
            of.waiting.push_back({set, std::move(values), std::nullopt});
        }
    } catch (const odbc_error& refused) {
        if (of.way == array_way::when_asked_for) {
            of.waiting.push_back({set, {}, refused.record()});
            return true;
        }
        if (of.way == array_way::together && !send_sets()) return false;
        of.report().reached(set);
        diag.add(of.failed(set, refused.record()));
        return of.gives_results;
    }
    if (of.way == array_way::together) {
        of.unsent.sets.push_back(set);
        ++of.unsent.values.sets;
        if (of.unsent.values.items.size() >= message_bytes) return send_sets();
    }
    return true;
}

// In one message. The server stops at the first set that fails: false.
bool statement::send_sets() {
    auto& of = *work_.array;
    if (of.unsent.sets.empty()) return true;
    auto [sent, values] = std::exchange(of.unsent, {});
    bool tried = false;
    // Until the server says which: it may be any of them.
    const auto begin = [&, &sets = sent] {
        tried = true;
        for (const auto set : sets) of.report().mark(set, sets.size() == 1 ? SQL_PARAM_ERROR : SQL_PARAM_DIAG_UNAVAILABLE);
        of.report().reached(sets.back());
    };
    driver::execution done;
    std::optional<diag_record> stopped;
    try {
        go_on();
        done = run_message(std::move(values), begin);
    } catch (const error& failed) {
        if (failed.is_fatal()) throw;
        stopped = record_of(failed.record());
    } catch (const odbc_error& refused) {
        stopped = refused.record();
    }
    if (stopped) {
        if (tried && sent.size() == 1) stopped = of.failed(sent.front(), std::move(*stopped));
        if (of.good == 0) throw odbc_error(std::move(*stopped));
        diag.add(std::move(*stopped));
        return false;
    }
    for (std::size_t i = 0; i < sent.size(); ++i) {
        const bool known = i < done.counts.size();
        // A server may leave out the count of the set that failed.
        const bool marked = !done.counts.empty() && done.counts.back() < 0;
        const bool failed = known ? done.counts[i] < 0 : !marked && i == done.counts.size() && done.failure.has_value();
        if (known && !failed) {
            of.report().mark(sent[i], SQL_PARAM_SUCCESS);
            of.count(done.counts[i]);
        } else if (failed) {
            of.report().reached(sent[i]);
            diag.add(of.failed(sent[i], record_of(*done.failure)));
        } else {
            of.report().mark(sent[i], SQL_PARAM_UNUSED);
        }
    }
    return !done.failure.has_value();
}

// False when the work failed; it has its record then. That is no end of the sets that wait, unless the line is gone, which
// is thrown, or somebody cancelled.
template <class Work> bool statement::attempt(SQLULEN set, Work&& work) {
    try {
        work();
        return true;
    } catch (const error& refused) {
        if (refused.is_fatal()) throw;
        tell_set(set, record_of(refused.record()));
    } catch (const odbc_error& refused) {
        tell_set(set, refused.record());
    }
    return false;
}

// False after a cancellation: the set is not tried, nor any other.
bool statement::begin_set(SQLULEN set) {
    auto& of = *work_.array;
    try {
        go_on();
    } catch (const error& cancelled) {
        of.given_up = true;
        diag.add(record_of(cancelled.record()));
        return false;
    }
    of.report().mark(set, SQL_PARAM_ERROR);
    of.report().reached(set);
    return true;
}

// By itself; its result is the current one then. What fails is told with the set's number: false.
bool statement::query_set(SQLULEN set, driver::encoded_parameters values) {
    return begin_set(set) && attempt(set, [&] {
               (void)perform(work_.array->reader, set, std::move(values));
               work_.array->report().mark(set, SQL_PARAM_SUCCESS);
           });
}

// By itself. What fails is told with the set's number: false when no set is to follow, as after one of a procedure that
// gives no results, and after a cancellation.
bool statement::call_set(SQLULEN set, driver::encoded_parameters values) {
    auto& of = *work_.array;
    if (!begin_set(set)) return false;
    bool good = false;
    (void)attempt(set, [&] {
        const auto given = run_procedure(std::move(values), first_result::held);
        of.gives_results = given->gives_results;
        const auto changed = static_cast<SQLLEN>(given->changed);
        open_call call{given, of.reader, set};
        of.report().mark(set, SQL_PARAM_SUCCESS);
        if (given->rows || given->more) {
            work_.held.push_back({set, std::move(call), changed});
        } else {
            work_.called = std::move(call);
            if (put_outputs() != SQL_SUCCESS) return;
            if (of.gives_results) work_.held.push_back({set, std::nullopt, changed});
        }
        of.count(changed);
        good = true;
    });
    return good || (of.gives_results && !of.given_up);
}

void statement::tell_set(SQLULEN set, diag_record why) {
    auto& of = *work_.array;
    of.given_up = of.given_up || why.sqlstate == "HY008";
    diag.add(of.failed(set, std::move(why)));
}

// The next set of those that give rows becomes the current result. Sets that fail before it have their records; without one,
// SQL_NO_DATA, or SQL_ERROR when the last one failed. `first`: none was before.
SQLRETURN statement::next_set(bool first) {
    auto& of = *work_.array;
    while (!of.waiting.empty() && !of.given_up) {
        auto each = std::move(of.waiting.front());
        of.waiting.pop_front();
        if (each.refused) {
            of.report().reached(each.set);
            tell_set(each.set, std::move(*each.refused));
            continue;
        }
        if (!query_set(each.set, std::move(each.values))) continue;
        state_ = state::executed;
        return SQL_SUCCESS;
    }
    if (!of.given_up) of.report().processed(of.size());
    work_.array.reset();
    if (!std::ranges::all_of(diag.records(), &diag_record::is_warning)) return SQL_ERROR;
    if (!first) return SQL_NO_DATA;
    // All of them were left out.
    state_ = state::executed;
    ird().set_count(0);
    return SQL_SUCCESS;
}

// Throws what becomes of the set when its first result cannot be read.
void statement::show_held(held_result of) {
    row_count_ = diag.row_count = of.changed;
    ird().set_count(0);
    if (!of.call) return;
    const auto given = work_.called.emplace(std::move(*of.call)).state;
    if (!given->rows) {
        (void)next_call_result();
        return;
    }
    on_line([&](driver::session& on) { open(std::make_unique<result_cursor>(on.shared_from_this(), given->rows)); });
}

// The results of the next set of an array of calls, as next_set().
SQLRETURN statement::next_held() {
    auto& of = *work_.array;
    while (!work_.held.empty() && !of.given_up) {
        auto each = std::move(work_.held.front());
        work_.held.pop_front();
        if (attempt(each.set, [&] { show_held(std::move(each)); })) return SQL_SUCCESS;
        end_call();
    }
    work_.array.reset();
    return std::ranges::all_of(diag.records(), &diag_record::is_warning) ? SQL_NO_DATA : SQL_ERROR;
}

// SQLMoreResults: another result of the current set's call, or the next set.
SQLRETURN statement::next_of_array() {
    try {
        if (work_.called) {
            const auto set = work_.called->set;
            SQLRETURN done = SQL_ERROR;
            if (!attempt(set, [&] { done = next_call_result(); })) end_call();
            if (done == SQL_SUCCESS) return done;
        }
        close_result();
        return work_.array->way == array_way::one_by_one ? next_held() : next_set(false);
    } catch (...) {
        work_.array.reset();
        throw;
    }
}

} // namespace irislink::odbc
