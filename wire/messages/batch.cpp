#include "wire/messages/batch.hpp"

#include "wire/messages/fields.hpp"

namespace irislink::wire {

void statement_batch_request::encode(writer& out) const {
    out.raw_u32(static_cast<std::uint32_t>(entries.size()));
    out.integer(reserved);
    for (const auto& each : entries) {
        wire::encode(out, each.sql);
        wire::encode(out, each.values);
    }
}

std::error_code decode(reader& in, statement_batch_request& out) {
    const auto count = in.raw_u32();
    out.reserved = in.integer();
    if (!in.failed() && count > in.remaining() / 3) { // a text and two counts
        in.fail(wire_errc::truncated);
    } else if (count > most_statements) {
        in.fail(wire_errc::limit_exceeded);
    }
    out.entries.clear();
    for (std::uint32_t i = 0; i < count && !in.failed(); ++i) {
        auto& added = out.entries.emplace_back();
        decode(in, added.sql);
        decode(in, added.values);
    }
    return in.finish();
}

} // namespace irislink::wire
