#include "wire/messages/second_factor.hpp"

namespace irislink::wire {

void second_factor_query_reply::encode(writer& out) const {
    out.integer(required ? 1 : 0);
}

std::error_code decode(reader& in, second_factor_query_reply& out) {
    out.required = in.integer() == 1;
    return in.finish();
}

void second_factor_token::encode(writer& out) const {
    out.text(token.reveal());
}

std::error_code decode(reader& in, second_factor_token& out) {
    auto text = in.text();
    out.token = secret(text);
    secure_zero(text.data(), text.size());
    return in.finish();
}

}  // namespace irislink::wire
