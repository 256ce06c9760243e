#include "driver/config/sources.hpp"

#include <cstdlib>

#include "driver/config/secret_file.hpp"
#include "driver/config/values.hpp"

namespace irislink::driver {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// A value while it is put together. It never grows, and is wiped.
class value_builder {
public:
    explicit value_builder(std::size_t longest) { text_.reserve(longest); }

    ~value_builder() { wire::secure_zero(text_.data(), text_.size()); }

    value_builder(const value_builder&) = delete;
    value_builder& operator=(const value_builder&) = delete;

    void push_back(char c) { text_.push_back(c); }

    [[nodiscard]] wire::secret take() const { return wire::secret({text_.data(), text_.size()}); }

private:
    std::vector<char> text_;
};

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

} // namespace

std::optional<setting_pairs> parse_connection_string(std::string_view text, parse_failure& failure) {
    setting_pairs out;
    std::size_t at = 0;
    while (at < text.size()) {
        if (text[at] == ';' || text[at] == ' ') {
            ++at;
            continue;
        }
        const auto equals = text.find('=', at);
        const auto end = text.find(';', at);
        if (equals == std::string_view::npos || end < equals) {
            failure.text = "a keyword without '=' in the connection string";
            return std::nullopt;
        }
        const auto key = trimmed(text.substr(at, equals - at));
        if (key.empty()) {
            failure.text = "a value without a keyword in the connection string";
            return std::nullopt;
        }
        at = equals + 1;
        while (at < text.size() && text[at] == ' ') ++at;
        wire::secret value;
        if (at < text.size() && text[at] == '{') {
            bool closed = false;
            value_builder inside(text.size() - at);
            for (++at; at < text.size(); ++at) {
                if (text[at] != '}') {
                    inside.push_back(text[at]);
                } else if (at + 1 < text.size() && text[at + 1] == '}') {
                    inside.push_back('}');
                    ++at;
                } else {
                    closed = true;
                    ++at;
                    break;
                }
            }
            while (at < text.size() && text[at] == ' ') ++at;
            if (!closed || (at < text.size() && text[at] != ';')) {
                failure.text = "the value of '" + std::string(key) + "' has an open brace or text after its brace";
                return std::nullopt;
            }
            value = inside.take();
        } else {
            const auto stop = std::min(text.find(';', at), text.size());
            value = wire::secret(trimmed(text.substr(at, stop - at)));
            at = stop;
        }
        out.emplace_back(key, std::move(value));
    }
    return out;
}

std::optional<setting_pairs> parse_uri(std::string_view text, parse_failure& failure) {
    static constexpr std::string_view scheme = "iris://";
    const auto fail = [&failure](const char* why) -> std::optional<setting_pairs> {
        failure.text = why;
        return std::nullopt;
    };
    if (!same_text(text.substr(0, scheme.size()), scheme)) return fail("a URI begins with iris://");
    text.remove_prefix(scheme.size());
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
    std::string_view rest = query;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('&'), rest.size());
        const auto pair = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos) return fail("a keyword without '=' in the query of the URI");
        const auto key = percent_decoded(pair.substr(0, equals));
        if (!key || !add(key->reveal(), pair.substr(equals + 1))) return fail("a wrong %-sequence in the query of the URI");
    }
    return out;
}

std::optional<setting_pairs> parse_ini_section(std::string_view file, std::string_view name) {
    std::optional<setting_pairs> out;
    while (!file.empty()) {
        const auto end = std::min(file.find('\n'), file.size());
        const auto line = trimmed(file.substr(0, end));
        file.remove_prefix(std::min(end + 1, file.size()));
        if (line.empty() || line.front() == ';' || line.front() == '#') continue;
        if (line.front() == '[') {
            if (out) return out;
            if (line.back() == ']' && same_text(trimmed(line.substr(1, line.size() - 2)), name)) out.emplace();
            continue;
        }
        const auto equals = line.find('=');
        if (out && equals != std::string_view::npos) out->emplace_back(trimmed(line.substr(0, equals)), wire::secret(trimmed(line.substr(equals + 1))));
    }
    return out;
}

namespace {

constexpr std::size_t largest_ini_file = std::size_t{16} << 20U;

std::vector<std::string> ini_files() {
    std::vector<std::string> files;
    const auto variable = [](const char* which) {
        const char* value = std::getenv(which);
        return std::string(value == nullptr ? "" : value);
    };
    if (const auto file = variable("ODBCINI"); !file.empty()) files.push_back(file);
    if (const auto home = variable("HOME"); !home.empty()) files.push_back(home + "/.odbc.ini");
    const auto folder = variable("ODBCSYSINI");
    files.push_back((folder.empty() ? "/etc" : folder) + "/odbc.ini");
    return files;
}

class ini_source final : public dsn_source {
public:
    [[nodiscard]] std::optional<setting_pairs> section(std::string_view name) const override {
        for (const auto& file : ini_files()) {
            const auto content = read_secret_file(file, largest_ini_file);
            if (content.state != secret_file::outcome::read) continue;
            if (auto found = parse_ini_section(content.text.reveal(), name)) return found;
        }
        return std::nullopt;
    }

    [[nodiscard]] std::string where() const override {
        std::string out;
        for (const auto& file : ini_files()) out += (out.empty() ? "" : ", ") + file;
        return out;
    }
};

} // namespace

const dsn_source& ini_dsn_source() {
    static const ini_source instance;
    return instance;
}

std::string quote_value(std::string_view value) {
    const bool plain = value.find_first_of("[]{}(),;?*=!@\\ ") == std::string_view::npos;
    if (plain) return std::string(value);
    std::string out = "{";
    for (const char c : value) {
        out.push_back(c);
        if (c == '}') out.push_back('}');
    }
    return out + "}";
}

} // namespace irislink::driver
