#include "wire/messages/second_factor.hpp"

#include "wire/messages/obfuscation.hpp"

namespace irislink::wire {

void second_factor_query_reply::encode(writer& out) const {
    out.integer(required ? 1 : 0);
}

std::error_code decode(reader& in, second_factor_query_reply& out) {
    out.required = in.integer() == 1;
    return in.finish();
}

void second_factor_token::encode(writer& out) const {
    write_secret_text(out, token.reveal());
}

std::error_code decode(reader& in, second_factor_token& out) {
    out.token = read_secret_text(in);
    return in.finish();
}

} // namespace irislink::wire
