// driver::decode_cell for every type a cell can be read into.

#include <cmath>
#include <utility>

#include "driver/value/convert.hpp"
#include "irislink/result.hpp"
#include "wire/types/fixed_timestamp.hpp"

namespace irislink::driver {
namespace {

using wire::coercion;
using wire::item;
using wire::session_format;

template <class Wire, class Out> coercion by_way_of(coercion (*decode)(const item&, Wire&), const item& cell, Out& out) {
    Wire read;
    const auto got = decode(cell, read);
    if (got == coercion::ok) out = from_wire(read);
    return got;
}

coercion decode(const item& cell, const session_format&, bool& out) {
    std::int64_t wide = 0;
    const auto got = wire::to_integer(cell, wide);
    if (got != coercion::ok) return got;
    if (wide != 0 && wide != 1) return coercion::out_of_range;
    out = wide != 0;
    return coercion::ok;
}

template <class T>

requires std::is_integral_v<T> coercion decode(const item& cell, const session_format&, T& out) {
    std::int64_t wide = 0;
    const auto got = wire::to_integer(cell, wide);
    if (got != coercion::ok) return got;
    if (!std::in_range<T>(wide)) return coercion::out_of_range;
    out = static_cast<T>(wide);
    return coercion::ok;
}

template <class T>

requires std::is_floating_point_v<T> coercion decode(const item& cell, const session_format&, T& out) {
    double wide = 0;
    const auto got = wire::to_real(cell, wide);
    if (got != coercion::ok) return got;
    // Rounding to the type's digits is what a float is; becoming infinite is not.
    if (std::isfinite(wide) && !std::isfinite(static_cast<T>(wide))) return coercion::out_of_range;
    out = static_cast<T>(wide);
    return coercion::ok;
}

coercion decode(const item& cell, const session_format&, decimal& out) {
    wire::decimal number;
    const auto got = wire::to_decimal(cell, number);
    out = {number.mantissa, number.exponent};
    return got;
}

coercion decode(const item& cell, const session_format& format, std::string& out) {
    return wire::assign_text(cell, format, out);
}

coercion decode(const item& cell, const session_format&, bytes& out) {
    std::string storage;
    wire::bytes_view data;
    const auto got = wire::to_bytes(cell, storage, data);
    out.assign(data.begin(), data.end());
    return got;
}

coercion decode(const item& cell, const session_format&, date& out) {
    return by_way_of<wire::date>(wire::to_date, cell, out);
}

coercion decode(const item& cell, const session_format&, time_of_day& out) {
    return by_way_of<wire::time_of_day>(wire::to_time, cell, out);
}

coercion decode(const item& cell, const session_format&, timestamp& out) {
    if (cell.code == wire::item_code::text8 && wire::take_fixed_timestamp(wire::as_text(cell.data), out)) [[likely]]
        return coercion::ok;
    return by_way_of<wire::timestamp>(wire::to_timestamp, cell, out);
}

template <class T> coercion decode(const item& cell, const session_format& format, std::optional<T>& out) {
    if (cell.is_null()) {
        out.reset();
        return coercion::ok;
    }
    // What is there keeps its memory.
    return decode(cell, format, out ? *out : out.emplace());
}

} // namespace

template <class T> coercion decode_cell(wire::item_code code, const std::byte* data, std::size_t size, const session_format& format, void* out) {
    return decode(item{code, false, false, {data, size}}, format, *static_cast<T*>(out));
}

template coercion decode_cell<bool>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<std::optional<bool>>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<signed char>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<std::optional<signed char>>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<unsigned char>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<std::optional<unsigned char>>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<short>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<std::optional<short>>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<unsigned short>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<std::optional<unsigned short>>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<int>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<std::optional<int>>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<unsigned int>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<std::optional<unsigned int>>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<long>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<std::optional<long>>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<unsigned long>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<std::optional<unsigned long>>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<long long>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<std::optional<long long>>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<unsigned long long>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<std::optional<unsigned long long>>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<float>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<std::optional<float>>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<double>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<std::optional<double>>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<decimal>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<std::optional<decimal>>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<std::string>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<std::optional<std::string>>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<bytes>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<std::optional<bytes>>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<date>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<std::optional<date>>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<time_of_day>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<std::optional<time_of_day>>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<timestamp>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);
template coercion decode_cell<std::optional<timestamp>>(wire::item_code, const std::byte*, std::size_t, const session_format&, void*);

} // namespace irislink::driver
