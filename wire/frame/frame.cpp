#include "wire/frame/frame.hpp"

#include <algorithm>
#include <array>

namespace irislink::wire {

std::string function_code::name() const {
    const auto low = static_cast<char>(value & 0xFFU);
    const auto high = static_cast<char>(value >> 8U);
    const auto printable = [](char c) { return c > ' ' && c < 0x7F; };
    if (printable(low) && printable(high)) return {low, high};
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out = "?";
    for (const unsigned byte : {value & 0xFFU, static_cast<unsigned>(value) >> 8U}) {
        out.push_back(digits[byte >> 4U]);
        out.push_back(digits[byte & 0xFU]);
    }
    return out;
}

frame_header decode_header(std::span<const std::byte, frame_header_size> in) noexcept {
    const auto statement = load_u32(in.data() + 8);
    return {
        .length = load_u32(in.data()),
        .id = load_u32(in.data() + 4),
        .statement = statement & ~continuation_bit,
        .more = (statement & continuation_bit) != 0,
        .code = {load_u16(in.data() + 12)},
    };
}

void encode_header(const frame_header& header, std::span<std::byte, frame_header_size> out) noexcept {
    store_u32(out.data(), header.length);
    store_u32(out.data() + 4, header.id);
    store_u32(out.data() + 8, header.statement | (header.more ? continuation_bit : 0U));
    store_u16(out.data() + 12, header.code.value);
}

void message_builder::begin(std::uint32_t id, std::uint32_t statement, function_code code) {
    start_ = out_->size();
    header_ = {.length = 0, .id = id, .statement = statement, .more = false, .code = code};
    out_->resize(start_ + frame_header_size);
}

void message_builder::end(std::size_t max_chunk) {
    const std::size_t payload = out_->size() - start_ - frame_header_size;
    const std::size_t frames = max_chunk == 0 || payload <= max_chunk ? 1 : (payload + max_chunk - 1) / max_chunk;
    out_->resize(out_->size() + (frames - 1) * frame_header_size);
    auto* const base = out_->data() + start_;
    // From the last frame to the first, so that moving a chunk up never overwrites an unmoved one.
    for (std::size_t i = frames; i-- > 0;) {
        const std::size_t offset = frames == 1 ? 0 : i * max_chunk;
        const std::size_t size = frames == 1 ? payload : std::min(max_chunk, payload - offset);
        auto* const from = base + frame_header_size + offset;
        auto* const header = base + offset + i * frame_header_size;
        std::move_backward(from, from + size, header + frame_header_size + size);
        header_.length = static_cast<std::uint32_t>(size);
        header_.more = i + 1 < frames;
        encode_header(header_, std::span<std::byte, frame_header_size>{header, frame_header_size});
    }
}

} // namespace irislink::wire
