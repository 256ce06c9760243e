#include "odbc/config/odbcinst_source.hpp"

#include "odbc/config/profile.hpp"

namespace irislink::odbc {
namespace {

class odbcinst_source final : public driver::dsn_source {
public:
    [[nodiscard]] std::optional<driver::setting_pairs> section(std::string_view name) const override {
        const std::string wanted(name);
        driver::setting_pairs out;
        for (auto& key : profile_keys(data_source_file, wanted)) {
            const auto text = profile_text(data_source_file, wanted, key);
            out.emplace_back(std::move(key), driver::ini_value(text.reveal()));
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
