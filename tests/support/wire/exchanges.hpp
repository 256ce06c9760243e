#pragma once
// The exchanges of exchanges.def as types, and what every decoder has to keep: what it accepts can be
// written again, and reads back as the same message.

#include <concepts>
#include <string>
#include <string_view>
#include <tuple>

#include "wire/messages/batch.hpp"
#include "wire/messages/catalog.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/fetch.hpp"
#include "wire/messages/hello.hpp"
#include "wire/messages/login.hpp"
#include "wire/messages/procedure.hpp"
#include "wire/messages/second_factor.hpp"
#include "wire/messages/stream.hpp"

namespace irislink::test {

namespace exchanges {
using namespace irislink::wire;
#define EXCHANGE(name, ...) using name = std::tuple<__VA_ARGS__>;
#include "tests/support/wire/exchanges.def"
#undef EXCHANGE
} // namespace exchanges

// Calls visit.template operator()<M>(name of the struct) for every message of an exchange / of all.
template <class Exchange, class Visitor> void for_each_message(Visitor&& visit) {
    [&]<class... M>(std::tuple<M...>*) { (visit.template operator()<M>(), ...); }(static_cast<Exchange*>(nullptr));
}

template <class Visitor> void for_every_message(Visitor&& visit) {
#define EXCHANGE(name, ...) for_each_message<exchanges::name>(visit);
#include "tests/support/wire/exchanges.def"
#undef EXCHANGE
}

template <class M> std::string_view message_name() {
    // "... [with M = irislink::wire::hello_request; ...]" of g++, "[M = ...]" of clang.
    constexpr std::string_view text = __PRETTY_FUNCTION__;
    constexpr auto from = text.find("M = ") + 4;
    constexpr auto to = text.find_first_of(";]", from);
    constexpr auto whole = text.substr(from, to - from);
    constexpr std::string_view space = "irislink::wire::";
    return whole.starts_with(space) ? whole.substr(space.size()) : whole;
}

// How many items of OUTPUT an MS reply starts with is not in the message.
template <class M> void set_context(M& out, std::uint64_t outputs) {
    if constexpr (std::same_as<M, wire::multi_result_reply>) out.outputs = outputs;
}

template <class M> std::error_code decode_as(M& out, wire::bytes_view body, const wire::session_format& format, std::uint64_t outputs = 0) {
    set_context(out, outputs);
    return wire::decode_body(body, format, out);
}

template <class M> std::error_code encode_as(const M& in, const wire::session_format& format, wire::byte_buffer& out) {
    wire::writer to(out, format);
    in.encode(to);
    return to.error();
}

// What is wrong with decode -> encode -> decode, or "" when all is well. `accepted` tells whether the
// body was one at all.
template <class M> std::string round_trip_problem(wire::bytes_view body, const wire::session_format& format, bool& accepted, std::uint64_t outputs = 0) {
    M first;
    accepted = !decode_as(first, body, format, outputs);
    if (!accepted) return {};
    wire::byte_buffer again;
    if (const auto error = encode_as(first, format, again)) return "what was decoded cannot be encoded: " + error.message();
    M second;
    if (const auto error = decode_as(second, again, format, outputs)) return "what was encoded cannot be decoded: " + error.message();
    // Eight-bit sessions lose characters their locale does not have; everything else is kept.
    if (!format.unicode) return {};
    if constexpr (std::same_as<M, wire::refusal_reply>) {
        if (first.text.empty()) return {}; // never written without a text
    }
    if constexpr (std::equality_comparable<M>) {
        if (!(first == second)) return "the second decoding differs from the first";
    }
    wire::byte_buffer third;
    if (encode_as(second, format, third) || third != again) return "the second encoding differs from the first";
    return {};
}

} // namespace irislink::test
