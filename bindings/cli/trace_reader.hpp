#pragma once
// Turns the messages of a wire trace into lines for people. Knows what an answer means from what was
// asked, as a client does. Bodies of messages that carry secrets are never shown, whatever the file
// holds.

#include <cstdint>
#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "wire/frame/frame_assembler.hpp"
#include "wire/messages/execute.hpp"
#include "wire/messages/fetch.hpp"

namespace irislink::cli {

class trace_reader {
public:
    explicit trace_reader(std::ostream& out) : out_(&out) {}

    // Bytes of one direction as they crossed the line: a message, part of one, or several.
    // False when they cannot be frames.
    [[nodiscard]] bool feed(double time, bool from_client, wire::bytes_view bytes);
    // A message whose body was left out when the trace was written.
    void withheld(double time, bool from_client, const wire::frame_header& header, std::size_t size);

private:
    // What is known of a statement id.
    struct known_statement {
        std::vector<wire::column> columns;
        std::unique_ptr<wire::row_cursor> rows;
        wire::byte_buffer block; // the cursor's: lives until the next one is fed
        std::uint64_t count{0};
    };

    struct question {
        wire::function_code code;
        int answers{0}; // so far
    };

    using key = std::pair<std::uint32_t, std::uint32_t>;

    void request(const wire::message& in);
    void answer(const wire::message& in, question& asked);
    void session_answer(const wire::message& in, const question& asked);
    void headline(double time, bool from_client, const std::string& what, std::uint32_t id, std::uint32_t statement);
    void field(std::string_view name, const std::string& text);
    void columns(std::uint32_t id, const std::vector<wire::column>& in, const wire::statement_features& features);
    void rows(std::uint32_t id, wire::bytes_view items, bool last);
    void counts(const std::vector<std::int64_t>& in);
    void values(const wire::parameter_values& in);
    void items(wire::bytes_view body);
    [[nodiscard]] std::string show(const wire::item& in) const;
    template <class M> [[nodiscard]] bool read(wire::bytes_view body, M& out) const;

    std::ostream* out_;
    wire::session_format format_;
    wire::frame_assembler client_;
    wire::frame_assembler server_;
    std::map<key, question> asked_;
    std::map<std::uint32_t, known_statement> statements_;
};

} // namespace irislink::cli
