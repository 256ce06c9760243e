#include "wire/codec/text_pieces.hpp"

#include <algorithm>
#include <utility>

#include "wire/codec/charset.hpp"

namespace irislink::wire {
namespace {

bool is_high(char32_t c) {
    return c >= 0xD800 && c < 0xDC00;
}

bool is_low(char32_t c) {
    return c >= 0xDC00 && c < 0xE000;
}

// Bytes of the sequence that this byte begins; 0 when it cannot begin one.
std::size_t sequence_length(unsigned lead) {
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

// A surrogate written as a sequence of its own.
bool is_surrogate(std::string_view three) {
    return static_cast<unsigned char>(three[0]) == 0xED && (static_cast<unsigned char>(three[1]) & 0xE0U) == 0xA0U &&
           (static_cast<unsigned char>(three[2]) & 0xC0U) == 0x80U;
}

} // namespace

void text_pieces::bad(std::string& out) {
    malformed_ = true;
    append_utf8(out, replacement_character);
}

void text_pieces::put(std::string& out, char32_t unit) {
    if (high_ != 0) {
        const auto high = std::exchange(high_, 0);
        if (is_low(unit)) {
            append_utf8(out, 0x10000U + ((high - 0xD800U) << 10U) + (unit - 0xDC00U));
            return;
        }
        bad(out);
    }
    if (is_high(unit)) {
        high_ = unit;
    } else if (is_low(unit)) {
        bad(out);
    } else {
        append_utf8(out, unit);
    }
}

void text_pieces::take(std::string& out, std::string_view text, bool last) {
    std::size_t at = 0;
    while (at < text.size()) {
        // Most text by far: a run of ASCII as it stands.
        if (high_ == 0) {
            const auto start = at;
            while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
            out.append(text, start, at - start);
            if (at == text.size()) return;
        }
        const auto length = sequence_length(static_cast<unsigned char>(text[at]));
        if (length > text.size() - at && !last) {
            const auto rest = text.substr(at);
            if (std::all_of(rest.begin() + 1, rest.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; })) {
                kept_ = rest;
                return;
            }
        }
        if (length == 3 && text.size() - at >= 3 && is_surrogate(text.substr(at, 3))) {
            const auto bits = [&](std::size_t which, unsigned mask) { return static_cast<unsigned char>(text[at + which]) & mask; };
            put(out, bits(0, 0x0FU) << 12U | bits(1, 0x3FU) << 6U | bits(2, 0x3FU));
            at += 3;
            continue;
        }
        if (const auto c = next_utf8(text, at)) {
            put(out, *c);
            continue;
        }
        if (std::exchange(high_, 0) != 0) bad(out);
        bad(out);
        ++at;
    }
}

void text_pieces::add(std::string& out, bytes_view piece) {
    auto text = as_text(piece);
    // The sequence that was cut first, byte by byte: it wants at most three more.
    while (!kept_.empty() && !text.empty()) {
        auto begun = std::exchange(kept_, {});
        begun.push_back(text.front());
        text.remove_prefix(1);
        take(out, begun, false);
    }
    if (!text.empty()) take(out, text, false);
}

void text_pieces::finish(std::string& out) {
    if (const auto rest = std::exchange(kept_, {}); !rest.empty()) take(out, rest, true);
    if (std::exchange(high_, 0) != 0) bad(out);
}

void append_cesu8(byte_buffer& out, bytes_view utf16) {
    const auto put = [&out](unsigned byte) { out.push_back(static_cast<std::byte>(byte)); };
    for (std::size_t i = 0; i + 1 < utf16.size(); i += 2) {
        const unsigned unit = load_u16(utf16.data() + i);
        if (unit < 0x80) {
            put(unit);
        } else if (unit < 0x800) {
            put(0xC0U | unit >> 6U);
            put(0x80U | (unit & 0x3FU));
        } else {
            put(0xE0U | unit >> 12U);
            put(0x80U | (unit >> 6U & 0x3FU));
            put(0x80U | (unit & 0x3FU));
        }
    }
}

} // namespace irislink::wire
