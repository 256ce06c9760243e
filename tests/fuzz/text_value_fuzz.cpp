// Numbers, dates and times written as text: what is read can be written, and reads back as itself.
// The first eight bytes are also taken as an encoded number.
//
// Input: text.

#include <bit>
#include <cstring>
#include <string>

#include "tests/fuzz/fuzz_support.hpp"
#include "wire/codec/decimal.hpp"
#include "wire/types/temporal.hpp"

namespace {

using namespace irislink;
using fuzz::require;

template <class Value> std::string text_of(const Value& value) {
    std::string out;
    wire::append_text(out, value);
    return out;
}

void check_encoded(std::int64_t value) {
    if (const auto day = wire::date_of_horolog(value)) {
        require(wire::valid(*day) && wire::horolog_of_date(*day) == value, "day numbers survive");
    }
    if (const auto moment = wire::timestamp_of_posix(value)) {
        require(wire::valid(moment->day) && wire::valid(moment->time), "encoded times are valid");
        require(wire::posix_of_timestamp(*moment) == value, "encoded times survive");
        require(wire::parse_timestamp(text_of(*moment)) == moment, "encoded times have a text");
    }
    const wire::decimal number{value, static_cast<std::int16_t>(value % 128)};
    const auto text = wire::to_text(number);
    const auto back = wire::parse_decimal(text);
    require(back && compare(*back, number) == 0, "plain notation reads back");
    require(compare(number, number) == 0, "a number equals itself");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto number = wire::parse_decimal(text)) {
        require(number->exponent >= -128 && number->exponent <= 127, "exponents fit a byte");
        const auto again = wire::parse_decimal(wire::to_text(*number));
        require(again && compare(*again, *number) == 0, "numbers survive");
    }
    if (const auto day = wire::parse_date(text)) {
        require(wire::valid(*day), "dates are valid");
        require(wire::parse_date(text_of(*day)) == day, "dates survive");
        require(wire::date_of_horolog(wire::horolog_of_date(*day)) == day, "dates have a day number");
    }
    if (const auto time = wire::parse_time(text)) {
        require(wire::valid(*time), "times are valid");
        require(wire::parse_time(text_of(*time)) == time, "times survive");
    }
    if (const auto moment = wire::parse_timestamp(text)) {
        require(wire::parse_timestamp(text_of(*moment)) == moment, "timestamps survive");
        auto micros = *moment;
        micros.time.nanosecond -= micros.time.nanosecond % 1000;
        require(wire::timestamp_of_posix(wire::posix_of_timestamp(*moment)) == micros, "timestamps have an encoding");
    }
    if (size >= 8) {
        std::int64_t value = 0;
        std::memcpy(&value, data, sizeof value);
        check_encoded(value);
        check_encoded(value >> 40);
        check_encoded(value >> 3);
    }
    return 0;
}
