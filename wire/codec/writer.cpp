#include "wire/codec/writer.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace irislink::wire {
namespace {

struct short_data {
    std::array<std::byte, 9> bytes{};
    std::size_t size{0};

    [[nodiscard]] bytes_view view() const noexcept { return {bytes.data(), size}; }
};

// Little-endian bytes of a two's complement value without its redundant high-order bytes.
void append_minimal(short_data& out, std::int64_t value) noexcept {
    auto bits = static_cast<std::uint64_t>(value);
    const std::uint64_t stop = value < 0 ? ~std::uint64_t{0} : 0;
    // Shifting in the sign keeps a negative value's remaining bytes FF.
    while (bits != stop) {
        out.bytes[out.size++] = static_cast<std::byte>(bits & 0xFFU);
        bits = bits >> 8U | (value < 0 ? std::uint64_t{0xFF} << 56U : 0);
    }
}

// The bytes of a float or double with low-order zero bytes dropped.
template <class Bits> short_data high_bytes(Bits bits) noexcept {
    short_data out;
    unsigned skip = 0;
    while (skip < sizeof(Bits) && (bits & 0xFFU) == 0) {
        bits = static_cast<Bits>(bits >> 8U);
        ++skip;
    }
    for (unsigned i = skip; i < sizeof(Bits); ++i) {
        out.bytes[out.size++] = static_cast<std::byte>(bits & 0xFFU);
        bits = static_cast<Bits>(bits >> 8U);
    }
    return out;
}

} // namespace

std::byte* writer::grow(std::size_t size) {
    if (failed()) return nullptr;
    if (size > limit_ - written()) {
        fail(wire_errc::limit_exceeded);
        return nullptr;
    }
    const auto before = out_->size();
    out_->resize(before + size);
    return out_->data() + before;
}

std::byte* writer::open_item(std::uint8_t code, std::size_t data_size) {
    if (data_size <= short_item_limit) {
        auto* at = grow(data_size + 2);
        if (at == nullptr) return nullptr;
        at[0] = static_cast<std::byte>(data_size + 2);
        at[1] = static_cast<std::byte>(code);
        return at + 2;
    }
    const std::size_t length = data_size + 1;
    if (length <= 0xFFFF) {
        auto* at = grow(data_size + 4);
        if (at == nullptr) return nullptr;
        at[0] = std::byte{0};
        store_u16(at + 1, static_cast<std::uint16_t>(length));
        at[3] = static_cast<std::byte>(code);
        return at + 4;
    }
    if (length > std::numeric_limits<std::uint32_t>::max()) {
        fail(wire_errc::limit_exceeded);
        return nullptr;
    }
    auto* at = grow(data_size + 8);
    if (at == nullptr) return nullptr;
    at[0] = at[1] = at[2] = std::byte{0};
    store_u32(at + 3, static_cast<std::uint32_t>(length));
    at[7] = static_cast<std::byte>(code);
    return at + 8;
}

void writer::item_bytes(item_code code, bytes_view data, bool by_reference) {
    const auto value = static_cast<unsigned>(code) + (by_reference ? by_reference_bit : 0U);
    auto* at = open_item(static_cast<std::uint8_t>(value), data.size());
    if (at != nullptr && !data.empty()) std::memcpy(at, data.data(), data.size());
}

void writer::null() {
    (void)open_item(static_cast<std::uint8_t>(item_code::text8), 0);
}

void writer::omitted() {
    if (auto* at = grow(1); at != nullptr) *at = std::byte{1};
}

void writer::integer(std::int64_t value) {
    short_data data;
    append_minimal(data, value);
    item_bytes(value < 0 ? item_code::negative : item_code::positive, data.view());
}

void writer::number(decimal value) {
    if (value.exponent < -128) { // drop digits, half up
        bool exact = true;
        value = {rescale(value, 128, exact).value_or(0), -128};
    }
    while (value.exponent > 127) {
        if (value.mantissa > std::numeric_limits<std::int64_t>::max() / 10 || value.mantissa < std::numeric_limits<std::int64_t>::min() / 10) {
            fail(wire_errc::out_of_range);
            return;
        }
        value.mantissa *= 10;
        --value.exponent;
        if (value.mantissa == 0) value.exponent = 127;
    }
    short_data data;
    data.bytes[data.size++] = static_cast<std::byte>(value.exponent & 0xFF);
    append_minimal(data, value.mantissa);
    item_bytes(value.mantissa < 0 ? item_code::decimal_negative : item_code::decimal_positive, data.view());
}

void writer::real(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    if (!format_->compact_double) {
        auto* at = open_item(static_cast<std::uint8_t>(item_code::real), 8);
        if (at == nullptr) return;
        store_u32(at, static_cast<std::uint32_t>(bits & 0xFFFFFFFFU));
        store_u32(at + 4, static_cast<std::uint32_t>(bits >> 32U));
        return;
    }
    const auto single = static_cast<float>(value);
    if (!std::isnan(value) && std::bit_cast<std::uint64_t>(static_cast<double>(single)) == bits) {
        item_bytes(item_code::real, high_bytes(std::bit_cast<std::uint32_t>(single)).view());
        return;
    }
    item_bytes(item_code::compact_real, high_bytes(bits).view());
}

void writer::text(std::string_view utf8) {
    if (failed()) return;
    if (utf8.empty()) {
        binary({});
        return;
    }
    const auto narrow = fits_latin1(utf8);
    if (!narrow) {
        fail(wire_errc::bad_text);
        return;
    }
    byte_buffer converted;
    if (format_->unicode && *narrow && utf8.size() <= limit_) {
        // Latin-1 is never longer than its UTF-8; plain ASCII needs no conversion at all.
        std::size_t characters = 0;
        for (const char c : utf8) characters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
        if (utf8.size() == 1 && utf8.front() == '\0') {
            // One zero byte would read back as the empty string; as UTF-16 the character survives.
            static constexpr std::byte nul[2]{};
            item_bytes(item_code::text16, nul);
            return;
        }
        auto* at = open_item(static_cast<std::uint8_t>(item_code::text8), characters);
        if (at == nullptr) return;
        if (characters == utf8.size()) {
            std::memcpy(at, utf8.data(), utf8.size());
            return;
        }
        for (std::size_t i = 0; i < utf8.size();) *at++ = static_cast<std::byte>(*next_utf8(utf8, i));
        return;
    }
    if (format_->unicode) {
        append_utf16(converted, utf8);
        item_bytes(item_code::text16, converted);
    } else {
        append_charset(converted, utf8, format_->locale);
        item_bytes(item_code::text8, converted);
    }
}

void writer::nullable_text(std::string_view utf8) {
    if (utf8.empty()) {
        null();
    } else {
        text(utf8);
    }
}

void writer::binary(bytes_view data) {
    static constexpr std::byte empty_marker{0};
    item_bytes(item_code::text8, data.empty() ? bytes_view{&empty_marker, 1} : data);
}

void writer::list(bytes_view encoded_items) {
    item_bytes(item_code::text8, encoded_items);
}

void writer::raw_u16(std::uint16_t value) {
    if (auto* at = grow(2); at != nullptr) store_u16(at, value);
}

void writer::raw_u32(std::uint32_t value) {
    if (auto* at = grow(4); at != nullptr) store_u32(at, value);
}

void writer::raw(bytes_view data) {
    auto* at = grow(data.size());
    if (at != nullptr && !data.empty()) std::memcpy(at, data.data(), data.size());
}

} // namespace irislink::wire
