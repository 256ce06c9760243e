#pragma once
// Prepare and execute: PP DQ DU PQ PU, DX EX FX, GG (wire-sql 3.5, 3.7, 3.11) and their replies.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wire/messages/blocks.hpp"
#include "wire/messages/message.hpp"

namespace irislink::wire {

// PP: SQLTEXT PARAMINFO
struct prepare_request {
    static constexpr function_code code = "PP"_fc;
    statement_text sql;
    std::vector<parameter_info> parameters;

    void encode(writer& out) const;
    friend bool operator==(const prepare_request&, const prepare_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, prepare_request& out);

// DQ and DX: SQLTEXT PARAMINFO PARAMS [timeout s] [max rows]
template <function_code Code> struct direct_query {
    static constexpr function_code code = Code;
    statement_text sql;
    std::vector<parameter_info> parameters;
    parameter_values values;
    std::int64_t timeout{0};
    std::int64_t max_rows{0};

    void encode(writer& out) const;
};

using direct_query_request = direct_query<"DQ"_fc>;
using static_direct_query_request = direct_query<"DX"_fc>;
[[nodiscard]] std::error_code decode(reader& in, direct_query_request& out);
[[nodiscard]] std::error_code decode(reader& in, static_direct_query_request& out);

// The [key column] [0] pair of updates. NULL: no generated key wanted; "-1": the row id.
struct key_request {
    std::optional<std::string> column;
    std::int64_t reserved{0};
    friend bool operator==(const key_request&, const key_request&) = default;
};

// DU: SQLTEXT PARAMINFO [key column] [0] PARAMS
struct direct_update_request {
    static constexpr function_code code = "DU"_fc;
    statement_text sql;
    std::vector<parameter_info> parameters;
    key_request key;
    parameter_values values;

    void encode(writer& out) const;
};

[[nodiscard]] std::error_code decode(reader& in, direct_update_request& out);

// PQ and EX: PARAMS [timeout] [max rows]
template <function_code Code> struct prepared_query {
    static constexpr function_code code = Code;
    parameter_values values;
    std::int64_t timeout{0};
    std::int64_t max_rows{0};

    void encode(writer& out) const;
};

using prepared_query_request = prepared_query<"PQ"_fc>;
using static_prepared_query_request = prepared_query<"EX"_fc>;
[[nodiscard]] std::error_code decode(reader& in, prepared_query_request& out);
[[nodiscard]] std::error_code decode(reader& in, static_prepared_query_request& out);

// PU: [key column] [0] PARAMS
struct prepared_update_request {
    static constexpr function_code code = "PU"_fc;
    key_request key;
    parameter_values values;

    void encode(writer& out) const;
};

[[nodiscard]] std::error_code decode(reader& in, prepared_update_request& out);

// FX: [first row, 1-based; 0 = the last rows] [rows]; reply: [first] [count] then ROWS
struct static_fetch_request {
    static constexpr function_code code = "FX"_fc;
    std::int64_t first{1};
    std::int64_t rows{10};

    void encode(writer& out) const;
    friend bool operator==(const static_fetch_request&, const static_fetch_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, static_fetch_request& out);

struct static_fetch_reply {
    std::int64_t first{0};
    std::int64_t rows{0};
    bytes_view row_items{}; // borrowed

    void encode(writer& out) const;
};

[[nodiscard]] std::error_code decode(reader& in, static_fetch_reply& out);

// Reply to PP of a query, message 1 of DQ and DX: [FEATURES] COLUMNS PARAMDATA. FEATURES is there
// when the connection granted fast select (PP: or fast insert); the reader's format says so.
struct query_reply {
    statement_features features;
    std::vector<column> columns;
    parameter_data parameters;

    void encode(writer& out) const;
    friend bool operator==(const query_reply&, const query_reply&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, query_reply& out);

// Reply to PP of an update: [FEATURES] PARAMDATA (FEATURES with fast select or fast insert).
struct prepare_update_reply {
    statement_features features;
    parameter_data parameters;

    void encode(writer& out) const;
    friend bool operator==(const prepare_update_reply&, const prepare_update_reply&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, prepare_update_reply& out);

// Update counts, one per parameter set; -3 marks a failed set. Replies to PU and EB.
struct update_counts_reply {
    static constexpr std::int64_t failed_set = -3;
    std::vector<std::int64_t> counts;

    void encode(writer& out) const;
    friend bool operator==(const update_counts_reply&, const update_counts_reply&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, update_counts_reply& out);

// Reply to DU: [FEATURES, with fast insert] PARAMDATA counts.
struct direct_update_reply {
    statement_features features;
    parameter_data parameters;
    std::vector<std::int64_t> counts;

    void encode(writer& out) const;
    friend bool operator==(const direct_update_reply&, const direct_update_reply&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, direct_update_reply& out);

// GG: the key of the DU/PU with the same statement id. Reply, status 100: COLUMNS and one plain row,
// or nothing at all.
using generated_keys_request = empty_request<"GG"_fc>;

struct generated_keys_reply {
    std::vector<column> columns;
    bytes_view row_items{}; // borrowed

    void encode(writer& out) const;
};

[[nodiscard]] std::error_code decode(reader& in, generated_keys_reply& out);

} // namespace irislink::wire
