#pragma once
// A long value on its way in, piece by piece (wire-sql 4.2, message AS). One per cell that is read;
// lives until the next row is stepped to.

#include <cstdint>
#include <memory>
#include <string>

#include "driver/session/result_state.hpp"
#include "wire/codec/text_pieces.hpp"
#include "wire/messages/stream.hpp"

namespace irislink::driver {

// Characters or bytes asked for at once: what one reader holds at most, in UTF-8 three times that.
inline constexpr std::int64_t long_piece_units = std::int64_t{64} * 1024;

struct long_value {
    std::shared_ptr<result_state> result;
    std::uint64_t row{0}; // result_state::row of the cell
    wire::stream_handle handle;
    bool binary{false};
    bool started{false};
    bool ended{false};
    bool null{false}; // a handle, and nothing behind it
    wire::text_pieces text;
    std::string ready; // content not handed out yet; whole characters
    std::size_t at{0}; // of `ready`

    [[nodiscard]] std::string_view left() const noexcept { return std::string_view(ready).substr(at); }
};

[[nodiscard]] inline bool is_long(sql_type type) noexcept {
    return type == sql_type::longvarchar || type == sql_type::wlongvarchar || type == sql_type::longvarbinary;
}

} // namespace irislink::driver
