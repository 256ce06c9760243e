#pragma once
// The building blocks of statement messages (wire-sql 2.7 to 2.9, 3.2 to 3.4).

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "wire/codec/reader.hpp"
#include "wire/codec/writer.hpp"

namespace irislink::wire {

// SQLTEXT = [chunk count] n x [chunk]; an empty text is one NULL or '' item without a count.
struct statement_text {
    std::string text;
    std::size_t chunk_units{31904}; // UTF-16 code units a chunk holds at most, when writing

    friend bool operator==(const statement_text& left, const statement_text& right) { return left.text == right.text; }
};

void encode(writer& out, const statement_text& block);
void decode(reader& in, statement_text& block);

// PARAMINFO = [count] n x ([kind] [format]). The vendor's clients write the kind as an integer or as
// a character; both are kept so that a message re-encodes to the same bytes.
struct parameter_info {
    char kind{'?'}; // '?' user parameter, 'c' replaced literal
    bool kind_as_text{false};
    std::int64_t format{0};
    friend bool operator==(const parameter_info&, const parameter_info&) = default;
};

void encode(writer& out, const std::vector<parameter_info>& block);
void decode(reader& in, std::vector<parameter_info>& block);

// PARAMS = [sets] [parameters] sets x parameters x [value]. The values stay encoded: the sender
// appends items straight to its buffer and the receiver walks a view, so nothing is copied.
// decode() checks that exactly sets x parameters well-formed items are there.
struct parameter_values {
    std::uint32_t sets{1};
    std::uint32_t count{0};
    bytes_view items{}; // borrowed
};

void encode(writer& out, const parameter_values& block);
void decode(reader& in, parameter_values& block);

// One column of COLUMNS.
struct column {
    std::string name;
    std::int32_t type{12}; // client type code, wire-sql 8.1
    std::int64_t precision{0};
    std::int32_t scale{0}; // -1: unspecified (NULL on the wire)
    std::int32_t nullable{2};
    std::string label;
    std::string table;
    std::string schema;
    std::string catalog;

    // `additional` bytes in order.
    enum flag : std::uint16_t {
        auto_increment = 1U << 0U,
        case_sensitive = 1U << 1U,
        currency = 1U << 2U,
        read_only = 1U << 3U,
        row_version = 1U << 4U,
        unique = 1U << 5U,
        aliased = 1U << 6U,
        expression = 1U << 7U,
        hidden = 1U << 8U,
        identity = 1U << 9U,
        key_column = 1U << 10U,
        row_id = 1U << 11U,
    };

    std::uint16_t flags{0};
    std::uint32_t slot{0}; // only with fast select

    friend bool operator==(const column&, const column&) = default;
};

// COLUMNS = [count] n x (...); `slots` when the statement's option has the fast select bit.
void encode(writer& out, const std::vector<column>& block, bool slots = false);
void decode(reader& in, std::vector<column>& block, bool slots = false);

// PARAMDATA = [count] n x ([type] [precision] [scale] [nullable]) [flags]
struct parameter_description {
    std::int32_t type{12};
    std::int64_t precision{50};
    std::int32_t scale{0};
    std::int32_t nullable{1};
    friend bool operator==(const parameter_description&, const parameter_description&) = default;
};

// The same without the flags item, as dialect replies have it.
void encode(writer& out, const std::vector<parameter_description>& block);
void decode(reader& in, std::vector<parameter_description>& block);

struct parameter_data {
    static constexpr std::int64_t statement_kept = 1;
    std::vector<parameter_description> parameters;
    std::int64_t flags{statement_kept};
    friend bool operator==(const parameter_data&, const parameter_data&) = default;
};

void encode(writer& out, const parameter_data& block);
void decode(reader& in, parameter_data& block);

// FEATURES = [option] [key count, with fast insert] [max items per row, with either].
struct statement_features {
    std::uint32_t option{0};
    std::int64_t key_count{0};
    std::int64_t row_items{0};
    friend bool operator==(const statement_features&, const statement_features&) = default;
};

void encode(writer& out, const statement_features& block);
void decode(reader& in, statement_features& block);

} // namespace irislink::wire
