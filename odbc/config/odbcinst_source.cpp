#include "odbc/config/odbcinst_source.hpp"

#include <algorithm>
#include <vector>

#include "odbc/text/odbc_types.hpp"

#include <odbcinst.h>

namespace irislink::odbc {
namespace {

constexpr const char* ini_name = "odbc.ini";
constexpr std::size_t longest_buffer = std::size_t{1} << 20U;

// What the library has to say, however long: it cuts without telling, so a buffer that came back full
// is asked for again with more room. It may be a password.
wire::secret ask(const std::string& section, const char* key) {
    for (std::size_t size = 4096;; size *= 4) {
        std::vector<char> out(size);
        const int got = SQLGetPrivateProfileString(section.c_str(), key, "", out.data(), static_cast<int>(size), ini_name);
        const auto length = got < 0 ? 0 : static_cast<std::size_t>(got);
        wire::secret answer({out.data(), std::min(length, size)});
        wire::secure_zero(out.data(), out.size());
        if (length + 2 < size || size >= longest_buffer) return answer;
    }
}

class odbcinst_source final : public driver::dsn_source {
public:
    [[nodiscard]] std::optional<driver::setting_pairs> section(std::string_view name) const override {
        const std::string wanted(name);
        const auto listed = ask(wanted, nullptr); // names, each with a zero behind it
        const auto keys = listed.reveal();
        driver::setting_pairs out;
        for (std::size_t at = 0; at < keys.size();) {
            const auto end = std::min(keys.find('\0', at), keys.size());
            if (end > at) {
                std::string key(keys.substr(at, end - at));
                const auto value = ask(wanted, key.c_str());
                const auto whole = value.reveal();
                out.emplace_back(std::move(key), wire::secret(whole.substr(0, whole.find('\0'))));
            }
            at = end + 1;
        }
        if (out.empty()) return std::nullopt;
        return out;
    }

    [[nodiscard]] std::string where() const override { return "odbc.ini"; }
};

} // namespace

const driver::dsn_source& odbcinst_dsn_source() {
    static const odbcinst_source instance;
    return instance;
}

} // namespace irislink::odbc
