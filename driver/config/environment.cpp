#include "driver/config/environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <mutex>

namespace irislink::driver {
namespace {

constexpr std::string_view prefix = "IRISLINK_";

} // namespace

const keyword* find_environment_keyword(std::string_view variable) {
    if (!variable.starts_with(prefix)) return nullptr;
    std::string spelling(variable.substr(prefix.size()));
    // TCP_NODELAY is spelled with _ itself.
    if (const auto* const exact = find_keyword(spelling)) return exact;
    std::ranges::replace(spelling, '_', ' ');
    return find_keyword(spelling);
}

std::string environment_name(std::string_view spelling) {
    std::string out(prefix);
    for (const char c : spelling) out.push_back(c == ' ' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    return out;
}

std::vector<environment_setting> environment_settings() {
    std::vector<environment_setting> out;
    for (char** each = ::environ; each != nullptr && *each != nullptr; ++each) {
        const std::string_view text(*each);
        const auto equals = text.find('=');
        if (!text.starts_with(prefix) || equals == std::string_view::npos || equals + 1 == text.size()) continue;
        environment_setting made;
        made.variable = text.substr(0, equals);
        made.row = find_environment_keyword(made.variable);
        made.value = wire::secret(text.substr(equals + 1));
        out.push_back(std::move(made));
    }
    // Of two spellings of one keyword the same one counts every time.
    std::ranges::sort(out, {}, &environment_setting::variable);
    return out;
}

std::shared_ptr<std::atomic<bool>> environment_token_used(std::string_view token) {
    static std::mutex guard;
    static wire::secret last;
    static std::shared_ptr<std::atomic<bool>> flag;
    const std::lock_guard hold(guard);
    if (!flag || last.reveal() != token) {
        last = wire::secret(token);
        flag = std::make_shared<std::atomic<bool>>(false);
    }
    return flag;
}

} // namespace irislink::driver
