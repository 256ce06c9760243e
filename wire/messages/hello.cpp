#include "wire/messages/hello.hpp"

namespace irislink::wire {

void hello_request::encode(writer& out) const {
    out.raw_u16(protocol);
}

std::error_code decode(reader& in, hello_request& out) {
    out.protocol = in.raw_u16();
    return in.finish();
}

session_format hello_reply::format() const noexcept {
    session_format out;
    out.protocol = protocol;
    // Before version 65 the whole word is the unicode boolean (wire-session 4.2).
    out.unicode = protocol >= 65 ? (flags & unicode_flag) != 0 : flags != 0;
    out.compact_double = protocol >= 65 && (flags & compact_double_flag) != 0;
    // On a unicode server 8-bit text is Latin-1, whatever its locale is called (wire-sql 1.2, 1.7).
    out.locale = out.unicode ? charset::latin1 : charset_of_locale(locale);
    return out;
}

void hello_reply::encode(writer& out) const {
    out.raw_u16(protocol);
    out.raw_u16(flags);
    out.text(locale);
}

std::error_code decode(reader& in, hello_reply& out) {
    out.protocol = in.raw_u16();
    out.flags = in.raw_u16();
    out.locale = in.text();
    return in.finish();
}

} // namespace irislink::wire
