#include "samples/sandbox/server/line.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "samples/sandbox/server/gss_acceptor.hpp"
#include "samples/sandbox/server/tls_acceptor.hpp"

namespace irislink::sandbox {
namespace {

// The bytes that were read to decide come first, then the line's own.
class resumed_line final : public transport {
public:
    resumed_line(std::shared_ptr<transport> lower, const line_start& start) : lower_(std::move(lower)), start_(start) {}

    std::size_t read(std::span<std::byte> into, deadline until) override {
        if (given_ == start_.size()) return lower_->read(into, until);
        const auto count = std::min(into.size(), start_.size() - given_);
        std::copy_n(start_.begin() + static_cast<std::ptrdiff_t>(given_), count, into.begin());
        given_ += count;
        return count;
    }

    bool write(wire::bytes_view data, deadline until) override { return lower_->write(data, until); }

    void shut_down() noexcept override { lower_->shut_down(); }

    bool peer_gone() noexcept override { return lower_->peer_gone(); }

private:
    std::shared_ptr<transport> lower_;
    line_start start_;
    std::size_t given_{0};
};

} // namespace

first_bytes classify(const line_start& bytes) noexcept {
    const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(bytes[i]); };
    if (at(0) == 0x16 && at(1) == 0x03) return first_bytes::tls;
    if (at(0) == 0x00 && at(1) == 0x00 && at(2) == 0x7F && at(3) == 0x01) return first_bytes::kerberos;
    // An HS has a body of two bytes, always. CI, which carries a password in clear, has a longer one
    // and ends with the unknown (4.8).
    if (at(0) == 0x02 && at(1) == 0 && at(2) == 0 && at(3) == 0) return first_bytes::clear_hello;
    return first_bytes::unknown;
}

bool read_exactly(transport& line, std::span<std::byte> into, deadline until) {
    while (!into.empty()) {
        const auto got = line.read(into, until);
        if (got == 0) return false;
        into = into.subspan(got);
    }
    return true;
}

void let_go(transport& line, deadline until) {
    std::array<std::byte, 4096> rest;
    deadline limit = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    if (until && *until < *limit) limit = until;
    for (int i = 0; i < 64 && line.read(rest, limit) > 0; ++i) {
    }
}

line_acceptor::line_acceptor(const tls_settings& tls, const kerberos_settings& kerberos) : mode_(tls.mode), kerberos_(kerberos) {
    if (mode_ != tls_mode::disabled) tls_ = std::make_unique<tls_acceptor>(tls);
    if (!kerberos.keytab.empty()) gss_ = std::make_unique<gss_acceptor>(kerberos);
}

line_acceptor::~line_acceptor() = default;

std::unique_ptr<transport> line_acceptor::establish(std::shared_ptr<transport> socket, deadline until, connection_facts& facts) const {
    line_start start;
    if (!read_exactly(*socket, start, until)) return nullptr;
    const auto resumed = [&] { return std::make_unique<resumed_line>(socket, start); };
    switch (classify(start)) {
    case first_bytes::clear_hello:
        // Where TLS is required the session refuses the HS in words.
        return resumed();
    case first_bytes::tls: {
        if (tls_) return tls_->accept(resumed(), until, facts);
        spdlog::warn("peer={} refused: TLS is disabled", facts.address);
        static constexpr std::array<std::uint8_t, 7> handshake_failure{0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28};
        if (socket->write(std::as_bytes(std::span(handshake_failure)), until)) let_go(*socket, until);
        return nullptr;
    }
    case first_bytes::kerberos: {
        const auto level = std::to_integer<int>(start[4]);
        if (mode_ == tls_mode::required || !gss_ || !kerberos_.accepts(level)) {
            spdlog::warn("peer={} refused: Kerberos level {} is not accepted", facts.address, level);
            return nullptr;
        }
        return gss_->accept(std::move(socket), level, until, facts);
    }
    case first_bytes::unknown: break;
    }
    spdlog::warn("peer={} dropped: these are not the first bytes of a client", facts.address);
    return nullptr;
}

} // namespace irislink::sandbox
