#include "odbc/config/odbcinst_source.hpp"

#include <cstring>

#include "odbc/text/odbc_types.hpp"

#include <odbcinst.h>

namespace irislink::odbc {
namespace {

constexpr const char* ini_name = "odbc.ini";
constexpr std::size_t longest_buffer = std::size_t{1} << 20U;

// What the library has to say, however long: it cuts without telling, so a buffer that came back full
// is asked for again with more room.
std::string ask(const std::string& section, const char* key) {
    for (std::size_t size = 4096;; size *= 4) {
        std::string out(size, '\0');
        const int got = SQLGetPrivateProfileString(section.c_str(), key, "", out.data(), static_cast<int>(size), ini_name);
        const auto length = got < 0 ? 0 : static_cast<std::size_t>(got);
        if (length + 2 < size || size >= longest_buffer) {
            out.resize(std::min(length, size));
            return out;
        }
    }
}

class odbcinst_source final : public driver::dsn_source {
public:
    [[nodiscard]] std::optional<driver::setting_pairs> section(std::string_view name) const override {
        const std::string wanted(name);
        const auto keys = ask(wanted, nullptr); // names, each with a zero behind it
        driver::setting_pairs out;
        for (std::size_t at = 0; at < keys.size();) {
            const auto end = std::min(keys.find('\0', at), keys.size());
            if (end > at) {
                const auto key = keys.substr(at, end - at);
                auto value = ask(wanted, key.c_str());
                value.resize(std::strlen(value.c_str()));
                out.emplace_back(key, std::move(value));
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
