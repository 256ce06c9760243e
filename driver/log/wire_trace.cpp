#include "driver/log/wire_trace.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "irislink/error.hpp"
#include "wire/messages/registry.hpp"

namespace irislink::driver {
namespace {

void append_hex(std::string& out, wire::bytes_view bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    for (const auto each : bytes) {
        out.push_back(digits[std::to_integer<unsigned>(each) >> 4U]);
        out.push_back(digits[std::to_integer<unsigned>(each) & 0xFU]);
    }
}

} // namespace

wire_trace::wire_trace(const std::string& file, const std::string& what) {
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor >= 0) file_.reset(::fdopen(descriptor, "a"));
    if (!file_)
        throw error(diagnostic{errc::bad_settings, "HY000", 0, step::settings, "The trace file '" + file + "' cannot be written", "Check TraceFile.", false, 0}
        );
    (void)std::fprintf(file_.get(), "{\"client\": \"irislink\", \"what\": \"%s\"}\n", what.c_str());
}

void wire_trace::sent(wire::bytes_view message) {
    const auto header = wire::decode_header(message.first<wire::frame_header_size>());
    const auto* const kind = wire::find_message(header.code);
    line('C', message.first(wire::frame_header_size), message.subspan(wire::frame_header_size), kind == nullptr || kind->carries_secret);
}

void wire_trace::received(const wire::message& message) {
    std::array<std::byte, wire::frame_header_size> header{};
    wire::encode_header({static_cast<std::uint32_t>(message.body.size()), message.id, message.statement, false, message.code}, header);
    line('S', header, message.body, false);
}

// A trace that can no longer be written is no reason to fail the program that is traced.
void wire_trace::line(char direction, wire::bytes_view header, wire::bytes_view body, bool secret) {
    const std::chrono::duration<double> since = std::chrono::steady_clock::now() - start_;
    std::string hex;
    append_hex(hex, header);
    if (!secret) append_hex(hex, body);
    (void)std::fprintf(file_.get(), "{\"t\": %.6f, \"dir\": \"%c\", \"hex\": \"%s\"", since.count(), direction, hex.c_str());
    if (secret) (void)std::fprintf(file_.get(), ", \"withheld\": %zu", body.size());
    (void)std::fputs("}\n", file_.get());
    (void)std::fflush(file_.get());
}

} // namespace irislink::driver
