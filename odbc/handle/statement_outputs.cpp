// What comes out of a call: into buffers and as streams.

#include "driver/value/convert.hpp"
#include "odbc/handle/statement.hpp"

namespace irislink::odbc {

using form = driver::call_argument::form;

namespace {

constexpr SQLSMALLINT apd_type = -100; // SQL_APD_TYPE of ODBC 3.8, which unixODBC's headers have not

// The parameters of a call that are markers: `each(number, column of the output row)`.
template <class Each> void each_marker(const driver::scanned_call& call, const driver::call_state& state, Each&& each) {
    const std::size_t first = state.returns ? 1 : 0;
    SQLSMALLINT number = 0;
    if (call.returns) each(++number, std::size_t{0});
    for (std::size_t i = 0; i < call.arguments.size(); ++i)
        if (call.arguments[i].kind == form::marker) each(++number, i + first);
}

} // namespace

// False when a value could not be written. With the line.
bool statement::write_outputs(const open_call& call) {
    bool good = true;
    auto row = std::make_unique<result_cursor>(parent_.session().shared_from_this(), call.state->output);
    row->set_look_around([this] { go_on(); });
    if (!row->next()) return true;
    std::vector<output_streams::parameter> streams;
    each_marker(*call_, *call.state, [&](SQLSMALLINT number, std::size_t column) {
        if (call.reader->is_stream(number)) streams.push_back({number, column});
        auto to = call.reader->output_of(number, call.set);
        if (!to) return;
        const auto type = row->columns()[column].type;
        auto done = outcome::not_convertible;
        if (auto* const convert = find_conversion(type, call.reader->c_type_of(number), own_width)) {
            if (driver::is_long(type)) driver::load_long(row->row(), column);
            const item_source from(row->row(), column);
            done = convert(from.get(), *to);
        }
        if (done == outcome::ok) return;
        auto record = record_of(done, call.reader->buffers().array_size > 1 ? static_cast<SQLLEN>(call.set) + 1 : 0, number);
        record.text = "Parameter " + std::to_string(number) + ": " + record.text;
        diag.add(std::move(record));
        good = good && !is_error(done);
    });
    if (!streams.empty()) work_.streams.emplace(output_streams{std::move(row), call.reader, std::move(streams), 0, {}});
    return good;
}

// Once for a call. SQL_PARAM_DATA_AVAILABLE when SQLParamData has something to name.
SQLRETURN statement::put_outputs() {
    const auto call = std::exchange(work_.called, std::nullopt);
    const auto& report = call->reader->report();
    const auto told = diag.records().size();
    report.mark(call->set, SQL_PARAM_ERROR);
    const bool good = on_line([&](driver::session&) { return write_outputs(*call); });
    if (!good) {
        work_.streams.reset();
        return SQL_ERROR;
    }
    report.mark(call->set, diag.records().size() > told ? SQL_PARAM_SUCCESS_WITH_INFO : SQL_PARAM_SUCCESS);
    return work_.streams ? SQLRETURN{SQL_PARAM_DATA_AVAILABLE} : SQLRETURN{SQL_SUCCESS};
}

SQLRETURN statement::next_stream(SQLPOINTER* token) {
    auto& of = *work_.streams;
    of.reading.forget();
    if (of.next == of.parameters.size()) {
        end_work(); // of the last result set, where there was one
        return SQL_SUCCESS;
    }
    if (token != nullptr) *token = of.reader->token_of(of.parameters[of.next].number, 0);
    ++of.next;
    return SQL_PARAM_DATA_AVAILABLE;
}

SQLRETURN statement::get_stream_data(SQLUSMALLINT number, SQLSMALLINT c_type, target to) {
    auto& of = *work_.streams;
    if (of.next == 0) fail("HY010", "SQLParamData says first which parameter there is to read");
    const auto& current = of.parameters[of.next - 1];
    if (number != current.number) fail("07009", "The parameter to be read is " + std::to_string(current.number) + ": SQLParamData goes on to the next");
    if (c_type == apd_type) c_type = of.reader->c_type_of(current.number);
    if (!is_c_type(c_type)) fail("HY003", "There is no C type " + std::to_string(c_type));
    if (to.capacity < 0) fail("HY090", "The buffer length is negative");
    return on_line([&](driver::session&) { return of.reading.read(*of.row, current.column, c_type, to, diag); });
}

} // namespace irislink::odbc
