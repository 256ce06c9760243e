#include "irislink/value.hpp"

#include "driver/value/convert.hpp"

namespace irislink {

std::string to_string(decimal in) {
    return wire::to_text(driver::to_wire(in));
}

std::optional<decimal> parse_decimal(std::string_view text) {
    const auto parsed = wire::parse_decimal(text);
    if (!parsed) return std::nullopt;
    return decimal{parsed->mantissa, parsed->exponent};
}

std::string to_string(date in) {
    std::string out;
    wire::append_text(out, driver::to_wire(in));
    return out;
}

std::string to_string(const time_of_day& in) {
    std::string out;
    wire::append_text(out, driver::to_wire(in));
    return out;
}

std::string to_string(const timestamp& in) {
    std::string out;
    wire::append_text(out, driver::to_wire(in));
    return out;
}

} // namespace irislink
