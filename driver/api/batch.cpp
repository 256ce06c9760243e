// Batches: sets of values, encoded one after the other and sent in messages of bounded size.

#include "driver/api/encode.hpp"
#include "driver/value/convert.hpp"

namespace irislink {

using driver::encoded_parameters;
using driver::execution;

std::int64_t batch_result::total() const noexcept {
    std::int64_t out = 0;
    for (const auto count : counts) out += count > 0 ? count : 0;
    return out;
}

bool driver::add_outcome(batch_result& into, execution done, std::size_t sets) {
    into.counts.insert(into.counts.end(), done.counts.begin(), done.counts.end());
    if (!done.failure) return true;
    into.failure = std::move(done.failure);
    // A server may leave out the count of the set that failed.
    if (done.counts.size() < sets && (done.counts.empty() || done.counts.back() != -3)) into.counts.push_back(-3);
    into.failure->row = into.counts.size();
    return false;
}

void driver::add_failure(batch_result& into, const error& failed, std::size_t sent, std::size_t sets) {
    if (failed.is_fatal() || failed.native_code() == 0) throw failed;
    into.failure = failed.record();
    if (sets == 1) {
        into.counts.push_back(-3);
        into.failure->row = into.counts.size();
    } else {
        // No counts: the server did not say which set it was, and we do not guess.
        into.failure->text += " (in one of the sets " + std::to_string(sent + 1) + " to " + std::to_string(sent + sets) + ")";
    }
}

struct detail::batch_encoder::impl {
    const wire::session_format* format;
    encoded_parameters pending;
    std::size_t sent{0};
};

detail::batch_encoder::batch_encoder(const connection& target) : state(std::make_unique<impl>()) {
    state->format = &target.require().format();
    state->pending.sets = 0;
}

detail::batch_encoder::~batch_encoder() = default;

void detail::batch_encoder::add(std::span<const value> set) {
    auto& pending = state->pending;
    if (pending.sets > 0 && pending.count != set.size())
        throw error(diagnostic{
            errc::bad_argument, "07002", 0, step::statement, "The sets of a batch have different numbers of values", "", false, state->sent + pending.sets + 1}
        );
    const auto before = pending.items.size();
    wire::writer items(pending.items, *state->format);
    for (const auto& each : set) driver::write_value(items, each);
    if (items.failed()) {
        pending.items.resize(before);
        throw error(diagnostic{
            errc::bad_argument, "22021", 0, step::statement, "A parameter cannot be sent: " + items.error().message(), "Text must be valid UTF-8.", false,
            state->sent + pending.sets + 1});
    }
    pending.count = static_cast<std::uint32_t>(set.size());
    ++pending.sets;
}

std::size_t detail::batch_encoder::bytes() const noexcept {
    return state->pending.items.size();
}

bool connection::send_batch(std::string_view sql, detail::batch_encoder& encoder, batch_result& into) {
    auto& state = *encoder.state;
    if (state.pending.sets == 0) return true;
    auto& session = require();
    const auto sets = state.pending.sets;
    auto parameters = std::exchange(state.pending, {});
    state.pending.sets = 0;
    try {
        (void
        )driver::add_outcome(into, session.run<execution>(session.execute(driver::scan_statement(sql), std::move(parameters), true, 0), step::statement), sets);
    } catch (const error& failed) {
        driver::add_failure(into, failed, state.sent, sets);
    }
    if (into.failure) return false;
    state.sent += sets;
    return true;
}

} // namespace irislink
