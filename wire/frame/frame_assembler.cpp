#include "wire/frame/frame_assembler.hpp"

#include <algorithm>
#include <cstring>

#include "wire/codec/secret.hpp"
#include "wire/error/errc.hpp"

namespace irislink::wire {
namespace {

// Memory follows what has arrived: one step takes at most this much more than is already here.
constexpr std::size_t least_growth = std::size_t{64} * 1024;

} // namespace

std::span<std::byte> frame_assembler::prepare(std::size_t wanted) {
    const std::size_t pending = end_ - begin_;
    std::size_t room = wanted;
    if (pending >= frame_header_size) {
        const auto header = decode_header(std::span<const std::byte, frame_header_size>{buffer_.data() + begin_, frame_header_size});
        const std::size_t whole = frame_header_size + header.length;
        if (whole > pending) {
            const std::size_t step = std::max(least_growth, pending);
            room = std::max(room, std::min(whole - pending, step));
        }
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

void frame_assembler::commit(std::size_t size) noexcept {
    end_ += std::min(size, buffer_.size() - end_);
}

bool frame_assembler::peek_header(frame_header& out) const noexcept {
    if (end_ - begin_ < frame_header_size) return false;
    out = decode_header(std::span<const std::byte, frame_header_size>{buffer_.data() + begin_, frame_header_size});
    return true;
}

bool frame_assembler::next(message& out, std::error_code& error) {
    error.clear();
    frame_header header;
    while (peek_header(header)) {
        const std::size_t joined = joining_ ? joined_.size() : 0;
        if (header.length > limit_ || joined > limit_ - header.length) {
            error = wire_errc::limit_exceeded;
            return false;
        }
        if (joining_ && (header.id != first_.id || header.statement != first_.statement)) {
            error = wire_errc::bad_continuation;
            return false;
        }
        // A non-final frame without payload would let a peer keep us busy for ever.
        if (header.more && header.length == 0) {
            error = wire_errc::bad_continuation;
            return false;
        }
        if (end_ - begin_ - frame_header_size < header.length) return false;
        const bytes_view payload{buffer_.data() + begin_ + frame_header_size, header.length};
        begin_ += frame_header_size + header.length;
        if (!joining_ && !header.more) {
            out = {header.id, header.statement, header.code, payload};
            return true;
        }
        if (!joining_) {
            joined_.clear();
            first_ = header;
            joining_ = true;
        }
        joined_.insert(joined_.end(), payload.begin(), payload.end());
        if (!header.more) {
            joining_ = false;
            // The last frame's code counts: that is the status of a reply (wire-sql 0.3).
            out = {header.id, header.statement, header.code, joined_};
            return true;
        }
    }
    return false;
}

void frame_assembler::wipe() noexcept {
    if (!buffer_.empty()) secure_zero(buffer_.data(), buffer_.size());
    if (!joined_.empty()) secure_zero(joined_.data(), joined_.size());
    joined_.clear();
    begin_ = end_ = 0;
    joining_ = false;
}

} // namespace irislink::wire
