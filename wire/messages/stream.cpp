#include "wire/messages/stream.hpp"

namespace irislink::wire {
namespace {

stream_handle read_handle(reader& in) {
    const auto raw = in.next_raw();
    return {byte_buffer(raw.begin(), raw.end())};
}

}  // namespace

void stream_size_request::encode(writer& out) const {
    out.raw(handle.encoded);
}

std::error_code decode(reader& in, stream_size_request& out) {
    out.handle = read_handle(in);
    return in.finish();
}

void stream_read_request::encode(writer& out) const {
    out.raw(handle.encoded);
    out.integer(length);
}

std::error_code decode(reader& in, stream_read_request& out) {
    out.handle = read_handle(in);
    out.length = in.integer();
    return in.finish();
}

void stream_piece_request::encode(writer& out) const {
    out.raw(handle.encoded);
    out.integer(units);
    out.integer(from_start);
}

std::error_code decode(reader& in, stream_piece_request& out) {
    out.handle = read_handle(in);
    out.units = in.integer();
    out.from_start = in.integer();
    return in.finish();
}

void stream_piece_reply::encode(writer& out) const {
    out.integer(units);
    out.raw(data);
}

std::error_code decode(reader& in, stream_piece_reply& out) {
    out.units = in.integer();
    out.data = in.rest();
    return in.finish();
}

void stream_range_request::encode(writer& out) const {
    out.raw(handle.encoded);
    out.integer(position);
    out.integer(length);
}

std::error_code decode(reader& in, stream_range_request& out) {
    out.handle = read_handle(in);
    out.position = in.integer();
    out.length = in.integer();
    return in.finish();
}

void stream_close_request::encode(writer& out) const {
    out.raw(handle.encoded);
}

std::error_code decode(reader& in, stream_close_request& out) {
    out.handle = read_handle(in);
    return in.finish();
}

template <function_code Code>
void stream_store<Code>::encode(writer& out) const {
    out.raw(handle.encoded);
    out.raw_u32(units);
    out.raw(data);
}

template struct stream_store<"SB"_fc>;
template struct stream_store<"SM"_fc>;

std::error_code decode(reader& in, stream_store_binary_request& out) {
    out.handle = read_handle(in);
    out.units = in.raw_u32();
    out.data = in.raw(out.units);
    return in.finish();
}

std::error_code decode(reader& in, stream_store_text_request& out) {
    out.handle = read_handle(in);
    out.units = in.raw_u32();
    out.data = in.rest();
    // Every code unit takes one to three bytes in (CESU-)UTF-8.
    if (out.data.size() < out.units || out.data.size() > std::uint64_t{3} * out.units)
        in.fail(wire_errc::bad_value);
    return in.finish();
}

}  // namespace irislink::wire
