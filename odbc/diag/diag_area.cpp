#include "odbc/diag/diag_area.hpp"

#include <algorithm>
#include <array>

namespace irislink::odbc {

namespace {

// Of logging in, whose steps are for the program and its user to tell apart. A statement's error is the
// server's words and no more.
bool names_its_step(step at) {
    return at >= step::resolve && at <= step::second_factor;
}

} // namespace

diag_record record_of(const diagnostic& in) {
    diag_record out;
    out.sqlstate = in.sqlstate;
    out.native = in.native;
    if (names_its_step(in.step)) out.text = "at " + std::string(to_string(in.step)) + ": ";
    out.text += in.text;
    if (!in.hint.empty()) out.text += " (" + in.hint + ")";
    out.from_server = in.code == errc::server_error || in.code == errc::login_refused;
    if (in.row > 0) out.row = static_cast<SQLLEN>(in.row);
    return out;
}

void fail(std::string_view sqlstate, std::string text) {
    diag_record record;
    record.sqlstate = sqlstate;
    record.text = std::move(text);
    throw odbc_error(std::move(record));
}

void not_implemented(std::string_view what) {
    fail("HYC00", std::string(what) + " is not supported by this driver");
}

diag_area::diag_area() {
    records_.reserve(4); // room for the record of a failed allocation
}

void diag_area::clear() noexcept {
    records_.clear();
    outcome_ = SQL_SUCCESS;
}

void diag_area::warn(std::string_view sqlstate, std::string text) {
    diag_record record;
    record.sqlstate = sqlstate;
    record.text = std::move(text);
    add(std::move(record));
}

SQLRETURN diag_area::finish(SQLRETURN outcome) noexcept {
    if (outcome == SQL_SUCCESS && !records_.empty()) outcome = SQL_SUCCESS_WITH_INFO;
    // By row, errors before warnings: the ranking of "Sequence of Status Records".
    std::ranges::stable_sort(records_, [](const diag_record& left, const diag_record& right) {
        if (left.row != right.row) return left.row < right.row;
        return !left.is_warning() && right.is_warning();
    });
    outcome_ = outcome;
    return outcome;
}

SQLRETURN diag_area::fail(const diag_record& record) noexcept {
    try {
        add(record);
    } catch (const std::bad_alloc&) {
        return fail_out_of_memory();
    }
    return finish(SQL_ERROR);
}

SQLRETURN diag_area::fail(const diagnostic& record) noexcept {
    try {
        return fail(record_of(record));
    } catch (const std::bad_alloc&) {
        return fail_out_of_memory();
    }
}

SQLRETURN diag_area::fail_out_of_memory() noexcept {
    // Short enough to need no memory of their own.
    diag_record record;
    record.sqlstate = "HY001";
    record.text = "Out of memory";
    records_.clear();
    records_.push_back(std::move(record));
    return finish(SQL_ERROR);
}

SQLRETURN diag_area::fail_general(const char* what) noexcept {
    try {
        diag_record record;
        record.text = what;
        return fail(record);
    } catch (const std::bad_alloc&) {
        return fail_out_of_memory();
    }
}

std::string message_of(const diag_record& record) {
    return (record.from_server ? "[irislink][ODBC driver][IRIS] " : "[irislink][ODBC driver] ") + record.text;
}

std::string_view class_origin(std::string_view sqlstate) noexcept {
    return sqlstate.starts_with("IM") ? "ODBC 3.0" : "ISO 9075";
}

std::string_view subclass_origin(std::string_view sqlstate) noexcept {
    // The reference's list of subclasses that ODBC defines.
    static constexpr std::array odbc{std::string_view("01S00"), std::string_view("01S01"), std::string_view("01S02"), std::string_view("01S06"),
                                     std::string_view("01S07"), std::string_view("07S01"), std::string_view("08S01"), std::string_view("21S01"),
                                     std::string_view("21S02"), std::string_view("25S01"), std::string_view("25S02"), std::string_view("25S03"),
                                     std::string_view("42S01"), std::string_view("42S02"), std::string_view("42S11"), std::string_view("42S12"),
                                     std::string_view("42S21"), std::string_view("42S22"), std::string_view("HY095"), std::string_view("HY097"),
                                     std::string_view("HY098"), std::string_view("HY099"), std::string_view("HY100"), std::string_view("HY101"),
                                     std::string_view("HY105"), std::string_view("HY107"), std::string_view("HY109"), std::string_view("HY110"),
                                     std::string_view("HY111"), std::string_view("HYT00"), std::string_view("HYT01")};
    return sqlstate.starts_with("IM") || std::ranges::find(odbc, sqlstate) != odbc.end() ? "ODBC 3.0" : "ISO 9075";
}

} // namespace irislink::odbc
