#include "wire/messages/login.hpp"

#include <limits>

#include "wire/messages/fields.hpp"
#include "wire/messages/obfuscation.hpp"

namespace irislink::wire {

void login_request::encode(writer& out) const {
    out.text(name_space);
    write_obfuscated(out, user.reveal());
    write_obfuscated(out, password.reveal());
    out.text(os_user);
    out.text(machine);
    out.text(application);
    if (client_info.empty()) {
        out.text({});
    } else {
        out.raw(client_info);
    }
    out.text(address);
    // Fields from here on may be missing in what was received; they are written as often as read.
    if (field_count > 8) out.text(event_class);
    if (field_count > 9) out.integer(autocommit ? 1 : 2);
    if (field_count > 10) out.integer(isolation);
    if (field_count > 11) out.integer(features);
}

std::error_code decode(reader& in, login_request& out) {
    out.name_space = in.text();
    out.user = read_obfuscated(in);
    out.password = read_obfuscated(in);
    out.os_user = in.text();
    out.machine = in.text();
    out.application = in.text();
    const auto info = in.next_raw();
    out.client_info.assign(info.begin(), info.end());
    out.address = in.text();
    out.field_count = 8;
    if (!in.at_end()) {
        out.event_class = in.text();
        ++out.field_count;
    }
    if (!in.at_end()) {
        out.autocommit = in.integer() != 2;
        ++out.field_count;
    }
    if (!in.at_end()) {
        out.isolation = in.integer();
        ++out.field_count;
    }
    if (!in.at_end()) {
        out.features = static_cast<std::uint32_t>(in.integer_in(0, std::numeric_limits<std::uint32_t>::max()));
        ++out.field_count;
    }
    return in.finish();
}

void login_reply::encode(writer& out) const {
    out.text(server_version);
    out.integer(delimited_identifiers ? 1 : 0);
    out.integer(reserved);
    out.integer(isolation_levels);
    out.integer(job);
    out.integer(empty_text_code);
    out.integer(features);
}

std::error_code decode(reader& in, login_reply& out) {
    out.server_version = in.text();
    out.delimited_identifiers = in.integer() != 0;
    out.reserved = in.integer();
    out.isolation_levels = in.integer();
    out.job = in.integer();
    out.empty_text_code = in.integer();
    if (!in.at_end()) out.features = static_cast<std::uint32_t>(in.integer_in(0, std::numeric_limits<std::uint32_t>::max()));
    return in.finish();
}

void refusal_reply::encode(writer& out) const {
    out.text(text.empty() ? std::string_view("Access Denied") : std::string_view(text));
}

std::error_code decode(reader& in, refusal_reply& out) {
    out.text.clear();
    if (in.at_end()) return in.error();
    out.text = in.text();
    return in.finish();
}

void reset_request::encode(writer& out) const {
    out.integer(autocommit);
    out.integer(isolation);
}

std::error_code decode(reader& in, reset_request& out) {
    out.autocommit = in.integer();
    out.isolation = in.integer();
    return in.finish();
}

void namespace_list_request::encode(writer& out) const {
    out.text(user);
    write_secret_text(out, password.reveal());
}

std::error_code decode(reader& in, namespace_list_request& out) {
    out.user = in.text();
    out.password = read_secret_text(in);
    return in.finish();
}

void namespace_list_reply::encode(writer& out) const {
    out.integer(static_cast<std::int64_t>(names.size()));
    for (const auto& name : names) out.text(name);
}

std::error_code decode(reader& in, namespace_list_reply& out) {
    const auto count = bounded_count(in, 1, most_parameters);
    out.names.clear();
    for (std::size_t i = 0; i < count && !in.failed(); ++i) out.names.push_back(in.text());
    return in.finish();
}

} // namespace irislink::wire
