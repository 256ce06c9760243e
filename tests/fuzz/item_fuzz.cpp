// Items of any kind, and every conversion of them: what a conversion delivers can be written, and reads
// back as the same value.
//
// Input: format bits, then items.

#include <bit>
#include <cmath>
#include <string>

#include "tests/fuzz/fuzz_support.hpp"
#include "wire/codec/reader.hpp"
#include "wire/codec/writer.hpp"
#include "wire/types/temporal.hpp"

namespace {

using namespace irislink;
using fuzz::require;
using wire::coercion;

template <class Write> wire::item rewritten(wire::byte_buffer& storage, const wire::session_format& format, Write write) {
    storage.clear();
    wire::writer out(storage, format);
    write(out);
    require(!out.failed(), "a value that was read can be written");
    wire::item back;
    wire::item_status status{};
    const auto* const end = storage.data() + storage.size();
    require(wire::parse_item(storage.data(), end, back, status) == end, "a written item is one item");
    return back;
}

void check_numbers(const wire::item& in, const wire::session_format& format) {
    wire::byte_buffer storage;
    std::int64_t integer = 0;
    if (wire::to_integer(in, integer) == coercion::ok) {
        std::int64_t again = 0;
        const auto back = rewritten(storage, format, [&](auto& out) { out.integer(integer); });
        require(wire::to_integer(back, again) == coercion::ok && again == integer, "integers survive");
    }
    wire::decimal number;
    if (wire::to_decimal(in, number) == coercion::ok) {
        wire::decimal again;
        const auto back = rewritten(storage, format, [&](auto& out) { out.number(number); });
        require(wire::to_decimal(back, again) == coercion::ok && again == number, "decimals survive");
        require(std::isfinite(wire::to_double(number)), "a decimal is a finite double");
        bool exact = true;
        if (const auto scaled = wire::rescale(number, 2, exact); scaled && exact)
            require(compare({*scaled, -2}, number) == 0, "exact rescaling keeps the value");
    }
    double real = 0;
    if (wire::to_real(in, real) == coercion::ok) {
        double again = 0;
        const auto back = rewritten(storage, format, [&](auto& out) { out.real(real); });
        require(wire::to_real(back, again) == coercion::ok, "doubles are read back");
        require(std::bit_cast<std::uint64_t>(again) == std::bit_cast<std::uint64_t>(real), "doubles survive");
        std::string text;
        wire::append_text(text, real);
        require(!text.empty() && text.size() < 40, "the text of a double is short");
    }
}

void check_text(const wire::item& in, const wire::session_format& format) {
    wire::byte_buffer storage;
    std::string text;
    const auto got = wire::to_text(in, format, text);
    require(wire::utf16_length(text).has_value(), "text is valid UTF-8");
    if (got == coercion::ok) {
        std::string again;
        const auto back = rewritten(storage, format, [&](auto& out) { out.text(text); });
        require(wire::to_text(back, format, again) == coercion::ok, "text is read back");
        require(!format.unicode || again == text, "text survives");
    }
    std::string copy;
    wire::bytes_view bytes;
    (void)wire::to_bytes(in, copy, bytes);
    require(bytes.size() <= 3 * in.data.size() + 20, "bytes are no longer than their item allows");
}

void check_temporal(const wire::item& in) {
    wire::date day;
    if (wire::to_date(in, day) == coercion::ok) {
        require(wire::valid(day), "dates are valid");
        require(wire::date_of_horolog(wire::horolog_of_date(day)) == day, "dates survive");
    }
    wire::time_of_day time;
    if (wire::to_time(in, time) == coercion::ok) require(wire::valid(time), "times are valid");
    wire::timestamp moment;
    if (wire::to_timestamp(in, moment) == coercion::ok) require(wire::valid(moment.day) && wire::valid(moment.time), "timestamps are valid");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input source(data, size);
    const auto format = fuzz::format_of(source.byte());
    const auto bytes = source.rest();
    const auto* at = bytes.data();
    const auto* const end = at + bytes.size();
    while (true) {
        wire::item in;
        wire::item_status status{};
        const auto* const after = wire::parse_item(at, end, in, status);
        if (after == nullptr) break;
        require(after > at && after <= end, "items end inside the message");
        require(in.data.empty() || (in.data.data() > at && in.data.data() + in.data.size() == after), "data is inside the item");
        check_numbers(in, format);
        check_text(in, format);
        check_temporal(in);
        at = after;
    }
    wire::reader reader(bytes, format);
    while (!reader.at_end()) (void)reader.next();
    require(reader.finish() == reader.error(), "a reader that stopped knows why");
    return 0;
}
