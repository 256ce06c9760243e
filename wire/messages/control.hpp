#pragma once
// Small session messages: disconnect, ping, transactions, isolation, error text, cancel, client
// information, prefetch sizes (wire-session 6, wire-sql 3.12 and 5).

#include <cstdint>
#include <string>
#include <vector>

#include "wire/messages/message.hpp"

namespace irislink::wire {

// One-way (no reply): DC AN AF RU RC CC CU.
using disconnect_request = empty_request<"DC"_fc>;
using autocommit_on_request = empty_request<"AN"_fc>;
using autocommit_off_request = empty_request<"AF"_fc>;
using read_uncommitted_request = empty_request<"RU"_fc>;
using read_committed_request = empty_request<"RC"_fc>;
// With a reply.
using ping_request = empty_request<"PG"_fc>;
using commit_request = empty_request<"TC"_fc>;
using rollback_request = empty_request<"TR"_fc>;
using in_transaction_request = empty_request<"IT"_fc>; // status != 0 means yes
using current_schema_request = empty_request<"GS"_fc>;

// A reply that is a status and nothing else.
struct empty_reply {
    void encode(writer&) const {}

    friend bool operator==(const empty_reply&, const empty_reply&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, empty_reply& out);

// A body of one integer: IL request and reply, OE request, SN, PB.
template <function_code Code> struct integer_request {
    static constexpr function_code code = Code;
    std::int64_t value{0};

    void encode(writer& out) const { out.integer(value); }

    friend bool operator==(const integer_request&, const integer_request&) = default;
};

template <function_code Code> [[nodiscard]] std::error_code decode(reader& in, integer_request<Code>& out) {
    out.value = in.integer();
    return in.finish();
}

using isolation_request = integer_request<"IL"_fc>;       // 0 asks, 1/2/32 sets
using error_text_request = integer_request<"OE"_fc>;      // the status just received
using stream_prefetch_request = integer_request<"SN"_fc>; // characters
using query_prefetch_request = integer_request<"PB"_fc>;  // bytes of a result block

struct integer_reply {
    std::int64_t value{0};

    void encode(writer& out) const { out.integer(value); }

    friend bool operator==(const integer_reply&, const integer_reply&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, integer_reply& out);

// OE and GS replies: one text.
struct text_reply {
    std::string text;

    void encode(writer& out) const { out.text(text); }

    friend bool operator==(const text_reply&, const text_reply&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, text_reply& out);

// EI, on a second connection: job number of the target and the statement id to stop.
struct cancel_request {
    static constexpr function_code code = "EI"_fc;
    std::int64_t job{0};
    std::uint32_t statement{0};

    void encode(writer& out) const;
    friend bool operator==(const cancel_request&, const cancel_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, cancel_request& out);

// CG: count, then pairs; readers stop at the end of the payload, not at the count (6.7).
struct client_info_request {
    static constexpr function_code code = "CG"_fc;

    struct entry {
        std::int64_t id{0}; // 11 user, 12 host, 13 application, 20 user info
        std::string value;
        friend bool operator==(const entry&, const entry&) = default;
    };

    std::int64_t announced{0};
    std::vector<entry> entries;

    void encode(writer& out) const;
    friend bool operator==(const client_info_request&, const client_info_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, client_info_request& out);

// P2: benchmark ping (6.8); the filler is kept as it came.
struct benchmark_request {
    static constexpr function_code code = "P2"_fc;
    std::int64_t flavour{0};
    std::int64_t reserved{0};
    std::int64_t item_type{0};
    byte_buffer filler;

    void encode(writer& out) const;
    friend bool operator==(const benchmark_request&, const benchmark_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, benchmark_request& out);

// UC: statement ids to forget; none means all. One-way.
struct drop_statements_request {
    static constexpr function_code code = "UC"_fc;
    std::vector<std::uint32_t> statements;

    void encode(writer& out) const;
    friend bool operator==(const drop_statements_request&, const drop_statements_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, drop_statements_request& out);

} // namespace irislink::wire
