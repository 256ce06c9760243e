#pragma once
// Helpers that several message decoders share; not part of the interface of wire.

#include <cstdint>
#include <limits>

#include "wire/codec/reader.hpp"
#include "wire/codec/writer.hpp"

namespace irislink::wire {

// Upper bounds for things a statement has many of. They are far above what IRIS allows and exist so
// that a short message cannot make a receiver build millions of objects.
inline constexpr std::size_t most_columns = 32767;    // what an ODBC column number can say
inline constexpr std::size_t most_parameters = 65535; // replaced literals count too
inline constexpr std::size_t most_statements = 1'000'000;
inline constexpr std::uint32_t most_empty_sets = 1'000'000; // parameter sets without parameters

inline std::int32_t small_integer(reader& in) noexcept {
    return static_cast<std::int32_t>(in.integer_in(std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()));
}

inline std::uint32_t count32(reader& in) noexcept {
    return static_cast<std::uint32_t>(in.integer_in(0, std::numeric_limits<std::int32_t>::max()));
}

// A count of objects: no more than the rest of the message can hold, and no more than `most`.
inline std::size_t bounded_count(reader& in, std::size_t bytes_each, std::size_t most) noexcept {
    const auto count = in.count(bytes_each);
    if (count > most) {
        in.fail(wire_errc::limit_exceeded);
        return 0;
    }
    return count;
}

// TIME columns may leave the scale out; -1 keeps that apart from 0 (wire-sql 3.2).
inline std::int32_t read_scale(reader& in) noexcept {
    const auto field = in.next();
    std::int64_t value = -1;
    const auto got = to_integer(field, value);
    if (got == coercion::null) return -1;
    if (got != coercion::ok || value < std::numeric_limits<std::int32_t>::min() || value > std::numeric_limits<std::int32_t>::max()) {
        in.fail(wire_errc::bad_value);
        return -1;
    }
    return static_cast<std::int32_t>(value);
}

inline void write_scale(writer& out, std::int32_t scale) {
    if (scale == -1) {
        out.null();
    } else {
        out.integer(scale);
    }
}

// The next `count` items in one piece, without copying; each is checked to be well formed.
inline bytes_view take_items(reader& in, std::uint64_t count) noexcept {
    if (in.failed()) return {};
    if (count > in.remaining()) { // an item takes at least one byte
        in.fail(wire_errc::truncated);
        return {};
    }
    reader walk = in;
    for (std::uint64_t i = 0; i < count && !walk.failed(); ++i) (void)walk.next();
    if (walk.failed()) {
        in.fail(static_cast<wire_errc>(walk.error().value()));
        return {};
    }
    return in.raw(in.remaining() - walk.remaining());
}

// How many well-formed items are left; fails when the rest is not made of items.
inline std::uint64_t count_items(reader& in) noexcept {
    reader walk = in;
    std::uint64_t count = 0;
    while (!walk.at_end()) {
        (void)walk.next();
        ++count;
    }
    if (walk.failed()) in.fail(static_cast<wire_errc>(walk.error().value()));
    return in.failed() ? 0 : count;
}

} // namespace irislink::wire
