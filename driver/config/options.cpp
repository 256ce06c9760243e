#include "irislink/options.hpp"

#include <charconv>
#include <map>

#include "driver/config/keywords.hpp"
#include "driver/config/sources.hpp"
#include "driver/session/settings.hpp"

namespace irislink {

using driver::keyword;
using driver::keyword_type;

namespace {

[[noreturn]] void bad_settings(const std::string& text, const std::string& hint = {}) {
    throw error(diagnostic{errc::bad_settings, "HY000", 0, step::settings, text, hint, false, 0});
}

struct entry {
    std::vector<char> value;  // wiped: any of them may be a secret
    std::string origin;
    int rank{0};

    entry() = default;
    entry(std::string_view text, std::string from, int order)
        : value(text.begin(), text.end()), origin(std::move(from)), rank(order) {}
    entry(const entry&) = default;
    entry(entry&&) noexcept = default;
    entry& operator=(const entry&) = default;
    entry& operator=(entry&&) noexcept = default;
    ~entry() {
        if (!value.empty()) wire::secure_zero(value.data(), value.size());
    }

    [[nodiscard]] std::string_view text() const noexcept { return {value.data(), value.size()}; }
};

constexpr int rank_explicit = 3;
constexpr int rank_string = 2;
constexpr int rank_dsn = 1;

std::int64_t number_of(const keyword& row, std::string_view text, std::int64_t low, std::int64_t high) {
    std::int64_t out = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (failure != std::errc{} || end != text.data() + text.size() || out < low || out > high)
        bad_settings("'" + std::string(text.substr(0, 40)) + "' is not a value for " + std::string(row.name),
                     "Allowed: " + std::string(row.values) + ".");
    return out;
}

bool flag_of(const keyword& row, std::string_view text) {
    for (const auto* const yes : {"1", "true", "yes", "on", "True", "Yes", "On", "TRUE", "YES", "ON"})
        if (text == yes) return true;
    for (const auto* const no : {"0", "false", "no", "off", "False", "No", "Off", "FALSE", "NO", "OFF"})
        if (text == no) return false;
    bad_settings("'" + std::string(text.substr(0, 40)) + "' is not a value for " + std::string(row.name), "Allowed: 0 or 1.");
}

// host, host:port, [v6]:port, several separated by commas.
std::vector<driver::endpoint> endpoints_of(std::string_view text, std::uint16_t port) {
    std::vector<driver::endpoint> out;
    while (true) {
        const auto end = std::min(text.find(','), text.size());
        auto one = text.substr(0, end);
        driver::endpoint made;
        made.port = port;
        std::string_view digits;
        if (!one.empty() && one.front() == '[') {
            const auto close = one.find(']');
            if (close == std::string_view::npos) bad_settings("an IPv6 address lacks its closing bracket");
            made.host = one.substr(1, close - 1);
            if (close + 1 < one.size() && one[close + 1] == ':') digits = one.substr(close + 2);
        } else if (const auto colon = one.find(':'); colon != std::string_view::npos && one.find(':', colon + 1) == std::string_view::npos) {
            made.host = one.substr(0, colon);
            digits = one.substr(colon + 1);
        } else {
            made.host = one;
        }
        if (!digits.empty())
            made.port = static_cast<std::uint16_t>(number_of(*driver::find_keyword("Port"), digits, 1, 65535));
        if (made.host.empty()) bad_settings("a host name is empty");
        out.push_back(std::move(made));
        if (end == text.size()) return out;
        text.remove_prefix(end + 1);
    }
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> out;
    std::string word;
    bool quoted = false;
    bool any = false;
    for (const char c : text) {
        if (c == '"') {
            quoted = !quoted;
            any = true;
        } else if (c == ' ' && !quoted) {
            if (any) out.push_back(std::exchange(word, {}));
            any = false;
        } else {
            word.push_back(c);
            any = true;
        }
    }
    if (any) out.push_back(std::move(word));
    return out;
}

}  // namespace

struct connect_options::impl {
    std::map<const keyword*, entry> entries;
    diagnostics warnings;
    std::function<std::string()> two_factor;
    log_sink log;

    void add(std::string_view spelling, std::string_view value, const std::string& origin, int rank) {
        const auto* const row = driver::find_keyword(spelling);
        if (row == nullptr) {
            warnings.add({errc::bad_settings, "01S00", 0, step::settings,
                          "Unknown keyword '" + std::string(spelling) + "'",
                          "Did you mean '" + std::string(driver::nearest_keyword(spelling)) + "'?", false, 0});
            return;
        }
        const auto found = entries.find(row);
        // Within one string the first value counts, as ODBC has it; an explicit call may correct itself.
        if (found != entries.end() && (found->second.rank > rank || (found->second.rank == rank && rank != rank_explicit))) return;
        entries.insert_or_assign(row, entry(value, origin, rank));
    }

    [[nodiscard]] const entry* find(std::string_view name) const {
        const auto found = entries.find(driver::find_keyword(name));
        return found == entries.end() ? nullptr : &found->second;
    }

    [[nodiscard]] std::string_view text(std::string_view name) const {
        if (const auto* const given = find(name)) return given->text();
        return driver::find_keyword(name)->standard;
    }

    [[nodiscard]] std::int64_t number(std::string_view name, std::int64_t low, std::int64_t high) const {
        return number_of(*driver::find_keyword(name), text(name), low, high);
    }

    [[nodiscard]] bool flag(std::string_view name) const { return flag_of(*driver::find_keyword(name), text(name)); }

    [[nodiscard]] std::chrono::milliseconds duration(std::string_view name) const {
        return std::chrono::milliseconds(number(name, 0, 1'000'000) * 1000);
    }

    [[nodiscard]] driver::security_level level() const;
};

// Decisions 1, 2 and 8 of security-behaviour: one level, never a silent choice between two.
driver::security_level connect_options::impl::level() const {
    using driver::security_level;
    const auto* const method_given = find("Authentication Method");
    const auto* const level_given = find("Security Level");
    const auto method = method_given == nullptr ? -1 : number("Authentication Method", 0, 2);
    std::int64_t level = level_given == nullptr || level_given->text().empty() ? -1 : number("Security Level", 0, 10);
    if (level > 3 && level != 10) bad_settings("'" + std::to_string(level) + "' is not a security level", "Levels are 0, 1, 2, 3 and 10.");
    const auto contradiction = [&] {
        bad_settings("Authentication Method " + std::to_string(method) + " contradicts Security Level " + std::to_string(level),
                     "Method 0 goes with level 0, method 1 with 1 to 3, method 2 with 10.");
    };
    if (method == 2) {
        if (level_given != nullptr && level_given->rank >= rank_string && level != 10 && level != 2) contradiction();
        return security_level::tls;
    }
    if (method == 1) {
        if (level == 0 || level == 10) contradiction();
        return static_cast<security_level>(level == -1 ? 2 : level);
    }
    if (method == 0) {
        // The vendor's installer writes Security Level=2 beside method 0 into every DSN; only what a
        // person asked for in this connection counts as a contradiction.
        if (level > 0 && level_given->rank >= rank_string) contradiction();
        return security_level::password;
    }
    return static_cast<security_level>(level == -1 ? 0 : level);
}

connect_options::connect_options() : impl_(std::make_unique<impl>()) {}

connect_options::connect_options(std::string_view target) : connect_options() {
    driver::parse_failure failure;
    std::string origin = "connection string";
    std::optional<driver::setting_pairs> pairs;
    if (target.starts_with("iris://") || target.starts_with("IRIS://")) {
        pairs = driver::parse_uri(target, failure);
        origin = "URI";
    } else if (target.find('=') != std::string_view::npos) {
        pairs = driver::parse_connection_string(target, failure);
    } else {
        pairs = driver::setting_pairs{{"DSN", std::string(target)}};
    }
    if (!pairs) bad_settings("The connection target is malformed: " + failure.text);
    for (auto& [key, value] : *pairs) {
        impl_->add(key, value, origin, rank_string);
        wire::secure_zero(value.data(), value.size());
    }
    if (const auto* const dsn = impl_->find("DSN")) {
        const std::string name(dsn->text());
        auto section = driver::load_dsn(name);
        if (!section)
            bad_settings("There is no data source '" + name + "'", "Give an iris:// URI, or add a section to odbc.ini (ODBCINI, ~/.odbc.ini, /etc/odbc.ini).");
        for (auto& [key, value] : *section) {
            impl_->add(key, value, "DSN " + name, rank_dsn);
            wire::secure_zero(value.data(), value.size());
        }
    }
}

connect_options::connect_options(const connect_options& other) : impl_(std::make_unique<impl>(*other.impl_)) {}

connect_options::connect_options(connect_options&&) noexcept = default;

connect_options& connect_options::operator=(const connect_options& other) {
    if (this != &other) impl_ = std::make_unique<impl>(*other.impl_);
    return *this;
}

connect_options& connect_options::operator=(connect_options&&) noexcept = default;

connect_options::~connect_options() = default;

connect_options& connect_options::set(std::string_view keyword, std::string_view value) {
    impl_->add(keyword, value, "explicit", rank_explicit);
    return *this;
}

connect_options& connect_options::two_factor(std::function<std::string()> provider) {
    impl_->two_factor = std::move(provider);
    return *this;
}

connect_options& connect_options::log(log_sink sink) {
    impl_->log = std::move(sink);
    return *this;
}

const diagnostics& connect_options::warnings() const noexcept {
    return impl_->warnings;
}

std::string connect_options::to_string() const {
    std::string out;
    for (const auto& row : driver::keywords()) {
        const auto found = impl_->entries.find(&row);
        if (found == impl_->entries.end() || row.type == keyword_type::secret) continue;
        out += std::string(row.name) + "=" + driver::quote_value(found->second.text()) + ";";
    }
    return out;
}

std::vector<connect_options::setting> connect_options::settings() const {
    std::vector<setting> out;
    for (const auto& row : driver::keywords()) {
        const auto found = impl_->entries.find(&row);
        if (found != impl_->entries.end()) {
            const bool hidden = row.type == keyword_type::secret;
            out.push_back({std::string(row.name), hidden ? "(set)" : std::string(found->second.text()), found->second.origin});
        } else if (!row.standard.empty() && row.type != keyword_type::ignored) {
            out.push_back({std::string(row.name), std::string(row.standard), "default"});
        }
    }
    return out;
}

std::shared_ptr<const driver::connection_settings> connect_options::resolve() const {
    const auto& in = *impl_;
    auto out = std::make_shared<driver::connection_settings>();
    out->endpoints = endpoints_of(in.text("Server"), static_cast<std::uint16_t>(in.number("Port", 1, 65535)));
    out->name_space = in.text("Database");
    out->user = in.text("UID");
    out->password = wire::secret(in.text("PWD"));
    out->level = in.level();
    out->connect_timeout = in.duration("ConnectTimeout");
    out->login_timeout = in.duration("LoginTimeout");
    out->query_timeout = in.duration("QueryTimeout");
    out->keep_alive = in.flag("KeepAlive");
    out->application = in.text("ApplicationName");
    out->fetch_bytes = in.number("FetchBytes", 0, 16'000'000);
    out->autocommit = in.flag("AutoCommit");
    out->isolation = static_cast<int>(in.number("Isolation", 0, 32));
    if (out->isolation > 2 && out->isolation != 32) bad_settings("Isolation must be 0, 1, 2 or 32");
    out->feature_option = static_cast<std::uint32_t>(in.number("FeatureOption", 0, 1));
    out->statement_cache = static_cast<std::size_t>(in.number("StatementCache", 0, 100'000));
    out->two_factor_token = wire::secret(in.text("TwoFactorToken"));
    out->two_factor_command = words_of(in.text("TwoFactorCommand"));
    out->two_factor = in.two_factor;
    out->allow_token_in_clear = in.flag("AllowTokenInClear");
    out->trace_file = in.text("TraceFile");
    out->trace = in.find("Trace") != nullptr ? in.flag("Trace") : !out->trace_file.empty();
    if (out->trace && out->trace_file.empty()) bad_settings("Trace is on without a TraceFile");
    out->log = in.log;
    return out;
}

}  // namespace irislink
