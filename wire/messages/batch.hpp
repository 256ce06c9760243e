#pragma once
// EB: several update statements in one message (wire-sql 3.10). Reply: update_counts_reply.

#include <vector>

#include "wire/messages/execute.hpp"

namespace irislink::wire {

// raw u32 count, [0], count x ( SQLTEXT PARAMS )
struct statement_batch_request {
    static constexpr function_code code = "EB"_fc;

    struct entry {
        statement_text sql;
        parameter_values values;
    };

    std::int64_t reserved{0};
    std::vector<entry> entries;

    void encode(writer& out) const;
};

[[nodiscard]] std::error_code decode(reader& in, statement_batch_request& out);

} // namespace irislink::wire
