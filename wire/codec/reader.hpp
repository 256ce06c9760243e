#pragma once
// Reads the fields of one message. The first error sticks and makes later reads return empty
// values, so a decoder checks once, in finish(). Views returned point into the message.

#include <optional>
#include <string>
#include <system_error>

#include "wire/codec/coerce.hpp"
#include "wire/codec/format.hpp"
#include "wire/codec/item.hpp"
#include "wire/codec/secret.hpp"
#include "wire/error/errc.hpp"

namespace irislink::wire {

class reader {
public:
    explicit reader(bytes_view message, const session_format& format = default_format) noexcept
        : at_(message.data()), end_(message.data() + message.size()), format_(&format) {}

    [[nodiscard]] const session_format& format() const noexcept { return *format_; }

    [[nodiscard]] bool failed() const noexcept { return error_ != wire_errc{}; }

    [[nodiscard]] bool at_end() const noexcept { return failed() || at_ == end_; }

    [[nodiscard]] std::size_t remaining() const noexcept { return failed() ? 0 : static_cast<std::size_t>(end_ - at_); }

    void fail(wire_errc error) noexcept {
        if (!failed()) error_ = error;
    }

    // Any item, by its code. Unknown codes are an error here and nowhere else.
    [[nodiscard]] item next() noexcept;
    // The item with its header, for fields that are carried through unread.
    [[nodiscard]] bytes_view next_raw() noexcept;

    [[nodiscard]] std::int64_t integer() noexcept; // NULL and '' read as 0
    // An integer that must lie in [low, high]: counts, flags, codes.
    [[nodiscard]] std::int64_t integer_in(std::int64_t low, std::int64_t high) noexcept;
    [[nodiscard]] std::string text();                         // NULL reads as ''
    [[nodiscard]] std::optional<std::string> nullable_text(); // NULL is nothing
    [[nodiscard]] bytes_view binary() noexcept;               // 8-bit item data as it stands, no text rules

    [[nodiscard]] std::uint16_t raw_u16() noexcept;
    [[nodiscard]] std::uint32_t raw_u32() noexcept;
    [[nodiscard]] bytes_view raw(std::size_t size) noexcept;
    [[nodiscard]] bytes_view rest() noexcept;

    // A count of things of which each takes at least `bytes_each` bytes: a count that cannot be true
    // is refused before anybody reserves memory for it.
    [[nodiscard]] std::size_t count(std::size_t bytes_each = 1) noexcept;

    // The error so far, or trailing_bytes if anything is left.
    [[nodiscard]] std::error_code finish() noexcept;

    [[nodiscard]] std::error_code error() const noexcept { return failed() ? make_error_code(error_) : std::error_code{}; }

private:
    const std::byte* at_;
    const std::byte* end_;
    const session_format* format_;
    wire_errc error_{};
};

} // namespace irislink::wire
