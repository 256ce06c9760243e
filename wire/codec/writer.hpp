#pragma once
// Appends the fields of one message to a buffer the caller owns. The first error sticks and turns
// later writes into no-ops; the caller checks once. Always writes the shortest form of an item.

#include <cstdint>
#include <limits>
#include <string_view>
#include <system_error>

#include "wire/codec/decimal.hpp"
#include "wire/codec/format.hpp"
#include "wire/codec/item.hpp"
#include "wire/error/errc.hpp"

namespace irislink::wire {

class writer {
public:
    // `limit` bounds what this writer appends (bytes); the default is the frame length's own range.
    explicit writer(byte_buffer& out, const session_format& format = default_format, std::size_t limit = std::numeric_limits<std::uint32_t>::max()) noexcept
        : out_(&out), start_(out.size()), limit_(limit), format_(&format) {}

    [[nodiscard]] const session_format& format() const noexcept { return *format_; }

    [[nodiscard]] bool failed() const noexcept { return error_ != wire_errc{}; }

    [[nodiscard]] std::error_code error() const noexcept { return failed() ? make_error_code(error_) : std::error_code{}; }

    void fail(wire_errc error) noexcept {
        if (!failed()) error_ = error;
    }

    [[nodiscard]] std::size_t written() const noexcept { return out_->size() - start_; }

    void null();    // 02 01
    void omitted(); // 01
    void integer(std::int64_t value);
    void number(decimal value); // codes 6/7, exponent clamped by the rules of wire-sql 1.5
    void real(double value);    // 8 bytes, or the compact forms where they were agreed
    // UTF-8 in; '' becomes the one-zero-byte item. Invalid UTF-8 is bad_text.
    void text(std::string_view utf8);
    void nullable_text(std::string_view utf8); // '' becomes NULL
    void binary(bytes_view data);              // empty becomes 03 01 00 (wire-sql 1.3)
    void item_bytes(item_code code, bytes_view data, bool by_reference = false);
    void list(bytes_view encoded_items); // a nested list is an 8-bit item without a mark

    void raw_u16(std::uint16_t value);
    void raw_u32(std::uint32_t value);
    void raw(bytes_view data);

private:
    [[nodiscard]] std::byte* grow(std::size_t size);
    [[nodiscard]] std::byte* open_item(std::uint8_t code, std::size_t data_size);

    byte_buffer* out_;
    std::size_t start_;
    std::size_t limit_;
    const session_format* format_;
    wire_errc error_{};
};

} // namespace irislink::wire
