#include "driver/auth/access_token.hpp"

#include "driver/config/secret_file.hpp"

namespace irislink::driver {
namespace {

constexpr std::size_t largest_token = 64U << 10U;

[[noreturn]] void fail(const std::string& text) {
    throw error(diagnostic{errc::login_refused, "28000", 417, step::login, text, "Check AccessTokenFile.", true, 0});
}

} // namespace

wire::secret access_token_of(const connection_settings& settings) {
    if (settings.access_token_provider) {
        auto text = settings.access_token_provider();
        wire::secret out(text);
        wire::secure_zero(text.data(), text.size());
        // No token is no reason to go on with user and password.
        if (out.empty()) throw error(diagnostic{errc::login_refused, "28000", 417, step::login, "The access token callback gave no token", "", true, 0});
        return out;
    }
    if (settings.access_token_file.empty()) return settings.access_token.clone();
    const auto content = read_secret_file(settings.access_token_file, largest_token);
    if (content.state == secret_file::outcome::too_large) fail("The access token file '" + settings.access_token_file + "' is larger than 64 KiB");
    if (content.state != secret_file::outcome::read) fail("The access token file '" + settings.access_token_file + "' cannot be read");
    const auto all = content.text.reveal();
    static constexpr std::string_view blank = " \t\r\n";
    const auto first = all.find_first_not_of(blank);
    if (first == std::string_view::npos) fail("The access token file '" + settings.access_token_file + "' is empty");
    return wire::secret(all.substr(first, all.find_last_not_of(blank) - first + 1));
}

} // namespace irislink::driver
