#pragma once
// 2E / 2F: two-factor login (wire-session 5).

#include "wire/codec/secret.hpp"
#include "wire/messages/message.hpp"

namespace irislink::wire {

using second_factor_query = empty_request<"2E"_fc>;

struct second_factor_query_reply {
    bool required{false};

    void encode(writer& out) const;
    friend bool operator==(const second_factor_query_reply&, const second_factor_query_reply&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, second_factor_query_reply& out);

// 2F: the token, in clear. The reply is a status without payload.
struct second_factor_token {
    static constexpr function_code code = "2F"_fc;
    secret token;

    void encode(writer& out) const;
};

[[nodiscard]] std::error_code decode(reader& in, second_factor_token& out);

} // namespace irislink::wire
