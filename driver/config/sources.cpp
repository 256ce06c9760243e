#include "driver/config/sources.hpp"

#include <cstdlib>

#include "driver/config/secret_file.hpp"
#include "driver/config/value_builder.hpp"
#include "driver/config/values.hpp"

namespace irislink::driver {
namespace {

// From '{' to the '}' that is not doubled, and past it; nothing when there is none.
std::optional<wire::secret> take_braced(std::string_view text, std::size_t& at) {
    value_builder inside(text.size() - at);
    for (++at; at < text.size(); ++at) {
        if (text[at] == '}') {
            if (at + 1 == text.size() || text[at + 1] != '}') {
                ++at;
                return inside.take();
            }
            ++at;
        }
        inside.push_back(text[at]);
    }
    return std::nullopt;
}

wire::secret braced(std::string_view value) {
    value_builder out(2 * value.size() + 2);
    out.push_back('{');
    for (const char c : value) {
        out.push_back(c);
        if (c == '}') out.push_back('}');
    }
    out.push_back('}');
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
            auto inside = take_braced(text, at);
            while (at < text.size() && text[at] == ' ') ++at;
            if (!inside || (at < text.size() && text[at] != ';')) {
                failure.text = "the value of '" + std::string(key) + "' has an open brace or text after its brace";
                return std::nullopt;
            }
            value = *std::move(inside);
        } else {
            const auto stop = std::min(text.find(';', at), text.size());
            value = wire::secret(trimmed(text.substr(at, stop - at)));
            at = stop;
        }
        out.emplace_back(key, std::move(value));
    }
    return out;
}

wire::secret ini_value(std::string_view written) {
    if (written.starts_with('{')) {
        std::size_t at = 0;
        if (auto inside = take_braced(written, at); inside && at == written.size()) return *std::move(inside);
    }
    return wire::secret(written);
}

wire::secret written_ini_value(std::string_view value) {
    const bool plain = value.empty() || (value.front() != '{' && trimmed(value).size() == value.size());
    return plain ? wire::secret(value) : braced(value);
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
        if (out && equals != std::string_view::npos) out->emplace_back(trimmed(line.substr(0, equals)), ini_value(trimmed(line.substr(equals + 1))));
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
    return std::string(plain ? value : braced(value).reveal());
}

} // namespace irislink::driver
