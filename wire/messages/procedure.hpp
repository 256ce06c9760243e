#pragma once
// Stored procedures: SP SU SQ DS MS MR FR, and the dialect pair PD DD (wire-sql 3.8).

#include <optional>
#include <string>
#include <vector>

#include "wire/messages/control.hpp"
#include "wire/messages/execute.hpp"

namespace irislink::wire {

// SP: [procedure name]
struct describe_procedure_request {
    static constexpr function_code code = "SP"_fc;
    std::string name;

    void encode(writer& out) const;
    friend bool operator==(const describe_procedure_request&, const describe_procedure_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, describe_procedure_request& out);

struct procedure_parameter {
    std::int32_t type{12};
    std::int64_t precision{50};
    std::int32_t scale{0};
    std::int32_t nullable{1};
    std::string name;
    std::int32_t mode{1}; // 1 in, 2 in/out, 4 out
    friend bool operator==(const procedure_parameter&, const procedure_parameter&) = default;
};

// The kinds of procedure: `ret` of the SP reply.
struct procedure_shape {
    std::int32_t ret{0}; // 0, 1, 2, 3, -1, -2

    [[nodiscard]] bool multiple_results() const noexcept { return ret < 0; }

    [[nodiscard]] bool has_columns() const noexcept { return ret > 0 && ret % 2 == 1; }

    [[nodiscard]] bool has_return_value() const noexcept { return ret > 1 || ret == -2; }

    friend bool operator==(procedure_shape, procedure_shape) = default;
};

// SP reply: [ret] [COLUMNS when ret is odd and positive] SPPARAMDATA
struct describe_procedure_reply {
    procedure_shape shape;
    std::vector<column> columns;
    std::vector<procedure_parameter> parameters;

    void encode(writer& out) const;
    friend bool operator==(const describe_procedure_reply&, const describe_procedure_reply&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, describe_procedure_reply& out);

// SU: [0] [0] [max rows] SPPARAMS
struct procedure_update_request {
    static constexpr function_code code = "SU"_fc;
    std::int64_t reserved1{0};
    std::int64_t reserved2{0};
    std::int64_t max_rows{0};
    parameter_values values;

    void encode(writer& out) const;
};

[[nodiscard]] std::error_code decode(reader& in, procedure_update_request& out);

// SQ: [static] [timeout] [max rows] SPPARAMS
struct procedure_query_request {
    static constexpr function_code code = "SQ"_fc;
    std::int64_t static_cursor{0};
    std::int64_t timeout{0};
    std::int64_t max_rows{0};
    parameter_values values;

    void encode(writer& out) const;
};

[[nodiscard]] std::error_code decode(reader& in, procedure_query_request& out);

// DS: [name] [static] [timeout] [max rows] SPPARAMS
struct direct_procedure_request {
    static constexpr function_code code = "DS"_fc;
    std::string name;
    std::int64_t static_cursor{0};
    std::int64_t timeout{0};
    std::int64_t max_rows{0};
    parameter_values values;

    void encode(writer& out) const;
};

[[nodiscard]] std::error_code decode(reader& in, direct_procedure_request& out);

// MS: [static] [timeout] SPPARAMS
struct multi_result_request {
    static constexpr function_code code = "MS"_fc;
    std::int64_t static_cursor{0};
    std::int64_t timeout{0};
    parameter_values values;

    void encode(writer& out) const;
};

[[nodiscard]] std::error_code decode(reader& in, multi_result_request& out);

using next_result_request = integer_request<"MR"_fc>; // 1 close the current result, 3 close all

// SU reply: OUTPUT [update count]. OUTPUT is [return value, if any] and one item per parameter sent.
struct procedure_update_reply {
    bytes_view output{}; // borrowed; well-formed items
    std::int64_t update_count{0};

    void encode(writer& out) const;
};

[[nodiscard]] std::error_code decode(reader& in, procedure_update_reply& out);

// SQ reply, message 1: OUTPUT. Message 2 is ROWS unless the status is 100.
struct procedure_query_reply {
    bytes_view output{}; // borrowed; well-formed items

    void encode(writer& out) const { out.raw(output); }
};

[[nodiscard]] std::error_code decode(reader& in, procedure_query_reply& out);

// DS reply, message 1: the SP reply, OUTPUT and, when ret is even, [update count]. For several result
// sets (negative ret) the description alone; the client goes on with MS.
struct direct_procedure_reply {
    describe_procedure_reply description;
    bytes_view output{};          // borrowed; well-formed items
    std::int64_t update_count{0}; // only without a result set

    void encode(writer& out) const;
};

[[nodiscard]] std::error_code decode(reader& in, direct_procedure_reply& out);

// MR reply: [result], and for a result set COLUMNS and the first ROWS (status 0: more by MD).
struct next_result_reply {
    static constexpr std::int64_t result_set = -1;
    static constexpr std::int64_t no_more_results = -2;

    std::int64_t result{no_more_results}; // otherwise an update count
    std::vector<column> columns;
    bytes_view row_items{}; // borrowed

    void encode(writer& out) const;
};

[[nodiscard]] std::error_code decode(reader& in, next_result_reply& out);

// MS reply: OUTPUT, then as for MR. Nothing in the message tells where OUTPUT ends: the reader sets
// `outputs` (parameters sent, and one for a return value) before decoding.
struct multi_result_reply {
    std::uint64_t outputs{0};
    bytes_view output{}; // borrowed; well-formed items
    next_result_reply first;

    void encode(writer& out) const;
};

[[nodiscard]] std::error_code decode(reader& in, multi_result_reply& out);

// FR: a result set object handed out as a value of type -51. Replies: COLUMNS, ROWS, none at all.
struct result_object_request {
    static constexpr function_code code = "FR"_fc;
    static constexpr std::int64_t describe = 0;
    static constexpr std::int64_t fetch = 1;
    static constexpr std::int64_t close = 2; // one-way

    std::string reference;
    std::int64_t mode{describe};

    void encode(writer& out) const;
    friend bool operator==(const result_object_request&, const result_object_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, result_object_request& out);

// Reply to FR in mode `describe`: COLUMNS, nothing else.
struct columns_reply {
    std::vector<column> columns;

    void encode(writer& out) const { wire::encode(out, columns); }

    friend bool operator==(const columns_reply&, const columns_reply&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, columns_reply& out);

// PD: [dialect] [text]; 1 MSSQL, 2 Sybase. Reply: PARAMDATA without flags.
struct dialect_prepare_request {
    static constexpr function_code code = "PD"_fc;
    std::int64_t dialect{1};
    std::string sql;

    void encode(writer& out) const;
    friend bool operator==(const dialect_prepare_request&, const dialect_prepare_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, dialect_prepare_request& out);

struct dialect_prepare_reply {
    std::vector<parameter_description> parameters;

    void encode(writer& out) const;
    friend bool operator==(const dialect_prepare_reply&, const dialect_prepare_reply&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, dialect_prepare_reply& out);

// DD: [dialect] [text] [static] [timeout] [max rows]. Reply: PARAMDATA without flags, then as for MR.
struct dialect_execute_request {
    static constexpr function_code code = "DD"_fc;
    std::int64_t dialect{1};
    std::string sql;
    std::int64_t static_cursor{0};
    std::int64_t timeout{0};
    std::int64_t max_rows{0};

    void encode(writer& out) const;
    friend bool operator==(const dialect_execute_request&, const dialect_execute_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, dialect_execute_request& out);

struct dialect_execute_reply {
    std::vector<parameter_description> parameters;
    next_result_reply first;

    void encode(writer& out) const;
};

[[nodiscard]] std::error_code decode(reader& in, dialect_execute_reply& out);

} // namespace irislink::wire
