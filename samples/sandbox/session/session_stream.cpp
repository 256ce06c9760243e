#include "samples/sandbox/session/session.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/fetch.hpp"
#include "wire/messages/stream.hpp"

namespace irislink::sandbox {
namespace {

// The text of a handle item; NULL and the two spellings of "none yet" give nothing.
std::string_view handle_text(const wire::stream_handle& handle) {
    wire::reader in(handle.encoded);
    const auto item = in.next();
    if (item.code != wire::item_code::text8 || item.is_null()) return {};
    const auto text = wire::as_text(item.data);
    return text == "0" ? std::string_view{} : text;
}

bool is_null(const wire::stream_handle& handle) {
    wire::reader in(handle.encoded);
    return in.next().is_null();
}

std::string_view piece_of(const stream& from, std::size_t begin, std::int64_t units) {
    const std::string_view data = from.data;
    if (begin > data.size()) begin = data.size();
    if (units < 0) return data.substr(begin);
    const auto wanted = static_cast<std::size_t>(units);
    return data.substr(begin, from.binary ? wanted : bytes_of_units(data, begin, wanted));
}

stream& existing(stream_table& streams, const wire::stream_handle& handle) {
    auto* const found = streams.find(handle_text(handle));
    if (found == nullptr) throw sql::sql_error(412, "The stream does not exist on this connection", "ServerLoop");
    return *found;
}

} // namespace

void session::stream_size(const wire::message& in) {
    const auto request = decode<wire::stream_size_request>(in);
    if (is_null(request.handle)) {
        reply(in, wire::empty_reply{}, wire::status::null_stream);
        return;
    }
    const auto& found = existing(streams_, request.handle);
    const auto units = found.binary ? found.data.size() : text_units(found.data);
    reply(in, wire::integer_reply{static_cast<std::int64_t>(units)});
}

void session::stream_read(const wire::message& in) {
    const auto request = decode<wire::stream_read_request>(in);
    if (is_null(request.handle)) {
        reply(in, wire::empty_reply{}, wire::status::null_stream);
        return;
    }
    auto& found = existing(streams_, request.handle);
    const auto piece = piece_of(found, found.position, request.length);
    found.position += piece.size();
    reply(in, wire::rows_reply{wire::as_bytes(piece)});
}

void session::stream_range(const wire::message& in) {
    const auto request = decode<wire::stream_range_request>(in);
    if (is_null(request.handle)) {
        reply(in, wire::empty_reply{}, wire::status::null_stream);
        return;
    }
    const auto& found = existing(streams_, request.handle);
    std::size_t begin = 0;
    if (request.position > 1) {
        const auto skip = static_cast<std::size_t>(request.position - 1);
        begin = found.binary ? skip : bytes_of_units(found.data, 0, skip);
    }
    reply(in, wire::rows_reply{wire::as_bytes(piece_of(found, begin, request.length))});
}

void session::stream_piece(const wire::message& in) {
    const auto request = decode<wire::stream_piece_request>(in);
    if (is_null(request.handle)) {
        reply(in, wire::empty_reply{}, wire::status::null_stream);
        return;
    }
    auto& found = existing(streams_, request.handle);
    if (request.from_start != 0) found.position = 0;
    const auto piece = piece_of(found, found.position, request.units);
    found.position += piece.size();
    const auto units = found.binary ? piece.size() : text_units(piece);
    const bool last = found.position == found.data.size();
    reply(in, wire::stream_piece_reply{static_cast<std::int64_t>(units), wire::as_bytes(piece)}, last ? wire::status::last_piece : wire::status::ok);
}

void session::stream_close(const wire::message& in) {
    const auto request = decode<wire::stream_close_request>(in);
    const auto handle = handle_text(request.handle);
    if (handle.empty()) {
        streams_.close_statement(in.statement);
    } else {
        streams_.close(handle);
    }
}

void session::stream_release(const wire::message& in) {
    reply(in, wire::empty_reply{});
}

template <class M> void session::store(const wire::message& in, const M& request, bool binary) {
    const auto name = handle_text(request.handle);
    std::string handle(name);
    const std::string_view data = wire::as_text(request.data);
    if (name.empty()) {
        stream value;
        value.binary = binary;
        if (binary) {
            value.data = data;
        } else {
            value.text.add(value.data, request.data);
        }
        value.statement = in.statement;
        value.uploaded = true;
        handle = streams_.add(std::move(value));
    } else {
        auto& found = existing(streams_, request.handle);
        if (found.binary) {
            found.data += data;
        } else {
            found.text.add(found.data, request.data); // clients send surrogates one by one
        }
    }
    wire::byte_buffer encoded;
    wire::writer out(encoded, format_);
    out.item_bytes(wire::item_code::text8, wire::as_bytes(handle));
    reply(in, wire::rows_reply{encoded});
}

void session::store_binary(const wire::message& in) {
    store(in, decode<wire::stream_store_binary_request>(in), true);
}

void session::store_text(const wire::message& in) {
    store(in, decode<wire::stream_store_text_request>(in), false);
}

} // namespace irislink::sandbox
