#include <algorithm>

#include "driver/session/long_value.hpp"
#include "driver/session/session_io.hpp"

namespace irislink::driver {

// The next piece of a long value becomes `into.ready`. Each piece is asked for by itself, so that the
// server never sends more than is wanted; its answer must keep to that.
asio::awaitable<void> session::read_long_piece(std::shared_ptr<long_value> into) {
    auto& value = *into;
    value.ready.clear();
    value.at = 0;
    if (value.ended) co_return;
    if (value.result->closed || value.result->epoch != epoch_ || value.row != value.result->row)
        throw error(diagnostic{
            errc::out_of_sequence, "24000", 0, step::fetch, "The row of this long value is gone", "Read a long value before the next row.", false, 0});
    require_alive(step::fetch);
    co_await settle();
    begin_statement(value.result->statement);
    // A piece may hold nothing but the first half of a character; then the next one is wanted too.
    while (value.ready.empty() && !value.ended) {
        wire::stream_piece_request request;
        request.handle = value.handle;
        request.units = long_piece_units;
        request.from_start = value.started ? 0 : 1;
        const auto reply = co_await exchange(request, value.result->statement, step::fetch);
        const auto status = reply.status();
        if (!value.started && status == wire::status::null_stream) {
            value.null = value.ended = true;
            co_return;
        }
        if (status != wire::status::ok && status != wire::status::last_piece) co_await raise(status, step::fetch);
        if (!value.started) value.result->read_streams.push_back(value.handle);
        value.started = true;
        wire::stream_piece_reply piece;
        decode(reply, piece, step::fetch);
        // A character is one to four bytes of UTF-8, whether the server counts code units or characters.
        const auto units = piece.units < 0 ? 0 : static_cast<std::uint64_t>(piece.units);
        const bool sized = value.binary ? piece.data.size() == units : piece.data.size() <= 4 * units;
        if (piece.units < 0 || piece.units > long_piece_units || !sized)
            lost(errc::protocol_error, step::fetch, "A piece of a long value has another size than it says");
        if (units == 0 && status == wire::status::ok) lost(errc::protocol_error, step::fetch, "A piece of a long value is empty and not the last");
        value.ended = status == wire::status::last_piece;
        if (value.binary) {
            value.ready.append(wire::as_text(piece.data));
        } else {
            value.text.add(value.ready, piece.data);
            if (value.ended) value.text.finish(value.ready);
        }
        if (value.text.malformed()) {
            value.ended = true;
            value.ready.clear();
            throw error(diagnostic{
                errc::bad_conversion, "22018", 0, step::fetch, "The server's long text is not valid text", "Read the column as binary.", false, 0});
        }
    }
}

asio::awaitable<std::string> session::read_long(std::shared_ptr<long_value> from) {
    const auto limit = settings_->long_value_limit;
    std::string out;
    while (true) {
        co_await read_long_piece(from);
        if (from->ready.empty()) co_return out;
        if (limit > 0 && out.size() + from->ready.size() > limit)
            throw error(diagnostic{
                errc::bad_conversion, "22001", 0, step::fetch, "A long value is longer than " + std::to_string(limit) + " bytes",
                "Read it in pieces (result::open_stream), or raise LongValueLimit.", false, 0});
        if (out.empty()) {
            out.swap(from->ready);
        } else {
            out.append(from->ready);
        }
    }
}

asio::awaitable<std::size_t> session::read_long_some(std::shared_ptr<long_value> from, std::span<char> into) {
    if (from->left().empty()) co_await read_long_piece(from);
    const auto left = from->left();
    auto size = std::min(left.size(), into.size());
    // Never half a character.
    if (!from->binary)
        while (size > 0 && size < left.size() && (static_cast<unsigned char>(left[size]) & 0xC0U) == 0x80U) --size;
    if (size == 0 && !left.empty())
        throw error(diagnostic{
            errc::bad_argument, "HY090", 0, step::fetch, "The buffer is too small for the next character", "Give at least 4 bytes.", false, 0});
    std::copy_n(left.data(), size, into.data());
    from->at += size;
    co_return size;
}

// The streams that were read of the row that is left behind: the server may drop them.
void session::release_streams(result_state& result) {
    if (result.epoch == epoch_ && !result.closed)
        for (auto& each : result.read_streams) streams_to_close_.emplace_back(result.statement, std::move(each));
    result.read_streams.clear();
}

} // namespace irislink::driver
