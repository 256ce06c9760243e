#pragma once
// Where a value goes: the application's buffer, its length and its indicator. Everything that
// writes to application memory on the way out is here.

#include <algorithm>
#include <string_view>

#include "odbc/convert/convert.hpp"
#include "odbc/convert/text_units.hpp"

namespace irislink::odbc {

// SQL_DESC_INDICATOR_PTR of its own is 0 for what is not NULL (SQLSetDescField, "SQL_DESC_INDICATOR_PTR").
inline void tell_length(const target& out, SQLLEN bytes) noexcept {
    // In rows of packed structures neither is aligned.
    constexpr SQLLEN not_null = 0;
    if (out.indicator != nullptr) std::memcpy(static_cast<void*>(out.indicator), &not_null, sizeof not_null);
    if (out.length != nullptr) std::memcpy(static_cast<void*>(out.length), &bytes, sizeof bytes);
}

inline outcome place_null(target& out) noexcept {
    if (out.chunk != nullptr) out.chunk->started = out.chunk->finished = true;
    if (out.indicator == nullptr) return outcome::null_not_told;
    constexpr SQLLEN null = SQL_NULL_DATA;
    std::memcpy(static_cast<void*>(out.indicator), &null, sizeof null);
    return outcome::ok;
}

// A C type of fixed size: the buffer length does not count. SQLGetData delivers it once.
template <class Value> inline outcome place_value(target& out, const Value& value, outcome result = outcome::ok) noexcept {
    if (out.data != nullptr) std::memcpy(out.data, &value, sizeof value); // row-wise binding may be unaligned
    tell_length(out, static_cast<SQLLEN>(sizeof value));
    if (out.chunk != nullptr) out.chunk->started = out.chunk->finished = true;
    return result;
}

// The native form of a value as SQL_C_BINARY: whole or not at all.
template <class Value> inline outcome place_image(target& out, const Value& value) noexcept {
    if (out.capacity < static_cast<SQLLEN>(sizeof value)) return outcome::out_of_range;
    return place_value(out, value);
}

namespace detail {

// As many units as need no decoding, at most `room`: most text by far.
template <class In, class Out> inline void copy_plain(const In& in, const std::byte*& at, const std::byte* end, std::byte*& to, std::size_t& room) noexcept {
    if constexpr (std::is_same_v<Out, utf8_out> && !std::is_same_v<In, utf16_in>) {
        const auto* const first = at;
        std::uint64_t eight = 0;
        while (room >= 8 && end - at >= 8) {
            std::memcpy(&eight, at, sizeof eight);
            if ((eight & 0x8080808080808080U) != 0) break;
            std::memcpy(to, &eight, sizeof eight);
            at += 8;
            to += 8;
            room -= 8;
        }
        // The rest with some of what was copied already.
        if (const auto rest = end - at; rest > 0 && rest < 8 && at - first >= 8 && room >= static_cast<std::size_t>(rest)) {
            std::memcpy(&eight, end - 8, sizeof eight);
            if ((eight & 0x8080808080808080U) == 0) {
                to += rest;
                std::memcpy(to - 8, &eight, sizeof eight);
                at = end;
                room -= static_cast<std::size_t>(rest);
                return;
            }
        }
        while (room > 0 && at != end && std::to_integer<unsigned>(*at) < 0x80) {
            *to++ = *at++;
            --room;
        }
    } else if constexpr ((std::is_same_v<In, utf16_in> || std::is_same_v<In, utf16_kept_in>)&&!std::is_same_v<Out, utf8_out>) {
        while (room > 0 && end - at >= 2) {
            const auto unit = wire::load_u16(at);
            if ((unit & 0xF800U) == 0xD800U) break;
            to = Out::put(to, unit);
            at += 2;
            --room;
        }
    } else if constexpr (std::is_same_v<In, utf16_in>) {
        while (room > 0 && end - at >= 2) {
            const auto unit = wire::load_u16(at);
            if (unit >= 0x80) break;
            *to++ = static_cast<std::byte>(unit);
            at += 2;
            --room;
        }
    } else {
        unsigned limit = 0x80;
        if constexpr (std::is_same_v<In, narrow_in>) limit = in.latin1 ? 0x100 : 0x80;
        while (room > 0 && at != end && std::to_integer<unsigned>(*at) < limit) {
            to = Out::put(to, std::to_integer<unsigned char>(*at++));
            --room;
        }
    }
    (void)in;
}

template <class In, class Out> struct is_hex : std::false_type {};

template <class Out> struct is_hex<hex_in, Out> : std::true_type {};

} // namespace detail

// How text ends: with a terminator, or as bytes that fill the buffer.
enum class text_end : std::uint8_t { terminated, filled };

// Text from `data` into the target, from where the chunk state stands. `more`: the value goes on after
// `data`, so that its length cannot be told.
template <class In, class Out>
inline outcome place_text(In in, wire::bytes_view data, target& out, text_end ending = text_end::terminated, bool more = false) noexcept {
    chunk_state local;
    chunk_state& state = out.chunk != nullptr ? *out.chunk : local;
    const auto* at = data.data() + state.consumed;
    const auto* const end = data.data() + data.size();
    const bool terminated = ending == text_end::terminated;
    const bool may_split = out.may_split || !terminated;
    const std::size_t capacity = out.data == nullptr || out.capacity <= 0 ? 0 : static_cast<std::size_t>(out.capacity) / Out::unit;
    std::size_t room = terminated ? capacity - (capacity > 0 ? 1U : 0U) : capacity;
    auto* const first = static_cast<std::byte*>(out.data);
    auto* to = first;

    const auto put_part = [&](char32_t c, std::size_t from) { // units of a character that is split
        std::byte whole[16];
        (void)Out::put(whole, c);
        const auto count = std::min(room, Out::units(c) - from);
        std::memcpy(to, whole + from * Out::unit, count * Out::unit);
        to += count * Out::unit;
        room -= count;
        return from + count;
    };
    if (state.pending > 0 && at != end) {
        const auto* next = at;
        const auto c = in.next(next, end);
        state.pending = put_part(c, state.pending);
        if (state.pending == Out::units(c)) {
            state.pending = 0;
            at = next;
        }
    }
    while (state.pending == 0 && at != end) {
        if constexpr (!detail::is_hex<In, Out>::value) {
            detail::copy_plain<In, Out>(in, at, end, to, room);
            if (at == end || room == 0) break;
        } else if (room == 0) {
            break;
        }
        const auto* next = at;
        const auto replaced = in.replaced;
        const auto c = in.next(next, end);
        if (Out::units(c) > room) {
            if (may_split) {
                state.pending = put_part(c, 0);
            } else {
                if constexpr (!std::is_const_v<decltype(In::replaced)>) in.replaced = replaced; // not delivered yet
            }
            break;
        }
        to = Out::put(to, c);
        room -= Out::units(c);
        at = next;
    }

    if (out.chunk == nullptr && at == end && !more) { // a bound column with room: nearly always
        if (terminated && capacity > 0) std::memset(to, 0, Out::unit);
        tell_length(out, static_cast<SQLLEN>(to - first));
        return in.replaced ? outcome::substituted : outcome::ok;
    }
    const auto written = first == nullptr ? std::size_t{0} : static_cast<std::size_t>(to - first);
    const bool left = at != end;
    if (terminated && capacity > 0) std::memset(to, 0, Out::unit);
    if (more) {
        tell_length(out, SQL_NO_TOTAL);
    } else {
        if (!state.started) {
            std::size_t rest = 0;
            In counter = in;
            for (const auto* scan = at; scan != end;) rest += Out::units(counter.next(scan, end));
            state.total = state.delivered + written + (rest - state.pending) * Out::unit;
        }
        tell_length(out, static_cast<SQLLEN>(state.total - state.delivered));
    }
    state.started = true;
    state.delivered += written;
    state.consumed = static_cast<std::size_t>(at - data.data());
    if (left || more) {
        // A buffer that never gets any further is an error, not a loop without end.
        if (left && written == 0 && out.chunk != nullptr && capacity > (terminated ? 1U : 0U)) return outcome::bad_length;
        return outcome::right_truncated;
    }
    state.finished = true;
    return in.replaced ? outcome::substituted : outcome::ok;
}

// Bytes as they are.
inline outcome place_bytes(wire::bytes_view data, target& out, bool more = false) noexcept {
    chunk_state local;
    chunk_state& state = out.chunk != nullptr ? *out.chunk : local;
    const auto left = data.subspan(state.consumed);
    const std::size_t capacity = out.data == nullptr || out.capacity <= 0 ? 0 : static_cast<std::size_t>(out.capacity);
    const auto count = std::min(capacity, left.size());
    if (count > 0) std::memcpy(out.data, left.data(), count);
    tell_length(out, more ? SQL_NO_TOTAL : static_cast<SQLLEN>(left.size()));
    state.started = true;
    state.delivered += count;
    state.consumed += count;
    if (count < left.size() || more) return outcome::right_truncated;
    state.finished = true;
    return outcome::ok;
}

// Text the driver made (ASCII). Of the first piece, `whole` characters must fit beside the terminator;
// less is 22003, since a number without its last digits is another number.
template <class Out> inline outcome place_ascii(std::string_view text, std::size_t whole, target& out) noexcept {
    const bool first = out.chunk == nullptr || out.chunk->delivered == 0;
    const std::size_t capacity = out.capacity <= 0 ? 0 : static_cast<std::size_t>(out.capacity) / Out::unit;
    // SQLGetData without a buffer asks how long the text is.
    if (first && out.data != nullptr && whole >= capacity && !(out.chunk != nullptr && capacity == 0)) return outcome::out_of_range;
    if (out.chunk == nullptr && text.size() < capacity && out.data != nullptr) { // a bound column with room: nearly always
        auto* to = static_cast<std::byte*>(out.data);
        if constexpr (std::is_same_v<Out, utf8_out>) {
            std::memcpy(to, text.data(), text.size());
            to += text.size();
        } else {
            for (const char c : text) to = Out::put(to, static_cast<unsigned char>(c));
        }
        std::memset(to, 0, Out::unit);
        tell_length(out, static_cast<SQLLEN>(text.size() * Out::unit));
        return outcome::ok;
    }
    return place_text<narrow_in, Out>(narrow_in(wire::charset::latin1), wire::as_bytes(text), out);
}

} // namespace irislink::odbc
