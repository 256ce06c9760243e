#pragma once
// Streams: SS JS GB GP SR AS CS, SB SM SZ SX (wire-sql 4). Handles are opaque bytes.

#include <cstdint>
#include <string>

#include "wire/messages/message.hpp"

namespace irislink::wire {

// A stream handle as one whole encoded item, carried through unread: clients return it unchanged, and
// ODBC writes "no handle yet" as the text "0" where JDBC writes the integer 0.
struct stream_handle {
    byte_buffer encoded; // an item with its header; empty is written as the integer 0
    friend bool operator==(const stream_handle&, const stream_handle&) = default;
};

// SS: [handle]; reply [size]
struct stream_size_request {
    static constexpr function_code code = "SS"_fc;
    stream_handle handle;

    void encode(writer& out) const;
    friend bool operator==(const stream_size_request&, const stream_size_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, stream_size_request& out);

// JS: [handle] [length]; reply raw bytes
struct stream_read_request {
    static constexpr function_code code = "JS"_fc;
    stream_handle handle;
    std::int64_t length{-1};

    void encode(writer& out) const;
    friend bool operator==(const stream_read_request&, const stream_read_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, stream_read_request& out);

// AS: [handle] [units] [1 = from the start]; reply [units sent] raw bytes
struct stream_piece_request {
    static constexpr function_code code = "AS"_fc;
    stream_handle handle;
    std::int64_t units{0};
    std::int64_t from_start{0};

    void encode(writer& out) const;
    friend bool operator==(const stream_piece_request&, const stream_piece_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, stream_piece_request& out);

struct stream_piece_reply {
    std::int64_t units{0};
    bytes_view data{}; // borrowed

    void encode(writer& out) const;
};

[[nodiscard]] std::error_code decode(reader& in, stream_piece_reply& out);

// GB: [handle] [position, 1-based] [length]; reply raw bytes
struct stream_range_request {
    static constexpr function_code code = "GB"_fc;
    stream_handle handle;
    std::int64_t position{0};
    std::int64_t length{-1};

    void encode(writer& out) const;
    friend bool operator==(const stream_range_request&, const stream_range_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, stream_range_request& out);

// CS: [handle], or [0]: all of the statement. One-way.
struct stream_close_request {
    static constexpr function_code code = "CS"_fc;
    stream_handle handle;

    void encode(writer& out) const;
    friend bool operator==(const stream_close_request&, const stream_close_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, stream_close_request& out);

// SB, SM: [handle, or 0 for a new one] raw u32 size, raw bytes. SB counts bytes; SM counts UTF-16
// code units of text in (CESU-)UTF-8, so its byte length is "the rest". Reply [handle].
template <function_code Code> struct stream_store {
    static constexpr function_code code = Code;
    stream_handle handle;
    std::uint32_t units{0};
    bytes_view data{}; // borrowed

    void encode(writer& out) const;
};

using stream_store_binary_request = stream_store<"SB"_fc>;
using stream_store_text_request = stream_store<"SM"_fc>;
[[nodiscard]] std::error_code decode(reader& in, stream_store_binary_request& out);
[[nodiscard]] std::error_code decode(reader& in, stream_store_text_request& out);

// GP: [handle] [start] [pattern]; reply [position], -1 when absent
struct stream_search_request {
    static constexpr function_code code = "GP"_fc;
    stream_handle handle;
    std::int64_t start{1};
    std::string pattern;

    void encode(writer& out) const;
    friend bool operator==(const stream_search_request&, const stream_search_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, stream_search_request& out);

// SR: [handle]; reply empty
struct stream_release_request {
    static constexpr function_code code = "SR"_fc;
    stream_handle handle;

    void encode(writer& out) const;
    friend bool operator==(const stream_release_request&, const stream_release_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, stream_release_request& out);

// SZ: [handle] [position, 0-based] [length] raw bytes; reply [bytes written]
struct stream_overwrite_request {
    static constexpr function_code code = "SZ"_fc;
    stream_handle handle;
    std::int64_t position{0};
    std::int64_t length{0};
    bytes_view data{}; // borrowed

    void encode(writer& out) const;
};

[[nodiscard]] std::error_code decode(reader& in, stream_overwrite_request& out);

// SX: [handle] [length]; reply empty
struct stream_truncate_request {
    static constexpr function_code code = "SX"_fc;
    stream_handle handle;
    std::int64_t length{0};

    void encode(writer& out) const;
    friend bool operator==(const stream_truncate_request&, const stream_truncate_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, stream_truncate_request& out);

// Reply to SB and SM: [handle], to be sent with the next chunk or as the parameter's value.
struct stream_store_reply {
    stream_handle handle;

    void encode(writer& out) const;
    friend bool operator==(const stream_store_reply&, const stream_store_reply&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, stream_store_reply& out);

// Reply to JS and GB: raw bytes; text in (CESU-)UTF-8.
struct stream_data_reply {
    bytes_view data{}; // borrowed

    void encode(writer& out) const { out.raw(data); }
};

[[nodiscard]] std::error_code decode(reader& in, stream_data_reply& out);

} // namespace irislink::wire
