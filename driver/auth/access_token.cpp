#include "driver/auth/access_token.hpp"

#include <fstream>
#include <iterator>

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
    std::ifstream in(settings.access_token_file, std::ios::binary);
    if (!in) fail("The access token file '" + settings.access_token_file + "' cannot be read");
    std::string text(largest_token + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    const auto size = static_cast<std::size_t>(in.gcount());
    const std::string_view all(text.data(), size);
    static constexpr std::string_view blank = " \t\r\n";
    const auto first = all.find_first_not_of(blank);
    wire::secret out;
    if (size <= largest_token && first != std::string_view::npos) out = wire::secret(all.substr(first, all.find_last_not_of(blank) - first + 1));
    wire::secure_zero(text.data(), text.size());
    if (size > largest_token) fail("The access token file '" + settings.access_token_file + "' is larger than 64 KiB");
    if (out.empty()) fail("The access token file '" + settings.access_token_file + "' is empty");
    return out;
}

} // namespace irislink::driver
