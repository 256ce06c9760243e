#pragma once
// Catalog requests: one layout for all codes of wire-sql 7, upper and lower case.

#include <cstdint>
#include <string>
#include <vector>

#include "wire/messages/blocks.hpp"
#include "wire/messages/message.hpp"

namespace irislink::wire {

// [1] [n parameters] n x [value]. The code is the caller's: it is one of the registry's catalog codes.
struct catalog_request {
    std::int64_t sets{1};
    std::vector<std::string> arguments;

    void encode(writer& out) const;
    friend bool operator==(const catalog_request&, const catalog_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, catalog_request& out);

// Message 1 of the reply: [integer, ignored] COLUMNS; message 2 is ROWS.
struct catalog_reply {
    std::int64_t reserved{0};
    std::vector<column> columns;
    byte_buffer trailing; // items behind COLUMNS that some servers send and every client steps over

    void encode(writer& out) const;
    friend bool operator==(const catalog_reply&, const catalog_reply&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, catalog_reply& out);

} // namespace irislink::wire
