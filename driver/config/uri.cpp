// iris:// URIs, and the URLs of the vendor's JDBC driver.

#include <algorithm>
#include <array>

#include "driver/config/sources.hpp"
#include "driver/config/value_builder.hpp"
#include "driver/config/values.hpp"

namespace irislink::driver {
namespace {

constexpr std::string_view iris_scheme = "iris://";
constexpr std::string_view jdbc_scheme = "jdbc:IRIS://";

constexpr const char* late_login = "an '@' after the host; in a URI '/' is written %2F, '?' %3F and '@' %40, in user name and password too";

bool begins_with(std::string_view text, std::string_view scheme) {
    return same_text(text.substr(0, scheme.size()), scheme);
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<wire::secret> percent_decoded(std::string_view text) {
    value_builder out(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out.push_back(text[i]);
            continue;
        }
        if (text.size() - i < 3) return std::nullopt;
        const int high = hex_digit(text[i + 1]);
        const int low = hex_digit(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        out.push_back(static_cast<char>(high * 16 + low));
        i += 2;
    }
    return out.take();
}

// Calls `visit(key, value)` for each pair of a query; false, with the reason in `failure`, when it or a
// pair is no good.
template <class Visit> bool each_pair(std::string_view query, parse_failure& failure, Visit visit) {
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const auto pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos) {
            failure.text = "a keyword without '=' in the query of the URI";
            return false;
        }
        if (!visit(pair.substr(0, equals), pair.substr(equals + 1))) {
            failure.text = "a wrong %-sequence in the query of the URI";
            return false;
        }
    }
    return true;
}

// With a '/' or '?' as it stands in the password, host and namespace would be made of its pieces, and named in
// errors; nothing of such a text is repeated. An '@' in the query is a value's own (RFC 3986) where what stands
// before it is a host.
bool is_cut_login(std::string_view text) {
    const auto authority = text.substr(0, text.find_first_of("/?"));
    const auto query_at = std::min(text.find('?'), text.size());
    if (text.substr(authority.size(), query_at - authority.size()).find('@') != std::string_view::npos) return true;
    if (authority.find('@') != std::string_view::npos || text.find('@', query_at) == std::string_view::npos) return false;
    const auto port_at = authority.find_last_of(":]");
    return port_at != std::string_view::npos && !std::ranges::all_of(authority.substr(port_at + 1), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<setting_pairs> parse_iris_uri(std::string_view text, parse_failure& failure) {
    const auto fail = [&failure](const char* why) -> std::optional<setting_pairs> {
        failure.text = why;
        return std::nullopt;
    };
    if (is_cut_login(text)) return fail(late_login);
    setting_pairs out;
    const auto add = [&out](std::string_view key, std::string_view encoded) {
        auto value = percent_decoded(encoded);
        if (!value) return false;
        out.emplace_back(std::string(key), *std::move(value));
        return true;
    };
    const auto query_at = text.find('?');
    const auto query = query_at == std::string_view::npos ? std::string_view{} : text.substr(query_at + 1);
    auto authority = text.substr(0, query_at);
    const auto slash = authority.find('/');
    const auto path = slash == std::string_view::npos ? std::string_view{} : authority.substr(slash + 1);
    authority = authority.substr(0, slash);
    if (const auto sign = authority.rfind('@'); sign != std::string_view::npos) {
        const auto login = authority.substr(0, sign);
        authority.remove_prefix(sign + 1);
        const auto colon = login.find(':');
        if (!add("UID", login.substr(0, colon))) return fail("a wrong %-sequence in the user name");
        if (colon != std::string_view::npos && !add("PWD", login.substr(colon + 1))) return fail("a wrong %-sequence in the password");
    }
    if (!authority.empty() && !add("Server", authority)) return fail("a wrong %-sequence in the host");
    if (path.find('/') != std::string_view::npos) return fail("more than a namespace in the path");
    if (!path.empty() && !add("Database", path)) return fail("a wrong %-sequence in the namespace");
    const auto decode_pair = [&](std::string_view key, std::string_view value) {
        const auto decoded = percent_decoded(key);
        return decoded && add(decoded->reveal(), value);
    };
    if (!each_pair(query, failure, decode_pair)) return std::nullopt;
    return out;
}

// jdbc:IRIS://host:port/namespace/logfile:eventclass:nodelay:ssl?username=U&password=P (wire-session
// 7.1), every part after the host optional, positions may be empty. Everything is taken as it is
// written: the vendor documents no escapes.
std::optional<setting_pairs> parse_jdbc_url(std::string_view text, parse_failure& failure) {
    static constexpr std::array<std::string_view, 4> fields{"Log File", "Event Class", "Tcp Nodelay", "SSL"};
    const auto fail = [&failure](const char* why) -> std::optional<setting_pairs> {
        failure.text = why;
        return std::nullopt;
    };
    setting_pairs out;
    const auto add = [&out](std::string_view key, std::string_view value) {
        out.emplace_back(std::string(key), wire::secret(value));
        return true;
    };
    const auto query_at = text.find('?');
    const auto query = query_at == std::string_view::npos ? std::string_view{} : text.substr(query_at + 1);
    text = text.substr(0, query_at);
    if (text.find('@') != std::string_view::npos) return fail("an '@' before the query of a JDBC URL; the user is ?username=");
    const auto host = text.substr(0, text.find('/'));
    text.remove_prefix(std::min(host.size() + 1, text.size()));
    if (!host.empty()) add("Server", host);
    const auto name_space = text.substr(0, text.find('/'));
    text.remove_prefix(std::min(name_space.size() + 1, text.size()));
    if (!name_space.empty()) add("Database", name_space);
    for (std::size_t i = 0; !text.empty(); ++i) {
        if (i == fields.size()) return fail("more than logfile:eventclass:nodelay:ssl after the namespace of a JDBC URL");
        const auto end = std::min(text.find(':'), text.size());
        if (end > 0) add(fields[i], text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (!each_pair(query, failure, add)) return std::nullopt;
    return out;
}

} // namespace

bool is_uri(std::string_view text) {
    return begins_with(text, iris_scheme) || begins_with(text, jdbc_scheme);
}

std::optional<setting_pairs> parse_uri(std::string_view text, parse_failure& failure) {
    if (begins_with(text, iris_scheme)) return parse_iris_uri(text.substr(iris_scheme.size()), failure);
    if (begins_with(text, jdbc_scheme)) return parse_jdbc_url(text.substr(jdbc_scheme.size()), failure);
    failure.text = "a URI begins with iris:// or jdbc:IRIS://";
    return std::nullopt;
}

} // namespace irislink::driver
