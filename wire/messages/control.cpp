#include "wire/messages/control.hpp"

#include <limits>

namespace irislink::wire {
namespace {

constexpr std::size_t most_entries = 256; // of client information; four kinds are known

} // namespace

std::error_code decode(reader& in, empty_reply&) {
    return in.finish();
}

std::error_code decode(reader& in, integer_reply& out) {
    out.value = in.integer();
    return in.finish();
}

std::error_code decode(reader& in, text_reply& out) {
    out.text = in.text();
    return in.finish();
}

void cancel_request::encode(writer& out) const {
    out.integer(job);
    out.integer(statement);
}

std::error_code decode(reader& in, cancel_request& out) {
    out.job = in.integer();
    out.statement = static_cast<std::uint32_t>(in.integer_in(0, std::numeric_limits<std::int32_t>::max()));
    return in.finish();
}

void client_info_request::encode(writer& out) const {
    out.integer(announced);
    for (const auto& each : entries) {
        out.integer(each.id);
        out.text(each.value);
    }
}

std::error_code decode(reader& in, client_info_request& out) {
    out.announced = in.integer();
    out.entries.clear();
    // The count of the vendor's client may be one too high: the end of the payload decides (6.7).
    while (!in.at_end()) {
        if (out.entries.size() == most_entries) {
            in.fail(wire_errc::limit_exceeded);
            break;
        }
        const auto id = in.integer();
        out.entries.push_back({id, in.text()});
    }
    return in.finish();
}

void benchmark_request::encode(writer& out) const {
    out.integer(flavour);
    out.integer(reserved);
    out.integer(item_type);
    out.raw(filler);
}

std::error_code decode(reader& in, benchmark_request& out) {
    out.flavour = in.integer();
    out.reserved = in.integer();
    out.item_type = in.integer();
    const auto rest = in.rest();
    out.filler.assign(rest.begin(), rest.end());
    return in.finish();
}

void drop_statements_request::encode(writer& out) const {
    out.integer(static_cast<std::int64_t>(statements.size()));
    for (const auto statement : statements) out.integer(statement);
}

std::error_code decode(reader& in, drop_statements_request& out) {
    const auto count = in.count();
    out.statements.clear();
    out.statements.reserve(count);
    for (std::size_t i = 0; i < count && !in.failed(); ++i)
        out.statements.push_back(static_cast<std::uint32_t>(in.integer_in(0, std::numeric_limits<std::int32_t>::max())));
    return in.finish();
}

} // namespace irislink::wire
