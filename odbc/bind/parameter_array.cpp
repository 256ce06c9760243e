#include "odbc/bind/parameter_array.hpp"

#include <algorithm>

namespace irislink::odbc {

parameter_array::parameter_array(std::shared_ptr<const parameter_reader> with, array_way how, const descriptor_header& ipd)
    : reader(std::move(with)), way(how), status_(ipd.array_status_ptr), processed_(ipd.rows_processed_ptr) {
    if (status_ != nullptr) std::fill_n(status_, size(), SQLUSMALLINT{SQL_PARAM_UNUSED});
    processed(0);
}

bool parameter_array::is_left_out(SQLULEN set) const noexcept {
    const auto* const operation = reader->buffers().array_status_ptr;
    return operation != nullptr && operation[set] == SQL_PARAM_IGNORE;
}

void parameter_array::succeeded(SQLULEN set, std::int64_t rows, SQLUSMALLINT as) noexcept {
    mark(set, as);
    ++good;
    if (rows > 0) changed += static_cast<SQLLEN>(rows);
}

diag_record parameter_array::failed(SQLULEN set, diag_record why) noexcept {
    mark(set, SQL_PARAM_ERROR);
    reached(set);
    why.row = static_cast<SQLLEN>(set) + 1;
    return why;
}

} // namespace irislink::odbc
