#include "samples/sandbox/auth/allowed_addresses.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace irislink::sandbox {
namespace {

constexpr address_bytes mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0};

bool is_ipv4(const address_bytes& address) noexcept {
    return std::equal(address.begin(), address.begin() + 12, mapped_prefix.begin());
}

address_bytes from_ipv4(const void* network_order) noexcept {
    auto out = mapped_prefix;
    std::memcpy(out.data() + 12, network_order, 4);
    return out;
}

std::optional<int> number(std::string_view text, int most) {
    int out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size() || out < 0 || out > most) return std::nullopt;
    return out;
}

bool same_start(const address_bytes& left, const address_bytes& right, int bits) noexcept {
    const auto whole = static_cast<std::size_t>(bits / 8);
    if (!std::equal(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(whole), right.begin())) return false;
    const int rest = bits % 8;
    if (rest == 0) return true;
    const auto mask = static_cast<std::uint8_t>(0xFFU << static_cast<unsigned>(8 - rest));
    return (left[whole] & mask) == (right[whole] & mask);
}

// Letters, digits, '-' and '.', and not only digits and dots: that is a mistyped address.
bool is_machine_name(std::string_view text) {
    if (text.empty() || text.size() > 253 || text.front() == '-' || text.front() == '.') return false;
    bool letter = false;
    for (const char c : text) {
        const bool alphabetic = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        letter = letter || alphabetic;
        if (!alphabetic && !(c >= '0' && c <= '9') && c != '-' && c != '.' && c != '_') return false;
    }
    return letter;
}

bool name_has(const std::string& name, const address_bytes& address) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* raw = nullptr;
    if (::getaddrinfo(name.c_str(), nullptr, &hints, &raw) != 0) return false;
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> found(raw, &::freeaddrinfo);
    for (const auto* each = raw; each != nullptr; each = each->ai_next) {
        if (each->ai_family == AF_INET && from_ipv4(&reinterpret_cast<const sockaddr_in*>(each->ai_addr)->sin_addr) == address) return true;
        if (each->ai_family == AF_INET6 && std::memcmp(&reinterpret_cast<const sockaddr_in6*>(each->ai_addr)->sin6_addr, address.data(), 16) == 0) return true;
    }
    return false;
}

} // namespace

std::optional<address_bytes> parse_address(std::string_view text) {
    if (const auto scope = text.find('%'); scope != std::string_view::npos) text = text.substr(0, scope); // fe80::1%eth0
    const std::string copy(text);
    in_addr four{};
    if (::inet_pton(AF_INET, copy.c_str(), &four) == 1) return from_ipv4(&four);
    address_bytes six{};
    if (::inet_pton(AF_INET6, copy.c_str(), six.data()) == 1) return six;
    return std::nullopt;
}

std::optional<allowed_addresses::rule> allowed_addresses::read(const std::string& entry) {
    if (const auto slash = entry.find('/'); slash != std::string::npos) {
        const auto start = parse_address(entry.substr(0, slash));
        if (!start) return std::nullopt;
        const bool four = entry.find(':') == std::string::npos;
        const auto bits = number(std::string_view(entry).substr(slash + 1), four ? 32 : 128);
        if (!bits) return std::nullopt;
        return block{*start, *bits + (four ? 96 : 0)};
    }
    if (const auto one = parse_address(entry)) return block{*one, 128};
    if (std::ranges::count(entry, '.') == 3 && entry.find_first_not_of("0123456789.*-") == std::string::npos) {
        places out{};
        std::string_view rest = entry;
        for (std::size_t i = 0; i < 4; ++i) {
            const auto part = rest.substr(0, rest.find('.'));
            rest.remove_prefix(std::min(part.size() + 1, rest.size()));
            const auto dash = part.find('-');
            const auto least = part == "*" ? 0 : number(part.substr(0, dash), 255);
            const auto most = part == "*" ? 255 : dash == std::string_view::npos ? least : number(part.substr(dash + 1), 255);
            if (!least || !most || *least > *most) return std::nullopt;
            out.least[i] = static_cast<std::uint8_t>(*least);
            out.most[i] = static_cast<std::uint8_t>(*most);
        }
        return out;
    }
    if (is_machine_name(entry)) return entry;
    return std::nullopt;
}

allowed_addresses::allowed_addresses(const std::vector<std::string>& entries) {
    for (const auto& entry : entries) {
        auto made = read(entry);
        if (!made) throw std::invalid_argument("'" + entry + "' is not an address, a block of addresses or a machine name");
        rules_.push_back(*std::move(made));
    }
}

bool allowed_addresses::matches(const rule& each, const address_bytes& address) {
    if (const auto* const in = std::get_if<block>(&each)) return same_start(in->start, address, in->bits);
    if (const auto* const in = std::get_if<places>(&each)) {
        if (!is_ipv4(address)) return false;
        for (std::size_t i = 0; i < 4; ++i)
            if (address[12 + i] < in->least[i] || address[12 + i] > in->most[i]) return false;
        return true;
    }
    return name_has(std::get<std::string>(each), address);
}

bool allowed_addresses::allows(std::string_view address) const {
    if (rules_.empty()) return true;
    const auto parsed = parse_address(address);
    return parsed && std::ranges::any_of(rules_, [&](const auto& each) { return matches(each, *parsed); });
}

} // namespace irislink::sandbox
