#pragma once
// Which machines may connect (security-behaviour 3.2): an empty list means all of them. Entries are
// addresses, CIDR blocks (10.0.0.0/8, fe80::/10), IPv4 with a * or a range in a place (10.1.*.*,
// 10.1.2.1-20), and machine names, which are looked up when a client comes. Immutable; thread-safe.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace irislink::sandbox {

// Both families as 16 bytes, IPv4 in its mapped form, so that ::ffff:10.0.0.1 is 10.0.0.1.
using address_bytes = std::array<std::uint8_t, 16>;

[[nodiscard]] std::optional<address_bytes> parse_address(std::string_view text);

class allowed_addresses {
public:
    allowed_addresses() = default;
    // Throws std::invalid_argument naming the entry that means nothing.
    explicit allowed_addresses(const std::vector<std::string>& entries);

    [[nodiscard]] bool allows(std::string_view address) const;

    [[nodiscard]] bool everybody() const noexcept { return rules_.empty(); }

private:
    struct block {
        address_bytes start;
        int bits;
    };

    struct places { // of an IPv4 address
        std::array<std::uint8_t, 4> least;
        std::array<std::uint8_t, 4> most;
    };

    using rule = std::variant<block, places, std::string>;

    [[nodiscard]] static std::optional<rule> read(const std::string& entry);
    [[nodiscard]] static bool matches(const rule& each, const address_bytes& address);

    std::vector<rule> rules_;
};

} // namespace irislink::sandbox
