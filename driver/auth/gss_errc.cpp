#include "driver/auth/gss_errc.hpp"

#include <string>

namespace irislink::driver {
namespace {

struct category final : std::error_category {
    [[nodiscard]] const char* name() const noexcept override { return "kerberos"; }

    [[nodiscard]] std::string message(int code) const override {
        switch (static_cast<gss_errc>(code)) {
        case gss_errc::damaged: return "a message failed its Kerberos check: it was changed, repeated, left out or is no Kerberos message";
        case gss_errc::not_sealed: return "a message came unencrypted at security level 3";
        case gss_errc::cannot_seal: return "a message could not be protected with the Kerberos context";
        case gss_errc::bad_length: return "what came is no Kerberos message: its length makes no sense";
        }
        return "Kerberos failure";
    }
};

} // namespace

const std::error_category& gss_category() noexcept {
    static const category instance;
    return instance;
}

} // namespace irislink::driver
