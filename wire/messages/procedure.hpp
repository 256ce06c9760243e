#pragma once
// Stored procedures: SP SU SQ DS MS MR (wire-sql 3.8).

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
    std::int32_t mode{1};  // 1 in, 2 in/out, 4 out
    friend bool operator==(const procedure_parameter&, const procedure_parameter&) = default;
};

// The kinds of procedure: `ret` of the SP reply.
struct procedure_shape {
    std::int32_t ret{0};  // 0, 1, 2, 3, -1, -2

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

using next_result_request = integer_request<"MR"_fc>;  // 1 close the current result, 3 close all

}  // namespace irislink::wire
