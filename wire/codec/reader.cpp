#include "wire/codec/reader.hpp"

namespace irislink::wire {

item reader::next() noexcept {
    item out;
    if (failed()) return out;
    item_status status{};
    const auto* const after = parse_item(at_, end_, out, status);
    if (after == nullptr) {
        fail(status == item_status::truncated ? wire_errc::truncated : wire_errc::bad_item);
        return {};
    }
    if (!known_item_code(out.code)) {
        fail(wire_errc::unknown_item_code);
        return {};
    }
    at_ = after;
    return out;
}

bytes_view reader::next_raw() noexcept {
    const auto* const before = at_;
    (void)next();
    if (failed()) return {};
    return {before, static_cast<std::size_t>(at_ - before)};
}

std::int64_t reader::integer() noexcept {
    const auto in = next();
    std::int64_t value = 0;
    switch (to_integer(in, value)) {
    case coercion::ok:
    case coercion::null: return value;
    case coercion::out_of_range: fail(wire_errc::out_of_range); break;
    default: fail(wire_errc::bad_value); break;
    }
    return 0;
}

std::int64_t reader::integer_in(std::int64_t low, std::int64_t high) noexcept {
    const auto value = integer();
    if (failed()) return low;
    if (value < low || value > high) {
        fail(wire_errc::out_of_range);
        return low;
    }
    return value;
}

std::optional<std::string> reader::nullable_text() {
    const auto in = next();
    if (failed() || in.is_null()) return std::nullopt;
    std::string out;
    if (to_text(in, *format_, out) != coercion::ok) {
        fail(wire_errc::bad_text);
        return std::nullopt;
    }
    return out;
}

std::string reader::text() {
    return nullable_text().value_or(std::string{});
}

bytes_view reader::binary() noexcept {
    const auto in = next();
    if (failed() || in.is_null()) return {};
    if (!is_text_code(in.code)) {
        fail(wire_errc::bad_value);
        return {};
    }
    return in.data;
}

bytes_view reader::raw(std::size_t size) noexcept {
    if (failed()) return {};
    if (static_cast<std::size_t>(end_ - at_) < size) {
        fail(wire_errc::truncated);
        return {};
    }
    const bytes_view out{at_, size};
    at_ += size;
    return out;
}

bytes_view reader::rest() noexcept {
    return raw(remaining());
}

std::uint16_t reader::raw_u16() noexcept {
    const auto data = raw(2);
    return data.size() == 2 ? load_u16(data.data()) : std::uint16_t{0};
}

std::uint32_t reader::raw_u32() noexcept {
    const auto data = raw(4);
    return data.size() == 4 ? load_u32(data.data()) : 0U;
}

std::size_t reader::count(std::size_t bytes_each) noexcept {
    const auto value = integer();
    if (failed()) return 0;
    if (value < 0) {
        fail(wire_errc::out_of_range);
        return 0;
    }
    if (static_cast<std::uint64_t>(value) > remaining() / bytes_each) {
        fail(wire_errc::truncated);
        return 0;
    }
    return static_cast<std::size_t>(value);
}

std::error_code reader::finish() noexcept {
    if (!failed() && at_ != end_) fail(wire_errc::trailing_bytes);
    return error();
}

} // namespace irislink::wire
