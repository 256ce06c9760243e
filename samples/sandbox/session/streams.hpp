#pragma once
// Long values of one connection, by handle (wire-sql 4). A handle is text that no application value
// is likely to be; it is unique per connection, so that any statement id can read it.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "wire/codec/text_pieces.hpp"

namespace irislink::sandbox {

struct stream {
    std::string data; // text in UTF-8, or bytes
    bool binary{false};
    wire::text_pieces text{}; // what a chunk of stored text left unfinished
    std::size_t position{0};  // bytes already read
    std::uint32_t statement{0};
    bool uploaded{false}; // by the client, to be a value; others belong to rows
    bool used{false};     // as a value
};

class stream_table {
public:
    // The new stream's handle.
    std::string add(stream value);
    [[nodiscard]] stream* find(std::string_view handle);
    [[nodiscard]] const stream* find(std::string_view handle) const;
    void close(std::string_view handle);
    void close_statement(std::uint32_t statement);
    // Those of its rows, not what the client has uploaded under it.
    void close_rows(std::uint32_t statement);
    // It was executed: what it had before is closed, and uploads that were values are, whatever their statement: a client
    // that was told to start over sends those of the old one.
    void close_executed(std::uint32_t statement);

    void clear() { streams_.clear(); }

private:
    std::map<std::string, stream, std::less<>> streams_;
    std::uint64_t next_{1};
};

// Characters of UTF-8 text: the units of wire-sql 4 for character streams are UTF-16 code units.
[[nodiscard]] std::size_t text_units(std::string_view utf8);
// The byte length of at most `units` units from `from` on, never splitting a character.
[[nodiscard]] std::size_t bytes_of_units(std::string_view utf8, std::size_t from, std::size_t units);

} // namespace irislink::sandbox
