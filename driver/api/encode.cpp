#include "driver/api/encode.hpp"

#include "driver/value/convert.hpp"

namespace irislink::driver {

encoded_parameters encode(std::span<const value> values, const wire::session_format& format) {
    encoded_parameters out;
    out.count = static_cast<std::uint32_t>(values.size());
    wire::writer items(out.items, format);
    for (const auto& each : values) write_value(items, each);
    if (items.failed())
        throw error(diagnostic{
            errc::bad_argument, "22021", 0, step::statement, "A parameter cannot be sent: " + items.error().message(), "Text must be valid UTF-8.", false, 0});
    return out;
}

execute_result single_outcome(const execution& done) {
    if (done.failure) throw error(*done.failure);
    return {done.counts.empty() ? 0 : done.counts.front()};
}

} // namespace irislink::driver
