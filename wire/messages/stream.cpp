#include "wire/messages/stream.hpp"

namespace irislink::wire {
namespace {

stream_handle read_handle(reader& in) {
    const auto raw = in.next_raw();
    return {byte_buffer(raw.begin(), raw.end())};
}

void write_handle(writer& out, const stream_handle& handle) {
    if (handle.encoded.empty()) {
        out.integer(0); // "no handle yet", "all of them"
    } else {
        out.raw(handle.encoded);
    }
}

} // namespace

void stream_size_request::encode(writer& out) const {
    write_handle(out, handle);
}

std::error_code decode(reader& in, stream_size_request& out) {
    out.handle = read_handle(in);
    return in.finish();
}

void stream_read_request::encode(writer& out) const {
    write_handle(out, handle);
    out.integer(length);
}

std::error_code decode(reader& in, stream_read_request& out) {
    out.handle = read_handle(in);
    out.length = in.integer();
    return in.finish();
}

void stream_piece_request::encode(writer& out) const {
    write_handle(out, handle);
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
    write_handle(out, handle);
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
    write_handle(out, handle);
}

std::error_code decode(reader& in, stream_close_request& out) {
    out.handle = read_handle(in);
    return in.finish();
}

template <function_code Code> void stream_store<Code>::encode(writer& out) const {
    write_handle(out, handle);
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
    if (out.data.size() < out.units || out.data.size() > std::uint64_t{3} * out.units) in.fail(wire_errc::bad_value);
    return in.finish();
}

void stream_search_request::encode(writer& out) const {
    write_handle(out, handle);
    out.integer(start);
    out.text(pattern);
}

std::error_code decode(reader& in, stream_search_request& out) {
    out.handle = read_handle(in);
    out.start = in.integer();
    out.pattern = in.text();
    return in.finish();
}

void stream_release_request::encode(writer& out) const {
    write_handle(out, handle);
}

std::error_code decode(reader& in, stream_release_request& out) {
    out.handle = read_handle(in);
    return in.finish();
}

void stream_overwrite_request::encode(writer& out) const {
    write_handle(out, handle);
    out.integer(position);
    out.integer(length);
    out.raw(data);
}

std::error_code decode(reader& in, stream_overwrite_request& out) {
    out.handle = read_handle(in);
    out.position = in.integer();
    out.length = in.integer();
    out.data = in.rest();
    return in.finish();
}

void stream_truncate_request::encode(writer& out) const {
    write_handle(out, handle);
    out.integer(length);
}

std::error_code decode(reader& in, stream_truncate_request& out) {
    out.handle = read_handle(in);
    out.length = in.integer();
    return in.finish();
}

void stream_store_reply::encode(writer& out) const {
    write_handle(out, handle);
}

std::error_code decode(reader& in, stream_store_reply& out) {
    out.handle = read_handle(in);
    return in.finish();
}

std::error_code decode(reader& in, stream_data_reply& out) {
    out.data = in.rest();
    return in.finish();
}

} // namespace irislink::wire
