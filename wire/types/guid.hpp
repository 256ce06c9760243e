#pragma once
// GUIDs: 36 characters at the server (wire-sql 8.1), 16 bytes in the order in which the digits are written.

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "wire/codec/coerce.hpp"

namespace irislink::wire {

using guid = std::array<std::byte, 16>;

// xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx in any case, with blanks or one pair of braces around it.
[[nodiscard]] std::optional<guid> parse_guid(std::string_view text) noexcept;

[[nodiscard]] coercion to_guid(const item& in, guid& out) noexcept;

} // namespace irislink::wire
