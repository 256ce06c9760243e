#include "bindings/cli/greeting.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <functional>

#include "wire/frame/frame_assembler.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/login.hpp"

namespace irislink::cli {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

constexpr std::size_t largest_answer = 4096;

enum class ending { enough, closed, time_over };

// Sends `what` and collects the answer until `enough` says so.
template <class Enough> ending talk(const tcp::endpoint& to, wire::bytes_view what, std::chrono::milliseconds limit, wire::byte_buffer& answer, Enough enough) {
    asio::io_context context;
    tcp::socket socket(context);
    ending out = ending::time_over;
    std::array<std::byte, 512> piece{};
    std::function<void()> read = [&] {
        socket.async_read_some(asio::buffer(piece), [&](boost::system::error_code failed, std::size_t size) {
            answer.insert(answer.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(size));
            if (failed) {
                out = ending::closed;
            } else if (answer.size() >= largest_answer || enough(answer)) {
                out = ending::enough;
            } else {
                read();
            }
        });
    };
    socket.async_connect(to, [&](boost::system::error_code failed) {
        if (failed) {
            out = ending::closed;
            return;
        }
        asio::async_write(socket, asio::buffer(what.data(), what.size()), [&](boost::system::error_code broken, std::size_t) {
            if (broken) {
                out = ending::closed;
            } else {
                read();
            }
        });
    });
    context.run_for(limit);
    boost::system::error_code ignored;
    socket.close(ignored);
    context.restart();
    const auto result = out;
    context.run(); // lets the handlers of the closed socket go
    return result;
}

std::string printable(const wire::byte_buffer& bytes) {
    std::string out;
    for (const auto each : bytes) {
        const auto c = std::to_integer<char>(each);
        if (c == '\r' || c == '\n' || out.size() == 60) break;
        out.push_back(c >= 0x20 && c < 0x7F ? c : '.');
    }
    return "'" + out + "'";
}

// A TLS server answers a broken ClientHello with an alert.
bool speaks_tls(const tcp::endpoint& to, std::chrono::milliseconds limit) {
    static constexpr std::array<std::byte, 10> hello{std::byte{0x16}, std::byte{3}, std::byte{1}, std::byte{0}, std::byte{5},
                                                     std::byte{1},    std::byte{0}, std::byte{0}, std::byte{1}, std::byte{3}};
    wire::byte_buffer answer;
    (void)talk(to, hello, std::min(limit, std::chrono::milliseconds(2000)), answer, [](const auto& got) { return got.size() >= 5; });
    return answer.size() >= 3 && (answer[0] == std::byte{0x15} || answer[0] == std::byte{0x16}) && answer[1] == std::byte{3};
}

} // namespace

greeting greet(const tcp::endpoint& to, std::chrono::milliseconds limit) {
    if (limit.count() == 0) limit = std::chrono::milliseconds(15'000);
    wire::byte_buffer request;
    (void)wire::append_request(request, wire::hello_request{wire::newest_protocol}, 1, 0, wire::default_format);
    wire::byte_buffer answer;
    // A frame of ours repeats the id and is short; whatever is not cannot become one by waiting.
    const auto is_frame = [](const wire::byte_buffer& got) {
        if (got.size() < wire::frame_header_size) return false;
        const auto header = wire::decode_header(wire::bytes_view(got).first<wire::frame_header_size>());
        return header.id == 1 && header.statement == 0 && header.length < largest_answer;
    };
    const auto enough = [&](const wire::byte_buffer& got) {
        if (got.size() < wire::frame_header_size) return false;
        const auto header = wire::decode_header(wire::bytes_view(got).first<wire::frame_header_size>());
        return !is_frame(got) || got.size() >= wire::frame_header_size + header.length;
    };
    const auto ended = talk(to, request, limit, answer, enough);
    greeting out;
    if (is_frame(answer) && enough(answer)) {
        const auto header = wire::decode_header(wire::bytes_view(answer).first<wire::frame_header_size>());
        const auto body = wire::bytes_view(answer).subspan(wire::frame_header_size, header.length);
        if (header.code.value != wire::status::ok) {
            out.peer = peer_kind::refusing;
            out.status = header.code.value;
            wire::refusal_reply why;
            out.text = !wire::decode_body(body, wire::default_format, why) && !why.text.empty() ? why.text : "The server refused the greeting";
            return out;
        }
        if (!wire::decode_body(body, wire::default_format, out.reply)) {
            out.peer = peer_kind::iris;
            return out;
        }
    }
    if (answer.empty() ? speaks_tls(to, limit) : answer[0] == std::byte{0x15} || answer[0] == std::byte{0x16}) {
        out.peer = peer_kind::tls;
    } else if (!answer.empty()) {
        out.peer = peer_kind::other;
        out.text = printable(answer);
    } else {
        out.peer = ended == ending::closed ? peer_kind::closing : peer_kind::silent;
    }
    return out;
}

} // namespace irislink::cli
