#include "wire/messages/execute.hpp"

namespace irislink::wire {
namespace {

constexpr std::uint32_t fast_paths = feature::fast_select | feature::fast_insert;

void write_key(writer& out, const key_request& key) {
    if (key.column) {
        out.text(*key.column);
    } else {
        out.null();
    }
    out.integer(key.reserved);
}

void read_key(reader& in, key_request& key) {
    key.column = in.nullable_text();
    key.reserved = in.integer();
}

void read_counts(reader& in, std::vector<std::int64_t>& counts) {
    counts.clear();
    while (!in.at_end()) counts.push_back(in.integer());
}

void write_counts(writer& out, const std::vector<std::int64_t>& counts) {
    for (const auto count : counts) out.integer(count);
}

// FEATURES in front of PARAMDATA. We never ask for fast insert, whose PARAMDATA has another layout
// (wire-sql 3.9): a server that uses it all the same is refused, not misread.
void read_update_features(reader& in, statement_features& features) {
    decode(in, features);
    if ((features.option & feature::fast_insert) != 0) in.fail(wire_errc::unexpected_message);
}

template <class Query> std::error_code decode_direct(reader& in, Query& out) {
    decode(in, out.sql);
    decode(in, out.parameters);
    decode(in, out.values);
    out.timeout = in.integer();
    out.max_rows = in.integer();
    return in.finish();
}

template <class Query> std::error_code decode_prepared(reader& in, Query& out) {
    decode(in, out.values);
    out.timeout = in.integer();
    out.max_rows = in.integer();
    return in.finish();
}

} // namespace

void prepare_request::encode(writer& out) const {
    wire::encode(out, sql);
    wire::encode(out, parameters);
}

std::error_code decode(reader& in, prepare_request& out) {
    decode(in, out.sql);
    decode(in, out.parameters);
    return in.finish();
}

template <function_code Code> void direct_query<Code>::encode(writer& out) const {
    wire::encode(out, sql);
    wire::encode(out, parameters);
    wire::encode(out, values);
    out.integer(timeout);
    out.integer(max_rows);
}

template struct direct_query<"DQ"_fc>;
template struct direct_query<"DX"_fc>;

std::error_code decode(reader& in, direct_query_request& out) {
    return decode_direct(in, out);
}

std::error_code decode(reader& in, static_direct_query_request& out) {
    return decode_direct(in, out);
}

void direct_update_request::encode(writer& out) const {
    wire::encode(out, sql);
    wire::encode(out, parameters);
    write_key(out, key);
    wire::encode(out, values);
}

std::error_code decode(reader& in, direct_update_request& out) {
    decode(in, out.sql);
    decode(in, out.parameters);
    read_key(in, out.key);
    decode(in, out.values);
    return in.finish();
}

template <function_code Code> void prepared_query<Code>::encode(writer& out) const {
    wire::encode(out, values);
    out.integer(timeout);
    out.integer(max_rows);
}

template struct prepared_query<"PQ"_fc>;
template struct prepared_query<"EX"_fc>;

std::error_code decode(reader& in, prepared_query_request& out) {
    return decode_prepared(in, out);
}

std::error_code decode(reader& in, static_prepared_query_request& out) {
    return decode_prepared(in, out);
}

void prepared_update_request::encode(writer& out) const {
    write_key(out, key);
    wire::encode(out, values);
}

std::error_code decode(reader& in, prepared_update_request& out) {
    read_key(in, out.key);
    decode(in, out.values);
    return in.finish();
}

void static_fetch_request::encode(writer& out) const {
    out.integer(first);
    out.integer(rows);
}

std::error_code decode(reader& in, static_fetch_request& out) {
    out.first = in.integer();
    out.rows = in.integer();
    return in.finish();
}

void static_fetch_reply::encode(writer& out) const {
    out.integer(first);
    out.integer(rows);
    out.raw(row_items);
}

std::error_code decode(reader& in, static_fetch_reply& out) {
    out.first = in.integer();
    out.rows = in.integer();
    out.row_items = in.rest();
    return in.finish();
}

void query_reply::encode(writer& out) const {
    if ((out.format().features & fast_paths) != 0) wire::encode(out, features);
    wire::encode(out, columns, (features.option & feature::fast_select) != 0);
    wire::encode(out, parameters);
}

std::error_code decode(reader& in, query_reply& out) {
    out.features = {};
    if ((in.format().features & fast_paths) != 0) decode(in, out.features);
    decode(in, out.columns, (out.features.option & feature::fast_select) != 0);
    decode(in, out.parameters);
    return in.finish();
}

void prepare_update_reply::encode(writer& out) const {
    if ((out.format().features & fast_paths) != 0) wire::encode(out, features);
    wire::encode(out, parameters);
}

std::error_code decode(reader& in, prepare_update_reply& out) {
    out.features = {};
    if ((in.format().features & fast_paths) != 0) read_update_features(in, out.features);
    decode(in, out.parameters);
    return in.finish();
}

void update_counts_reply::encode(writer& out) const {
    write_counts(out, counts);
}

std::error_code decode(reader& in, update_counts_reply& out) {
    read_counts(in, out.counts);
    return in.finish();
}

void direct_update_reply::encode(writer& out) const {
    if ((out.format().features & feature::fast_insert) != 0) wire::encode(out, features);
    wire::encode(out, parameters);
    write_counts(out, counts);
}

std::error_code decode(reader& in, direct_update_reply& out) {
    out.features = {};
    if ((in.format().features & feature::fast_insert) != 0) read_update_features(in, out.features);
    decode(in, out.parameters);
    read_counts(in, out.counts);
    return in.finish();
}

void generated_keys_reply::encode(writer& out) const {
    if (columns.empty()) return;
    wire::encode(out, columns);
    out.raw(row_items);
}

std::error_code decode(reader& in, generated_keys_reply& out) {
    out.columns.clear();
    out.row_items = {};
    if (in.at_end()) return in.error();
    decode(in, out.columns);
    out.row_items = in.rest();
    return in.finish();
}

} // namespace irislink::wire
