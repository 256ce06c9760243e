#include "wire/security/gss_packet.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "wire/codec/secret.hpp"
#include "wire/error/errc.hpp"

namespace irislink::wire {
namespace {

constexpr std::size_t least_growth = std::size_t{64} * 1024;

} // namespace

std::size_t begin_gss_packet(byte_buffer& out) {
    out.resize(out.size() + gss_length_size);
    return out.size();
}

std::error_code end_gss_packet(byte_buffer& out, std::size_t begin) {
    const auto size = out.size() - begin;
    if (size == 0) return wire_errc::bad_value;
    if (size > largest_gss_token) return wire_errc::limit_exceeded;
    auto* const length = out.data() + begin - gss_length_size;
    for (std::size_t i = 0; i < gss_length_size; ++i) length[i] = static_cast<std::byte>(size >> (8 * (gss_length_size - 1 - i)) & 0xFFU);
    return {};
}

std::error_code append_gss_packet(byte_buffer& out, bytes_view token) {
    if (token.empty()) return wire_errc::bad_value;
    if (token.size() > largest_gss_token) return wire_errc::limit_exceeded;
    out.reserve(out.size() + gss_length_size + token.size());
    const auto begin = begin_gss_packet(out);
    out.insert(out.end(), token.begin(), token.end());
    return end_gss_packet(out, begin);
}

std::size_t gss_packet_splitter::announced() const noexcept {
    std::size_t out = 0;
    for (std::size_t i = 0; i < gss_length_size; ++i) out = out << 8U | std::to_integer<std::size_t>(buffer_[begin_ + i]);
    return out;
}

std::span<std::byte> gss_packet_splitter::prepare(std::size_t wanted) {
    const std::size_t pending = end_ - begin_;
    std::size_t room = wanted;
    if (pending >= gss_length_size && announced() <= limit_) {
        const std::size_t whole = gss_length_size + announced();
        if (whole > pending) room = std::max(room, std::min(whole - pending, std::max(least_growth, pending)));
    }
    if (begin_ == end_) begin_ = end_ = 0;
    if (buffer_.size() - end_ < room && begin_ != 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, pending);
        begin_ = 0;
        end_ = pending;
    }
    if (buffer_.size() - end_ < room) buffer_.resize(end_ + room);
    return {buffer_.data() + end_, buffer_.size() - end_};
}

void gss_packet_splitter::commit(std::size_t size) noexcept {
    end_ += std::min(size, buffer_.size() - end_);
}

bool gss_packet_splitter::next(bytes_view& token, std::error_code& error) noexcept {
    error.clear();
    if (end_ - begin_ < gss_length_size) return false;
    const std::size_t size = announced();
    if (size == 0) error = wire_errc::bad_value;
    if (size > limit_) error = wire_errc::limit_exceeded;
    if (error || end_ - begin_ - gss_length_size < size) return false;
    token = bytes_view(buffer_).subspan(begin_ + gss_length_size, size);
    begin_ += gss_length_size + size;
    return true;
}

void gss_packet_splitter::wipe() noexcept {
    if (!buffer_.empty()) secure_zero(buffer_.data(), buffer_.size());
    begin_ = end_ = 0;
}

} // namespace irislink::wire
