#include "driver/api/encode.hpp"

#include "driver/value/convert.hpp"

namespace irislink::driver {

namespace {

void require_encoded(const wire::writer& items) {
    if (items.failed())
        throw error(diagnostic{
            errc::bad_argument, "22021", 0, step::statement, "A parameter cannot be sent: " + items.error().message(), "Text must be valid UTF-8.", false, 0});
}

} // namespace

encoded_parameters encode(std::span<const value> values, const wire::session_format& format) {
    encoded_parameters out;
    out.count = static_cast<std::uint32_t>(values.size());
    wire::writer items(out.items, format);
    for (const auto& each : values) write_value(items, each);
    require_encoded(items);
    return out;
}

encoded_parameters encode(std::span<const argument> arguments, const wire::session_format& format) {
    encoded_parameters out;
    out.count = static_cast<std::uint32_t>(arguments.size());
    wire::writer items(out.items, format);
    for (const auto& each : arguments) {
        if (each) {
            write_value(items, *each);
        } else {
            items.omitted();
        }
    }
    require_encoded(items);
    return out;
}

execute_result single_outcome(execution done) {
    if (done.failure) throw error(*std::move(done.failure));
    return {done.counts.empty() ? 0 : done.counts.front(), std::move(done.keys)};
}

void require_kind(const scanned_statement& sql, bool rows_wanted) {
    if ((sql.kind == statement_kind::query) == rows_wanted) return;
    throw error(diagnostic{
        errc::bad_argument, rows_wanted ? "24000" : "HY000", 0, step::statement, rows_wanted ? "The statement returns no rows" : "The statement returns rows",
        rows_wanted ? "Use execute()." : "Use query().", false, 0});
}

} // namespace irislink::driver
