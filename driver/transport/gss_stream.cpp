#include "driver/transport/gss_stream.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstring>

namespace irislink::driver {
namespace {

namespace asio = boost::asio;

constexpr std::size_t token_read_size = 65'536; // a whole token of the vendor's at once
constexpr std::size_t plain_piece = 48'000;     // the vendor's own messages stay below 50,000

void check(std::error_code failed) {
    if (failed) throw boost::system::system_error(failed);
}

} // namespace

asio::awaitable<std::size_t> gss_stream::async_read_some(asio::mutable_buffer into, asio::use_awaitable_t<>) {
    if (into.size() == 0) co_return 0;
    // A token may hold nothing.
    while (plain_.empty()) {
        if (broken_) check(gss_errc::damaged);
        wire::bytes_view token;
        std::error_code malformed;
        if (splitter_.next(token, malformed)) {
            broken_ = true; // until this token has proved good
            check(context_.unwrap(token, plain_));
            broken_ = false;
            continue;
        }
        if (malformed) {
            broken_ = true;
            check(gss_errc::bad_length);
        }
        const auto room = splitter_.prepare(token_read_size);
        splitter_.commit(co_await socket_.async_read_some(asio::buffer(room.data(), room.size()), asio::use_awaitable));
    }
    const auto count = std::min(into.size(), plain_.size());
    std::memcpy(into.data(), plain_.data(), count);
    plain_ = plain_.subspan(count);
    co_return count;
}

asio::awaitable<void> gss_stream::write(asio::const_buffer data) {
    // Level 2 leaves readable what it protects, and a code may be in it: every piece is wiped, however its sending ends.
    struct wiped {
        explicit wiped(wire::byte_buffer& of) : bytes(of) {}

        ~wiped() { OPENSSL_cleanse(bytes.data(), bytes.size()); }

        wiped(const wiped&) = delete;
        wiped& operator=(const wiped&) = delete;

        wire::byte_buffer& bytes;
    };

    while (data.size() > 0) {
        const auto size = std::min(data.size(), plain_piece);
        out_.clear();
        const wiped piece(out_);
        check(context_.wrap({static_cast<const std::byte*>(data.data()), size}, out_));
        co_await asio::async_write(socket_, asio::buffer(out_), asio::use_awaitable);
        data += size;
    }
}

} // namespace irislink::driver
