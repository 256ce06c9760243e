#include "odbc/bind/parameter_array.hpp"

namespace irislink::odbc {

parameter_array::parameter_array(std::shared_ptr<parameter_reader> with) : reader(std::move(with)) {
    for (SQLULEN i = 0; i < size(); ++i) report().mark(i, SQL_PARAM_UNUSED);
    report().processed(0);
}

bool parameter_array::is_left_out(SQLULEN set) const noexcept {
    const auto* const operation = reader->buffers().array_status_ptr;
    return operation != nullptr && operation[set] == SQL_PARAM_IGNORE;
}

void parameter_array::count(std::int64_t rows) noexcept {
    ++good;
    if (rows > 0) changed += static_cast<SQLLEN>(rows);
}

diag_record parameter_array::failed(SQLULEN set, diag_record why) noexcept {
    report().mark(set, SQL_PARAM_ERROR);
    why.row = static_cast<SQLLEN>(set) + 1;
    return why;
}

} // namespace irislink::odbc
