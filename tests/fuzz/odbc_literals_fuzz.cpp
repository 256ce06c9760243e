// Text that is read as a number, a date or time, an interval or a GUID on its way to a C type: what is
// read can be shown, and reads back as itself.
//
// Input: one control byte (the interval's shape), then text.

#include <cstring>
#include <string>

#include "odbc/convert/datetime.hpp"
#include "odbc/convert/guid.hpp"
#include "odbc/convert/interval.hpp"
#include "odbc/convert/number.hpp"
#include "tests/fuzz/fuzz_support.hpp"

namespace {

using namespace irislink;
using namespace irislink::odbc;
using fuzz::require;

void check_number(std::string_view text) {
    number read;
    if (!parse_number(text, read)) return;
    uint128 magnitude = 0;
    bool negative = false;
    (void)whole_part(read, magnitude, negative);
    double real = 0;
    float single = 0;
    (void)to_double(read, real);
    (void)to_float(read, single);
    for (const int scale : {-5, 0, 2, 38}) {
        SQL_NUMERIC_STRUCT made;
        if (is_error(to_numeric(read, 38, scale, made))) continue;
        number back;
        require(from_numeric(made, back), "a structure we made is a number");
        require(back.exponent == -scale && (back.magnitude == 0 || back.negative == read.negative), "sign and scale survive");
    }
    wire::decimal decimal;
    if (to_decimal(read, decimal)) require(decimal.exponent >= -128 && decimal.exponent <= 127, "exponents fit a byte");
    number_text storage;
    std::size_t whole = 0;
    const auto shown = to_text(read, 2, storage, whole);
    require(whole <= shown.size(), "the whole part is a part");
    number again;
    require(parse_number(shown, again), "what is shown is a number");
    if (read.exponent >= -128 && read.exponent <= 127 && !read.inexact && read.magnitude < 1'000'000) {
        for (auto* each : {&read, &again})
            while (each->magnitude != 0 && each->magnitude % 10 == 0) each->magnitude /= 10, ++each->exponent;
        require(again.magnitude == read.magnitude && (read.magnitude == 0 || again.exponent == read.exponent), "numbers survive");
    }
}

void check_datetime(std::string_view text) {
    wire::timestamp read;
    bool lost = false;
    datetime_text storage;
    const auto kind = parse_datetime(text, read, lost);
    if (kind == literal_kind::none) return;
    require(wire::valid(read.day) && wire::valid(read.time), "dates and times are valid");
    const auto shown = kind == literal_kind::date   ? to_text(read.day, storage)
                       : kind == literal_kind::time ? to_text(read.time, storage)
                                                    : to_text(read, storage);
    wire::timestamp again;
    require(parse_datetime(shown, again, lost) == kind && !lost && again == read, "dates and times survive");
    wire::timestamp image;
    require(from_struct(timestamp_struct(read), image) && image == read, "structures survive");
}

void check_interval(std::string_view text, const interval_shape& shape) {
    interval read;
    if (parse_interval(text, shape, read) != outcome::ok) return;
    SQL_INTERVAL_STRUCT made;
    if (is_error(to_struct(read, shape, 9, 9, made))) return;
    interval back;
    interval_shape found{};
    require(from_struct(made, 9, back, found) && found.c_type == shape.c_type, "intervals survive the structure");
    require(back.amount <= read.amount, "fields are cut, not made up");
    interval_text storage;
    interval again;
    require(parse_interval(to_text(back, shape, storage), shape, again) == outcome::ok, "what is shown is an interval");
    require(again.amount == back.amount && again.nanosecond == back.nanosecond && again.negative == back.negative, "intervals survive");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    const auto& shape = interval_shapes[in.byte() % interval_shapes.size()];
    const auto text = wire::as_text(in.rest());
    check_number(text);
    check_datetime(text);
    check_interval(text, shape);
    SQLGUID guid;
    if (parse_guid(text, guid)) {
        guid_text storage;
        SQLGUID again;
        require(parse_guid(to_text(guid, storage), again) && std::memcmp(&guid, &again, sizeof guid) == 0, "GUIDs survive");
    }
    return 0;
}
