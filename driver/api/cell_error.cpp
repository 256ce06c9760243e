#include "driver/api/cell_error.hpp"

#include <string>

namespace irislink::driver {

using wire::coercion;

diagnostic cell_error(std::string_view label, const char* sqlstate, std::string_view what, std::size_t row) {
    diagnostic out;
    out.code = errc::bad_conversion;
    out.sqlstate = sqlstate;
    out.step = step::fetch;
    out.text = row == 0 ? "Column '" : "Row " + std::to_string(row) + ", column '";
    out.text.append(label).append("': ").append(what);
    out.row = row;
    return out;
}

diagnostic cell_error(std::string_view label, coercion outcome, std::size_t row) {
    switch (outcome) {
    case coercion::null: return cell_error(label, "22002", "the value is NULL; read it as std::optional", row);
    case coercion::fraction_truncated: return cell_error(label, "22003", "the value has a fraction that would be lost", row);
    case coercion::bad_literal: return cell_error(label, "22018", "the text is not such a value", row);
    case coercion::not_convertible: return cell_error(label, "07006", "the value has no such form", row);
    default: return cell_error(label, "22003", "the value is out of range", row);
    }
}

} // namespace irislink::driver
