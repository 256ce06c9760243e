// Data at execution: SQLParamData and SQLPutData.

#include "odbc/handle/statement.hpp"

namespace irislink::odbc {

void statement::require_no_needs() const {
    if (work_.needs) fail("HY010", "The statement waits for data at execution: use SQLParamData and SQLPutData, or SQLCancel");
}

SQLRETURN statement::await_data(std::shared_ptr<parameter_reader> reader, SQLULEN set) {
    auto& needs = work_.needs.emplace();
    needs.parameters = reader->at_execution(set);
    needs.reader = std::move(reader);
    needs.set = set;
    return SQL_NEED_DATA;
}

SQLRETURN statement::next_needed(SQLPOINTER* token) {
    if (work_.streams) return next_stream(token);
    if (!work_.needs) fail("HY010", "The statement waits for no data");
    if (auto& needs = *work_.needs; needs.next > 0) {
        const auto current = needs.parameters[needs.next - 1];
        if (!needs.values[current].given) fail("HY010", "Give the parameter's data by SQLPutData first");
    }
    if (work_.needs->next == work_.needs->parameters.size()) {
        if (!work_.array) {
            const auto given = std::move(*std::exchange(work_.needs, std::nullopt));
            return run(given.reader, given.values);
        }
        if (const auto done = read_sets(); done != SQL_NEED_DATA) return done;
    }
    auto& needs = *work_.needs; // of the next set, if it was the last of its own
    const auto number = needs.parameters[needs.next++];
    needs.values[number] = {};
    if (token != nullptr) *token = needs.reader->token_of(number, needs.set);
    return SQL_NEED_DATA;
}

SQLRETURN statement::put_data(SQLPOINTER data, SQLLEN length) {
    if (!work_.needs || work_.needs->next == 0) fail("HY010", "Call SQLParamData first");
    auto& needs = *work_.needs;
    const auto number = needs.parameters[needs.next - 1];
    auto& to = needs.values[number];
    const auto c_type = needs.reader->c_type_of(number);
    const auto fixed = size_of_c_type(c_type);
    if (length == SQL_NULL_DATA) {
        if (to.given) fail("HY020", "NULL cannot follow data");
        to.given = to.null = true;
        return SQL_SUCCESS;
    }
    if (to.null) fail("HY020", "Data cannot follow NULL");
    if (data == nullptr && (length != 0 || fixed != 0)) fail("HY009", "There is no data");
    if (fixed != 0) {
        if (to.given) fail("HY019", "A value of fixed size cannot be sent in pieces");
        to.bytes.assign(static_cast<const char*>(data), static_cast<std::size_t>(fixed));
    } else if (length == SQL_NTS && c_type == SQL_C_CHAR) {
        to.bytes.append(static_cast<const char*>(data));
    } else if (length == SQL_NTS && c_type == SQL_C_WCHAR) {
        const auto* at = static_cast<const SQLWCHAR*>(data);
        while (*at != 0) ++at;
        to.bytes.append(static_cast<const char*>(data), reinterpret_cast<const char*>(at));
    } else if (length < 0) {
        fail("HY090", "The length " + std::to_string(length) + " is neither a size nor one of ODBC's constants");
    } else if (length > 0) {
        to.bytes.append(static_cast<const char*>(data), static_cast<std::size_t>(length));
    }
    to.given = true;
    return SQL_SUCCESS;
}

} // namespace irislink::odbc
