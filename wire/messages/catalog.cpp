#include "wire/messages/catalog.hpp"

#include "wire/messages/fields.hpp"

namespace irislink::wire {
namespace {

constexpr std::size_t most_arguments = 16; // the longest list of wire-sql 7.2 has four

} // namespace

void catalog_request::encode(writer& out) const {
    out.integer(sets);
    out.integer(static_cast<std::int64_t>(arguments.size()));
    for (const auto& argument : arguments) out.text(argument);
}

std::error_code decode(reader& in, catalog_request& out) {
    out.sets = in.integer();
    const auto count = bounded_count(in, 1, most_arguments);
    out.arguments.clear();
    for (std::size_t i = 0; i < count && !in.failed(); ++i) out.arguments.push_back(in.text());
    return in.finish();
}

void catalog_reply::encode(writer& out) const {
    out.integer(reserved);
    wire::encode(out, columns);
    out.raw(trailing);
}

std::error_code decode(reader& in, catalog_reply& out) {
    out.reserved = in.integer();
    decode(in, out.columns);
    const auto trailing = take_items(in, count_items(in));
    out.trailing.assign(trailing.begin(), trailing.end());
    return in.finish();
}

} // namespace irislink::wire
