#pragma once
// One open result: its columns, and the block of rows that is being read.

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "irislink/error.hpp"
#include "irislink/value.hpp"
#include "wire/frame/frame_assembler.hpp"
#include "wire/messages/fetch.hpp"
#include "wire/messages/stream.hpp"

namespace irislink::driver {

struct result_state {
    explicit result_state(wire::row_layout layout) : rows(std::move(layout)) {}

    std::uint32_t statement{0};
    std::uint32_t epoch{0};
    bool recycle{false};       // the statement id is free again when the result is closed
    bool keeps_streams{false}; // its long values are wanted until it is closed, though all rows were read
    // Asks for further rows: FD, of catalog functions and procedures SF (wire-sql 7.1), of several result sets MD.
    wire::function_code more{wire::fetch_request::code};
    bool of_several{false}; // the results of one call: they are closed together, by MR
    std::vector<column> columns;
    wire::row_cursor rows;
    bool last_block{false};        // status 100 has arrived
    bool asked{false};             // a FD is under way for this result
    bool in_receive_buffer{false}; // `rows` views memory of the session's receive buffer
    // The receive buffer itself, when the session had to go on with another one: rows that were handed
    // out stay valid until the next block is asked for.
    std::unique_ptr<wire::frame_assembler> holder;
    wire::byte_buffer kept; // a block that was waiting

    // Blocks that arrived while another statement needed the line, in order.
    struct block {
        wire::byte_buffer items;
        bool last{false};
    };

    std::deque<block> waiting;
    std::optional<diagnostic> failure; // why no further block will come
    bool closed{false};
    std::uint64_t row{0};                          // counts the rows stepped to
    std::vector<wire::stream_handle> read_streams; // of the current row
};

} // namespace irislink::driver
