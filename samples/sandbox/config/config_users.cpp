// The editing of the [users] tables. Everything else of the file, comments included, stays as it is.

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <sstream>

#include "samples/sandbox/config/config_security.hpp"
#include "samples/sandbox/sql/lexer.hpp"

namespace irislink::sandbox {
namespace {

// One editor at a time: the server changes passwords while people use the tool.
class edit_lock {
public:
    explicit edit_lock(const std::filesystem::path& file) : lock_(::open((file.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
        if (lock_ < 0 || ::flock(lock_, LOCK_EX) != 0) {
            if (lock_ >= 0) ::close(lock_);
            throw config_error("cannot lock " + file.string());
        }
    }

    ~edit_lock() { ::close(lock_); }

    edit_lock(const edit_lock&) = delete;
    edit_lock& operator=(const edit_lock&) = delete;

private:
    int lock_;
};

void write_file(const std::filesystem::path& file, const std::string& text) {
    auto temporary = file;
    temporary += ".new";
    const int out = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool written = out >= 0;
    for (std::size_t at = 0; written && at < text.size();) {
        const auto count = ::write(out, text.data() + at, text.size() - at);
        written = count > 0;
        if (written) at += static_cast<std::size_t>(count);
    }
    written = written && ::fsync(out) == 0;
    if (out >= 0) written = ::close(out) == 0 && written;
    if (!written) throw config_error("cannot write " + temporary.string());
    std::filesystem::rename(temporary, file);
}

std::string factor_lines(const factor_setup& factor) {
    std::string out;
    const auto add = [&out](const char* key, std::string_view value) {
        if (!value.empty()) out += std::string(key) + " = " + toml_text(value) + "\n";
    };
    add("two_factor", factor.active == factor_kind::totp ? "totp" : factor.active == factor_kind::sms ? "sms" : "");
    add("totp_key", factor.totp_key);
    add("phone", factor.phone);
    add("provider", factor.provider);
    return out;
}

bool is_bare_key(std::string_view name) {
    for (const char c : name)
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-')) return false;
    return !name.empty();
}

std::string without_user(std::string_view text, std::string_view name) {
    std::istringstream in{std::string(text)};
    std::string out;
    std::string line;
    bool skipping = false;
    // People write the key without quotes where they may.
    std::vector<std::string> headers{sql::to_upper("[users." + toml_text(name) + "]"), sql::to_upper("[users.'" + std::string(name) + "']")};
    if (is_bare_key(name)) headers.push_back(sql::to_upper("[users." + std::string(name) + "]"));
    while (std::getline(in, line)) {
        const auto first = line.find_first_not_of(" \t");
        if (first != std::string::npos && line[first] == '[') {
            const auto upper = sql::to_upper(line.substr(first));
            skipping = false;
            for (const auto& each : headers) skipping = skipping || upper.starts_with(each);
        }
        if (!skipping) out += line + "\n";
    }
    return out;
}

std::string with_user(std::string_view before, const account& user) {
    auto text = without_user(before, user.name);
    while (text.size() > 1 && text.ends_with("\n\n")) text.pop_back();
    text += "\n" + user_section(user);
    (void)parse_config(text);
    return text;
}

} // namespace

std::string toml_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out.push_back('\\');
        out.push_back(c);
    }
    return out + "\"";
}

std::string user_section(const account& user) {
    std::string out = "[users." + toml_text(user.name) + "]\npassword = " + toml_text(user.password) + "\n";
    if (!user.enabled) out += "enabled = false\n";
    if (!user.roles.empty()) {
        out += "roles = [";
        for (std::size_t i = 0; i < user.roles.size(); ++i) out += (i > 0 ? ", " : "") + toml_text(user.roles[i]);
        out += "]\n";
    }
    if (user.type != account_type::password) out += "type = " + toml_text(type_name(user.type)) + "\n";
    if (user.expires) out += "expires = " + show_day(*user.expires) + "\n";
    if (user.change_password) out += "change_password_on_next_login = true\n";
    if (user.password_never_expires) out += "password_never_expires = true\n";
    if (user.password_changed != 0) out += "password_changed = " + std::to_string(user.password_changed) + "\n";
    out += factor_lines(user.factor);
    return out;
}

void set_user(const std::filesystem::path& file, const account& user) {
    for (const char c : user.name)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) throw config_error("a user name must not hold control characters");
    const edit_lock lock(file);
    write_file(file, with_user(read_file(file).reveal(), user));
}

account change_user(const std::filesystem::path& file, std::string_view name, const std::function<void(account&)>& change) {
    const edit_lock lock(file);
    const auto text = read_file(file);
    auto users = parse_config(text.reveal()).users;
    const auto found = users.find(sql::to_upper(name));
    if (found == users.end()) throw config_error("no user '" + std::string(name) + "'");
    change(found->second);
    write_file(file, with_user(text.reveal(), found->second));
    return found->second;
}

void remove_user(const std::filesystem::path& file, std::string_view name) {
    const edit_lock lock(file);
    const auto text = read_file(file);
    const auto users = parse_config(text.reveal()).users;
    const auto found = users.find(sql::to_upper(name));
    if (found == users.end()) throw config_error("no user '" + std::string(name) + "'");
    write_file(file, without_user(text.reveal(), found->second.name));
}

} // namespace irislink::sandbox
