#pragma once
// What connect_options holds: the text of every setting and where it came from. The layers, strongest
// first: explicit, URI or connection string, DSN, TLS settings file, environment, default.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "driver/config/keywords.hpp"
#include "driver/config/sources.hpp"
#include "driver/session/settings.hpp"
#include "irislink/options.hpp"

namespace irislink {

namespace driver {

enum class layer : std::uint8_t { environment = 1, settings_file, dsn, string, explicit_call };

// The text of one setting. Copied when options are; every copy is overwritten when it goes, since any
// of them may be a secret.
class setting_text {
public:
    setting_text(std::string_view text, std::string origin, layer from) : text_(text), origin_(std::move(origin)), from_(from) {}

    setting_text(const setting_text& other) : text_(other.text_.clone()), origin_(other.origin_), from_(other.from_) {}

    setting_text& operator=(const setting_text& other) {
        if (this != &other) *this = setting_text(other);
        return *this;
    }

    setting_text(setting_text&&) noexcept = default;
    setting_text& operator=(setting_text&&) noexcept = default;
    ~setting_text() = default;

    [[nodiscard]] std::string_view text() const noexcept { return text_.reveal(); }

    [[nodiscard]] const std::string& origin() const noexcept { return origin_; }

    [[nodiscard]] layer from() const noexcept { return from_; }

private:
    wire::secret text_;
    std::string origin_;
    layer from_;
};

// The settings by keyword, in the table's order.
class setting_map {
public:
    // Within one layer the first value counts, as ODBC has it; an explicit call may correct itself.
    void add(const keyword& row, std::string_view value, const std::string& origin, layer from);
    void remove(std::string_view name);
    [[nodiscard]] const setting_text* find(const keyword& row) const;
    [[nodiscard]] const setting_text* find(std::string_view name) const; // null too when empty, but for secrets and texts
    [[nodiscard]] std::string_view text(std::string_view name) const;    // or the default
    [[nodiscard]] std::int64_t number(std::string_view name, std::int64_t low, std::int64_t high) const;
    [[nodiscard]] bool flag(std::string_view name) const;
    [[nodiscard]] milliseconds duration(std::string_view name) const;

private:
    std::map<const keyword*, setting_text> entries_;
};

// Whether TLS was asked for, and by which setting; what else decides the level. Throws error for
// contradictions (decisions 1, 2 and 8). `warnings` gets what is odd but allowed.
[[nodiscard]] security_level level_of(const setting_map& in, std::vector<std::string>& warnings);

// Adds what the TLS settings file says. Throws when it applies and cannot be used.
void add_settings_file(setting_map& to, std::vector<std::string>& warnings);

// Where tickets come from. `asks`: there is a callback; `password_counts`: user and password alone are a
// reason to use them, as everywhere but in ODBC. Throws error for contradictions.
[[nodiscard]] kerberos_source source_of(const setting_map& in, bool asks, bool password_counts);

// The checked value of everything.
void fill_settings(const setting_map& in, security_level level, connection_settings& out);

// What is allowed because it was asked for, and ought to be known.
void warn_of_weak_tls(const tls_settings& in, std::vector<std::string>& warnings);

} // namespace driver

struct connect_options::impl {
    driver::setting_map entries;
    diagnostics warnings;
    // For the log alone: a variable of the machine's that we do not know may be somebody else's.
    std::vector<std::string> notes;
    std::function<std::string()> two_factor;
    std::function<void(std::function<void(std::string)>)> two_factor_async;
    std::function<std::string()> access_token;
    std::function<std::string()> key_password;
    std::function<kerberos_credentials()> kerberos;
    bool password_gets_tickets{true}; // decision 7: not in ODBC, whose data sources hold passwords that mean nothing with Kerberos
    std::shared_ptr<std::atomic<bool>> token_used{std::make_shared<std::atomic<bool>>(false)}; // copies share it; a new token has a new one
    log_sink log;
    const driver::dsn_source* dsns{&driver::ini_dsn_source()};

    void add(std::string_view spelling, std::string_view value, const std::string& origin, driver::layer from);
    void add_target(std::string_view target);
    void add_dsn(const std::string& name);
    void add_environment();
    // With the data source of the environment, where nothing else says what to connect to.
    [[nodiscard]] impl in_force() const;
    void warn(std::string sqlstate, int native, std::string text, std::string hint);
};

namespace driver {

// The way in for ODBC, which finds data sources through the driver manager's own library.
struct options_access {
    [[nodiscard]] static connect_options from(std::string_view target, const dsn_source& dsns);
};

} // namespace driver
} // namespace irislink
