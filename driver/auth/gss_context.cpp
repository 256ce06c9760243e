#include "driver/auth/gss_context.hpp"

#include <gssapi/gssapi.h>

#include <utility>

#include "driver/auth/gss_handles.hpp"
#include "wire/codec/secret.hpp"
#include "wire/security/gss_packet.hpp"

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

struct gss_context::opened {
    gss_buffer plain;
};

gss_context::gss_context(bool sealed) noexcept : sealed_(sealed) {}

gss_context::gss_context(gss_context&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), opened_(std::move(other.opened_)), sealed_(other.sealed_) {}

gss_context::~gss_context() {
    OM_uint32 minor = 0;
    if (handle_ != nullptr) gss_delete_sec_context(&minor, &handle_, GSS_C_NO_BUFFER);
}

std::error_code gss_context::wrap(wire::bytes_view plain, wire::byte_buffer& out) {
    auto in = borrow(plain);
    gss_buffer token;
    OM_uint32 minor = 0;
    int confidential = 0;
    if (gss_wrap(&minor, handle_, sealed_ ? 1 : 0, GSS_C_QOP_DEFAULT, &in, &confidential, &token.value) != GSS_S_COMPLETE) return gss_errc::cannot_seal;
    if (sealed_ && confidential == 0) return gss_errc::cannot_seal;
    return wire::append_gss_packet(out, token.view());
}

std::error_code gss_context::unwrap(wire::bytes_view token, wire::bytes_view& plain) {
    plain = {};
    opened_ = std::make_unique<opened>();
    auto in = borrow(token);
    auto& out = opened_->plain;
    OM_uint32 minor = 0;
    int confidential = 0;
    // The notes about repetition and order are failures too: TCP neither repeats nor reorders.
    if (gss_unwrap(&minor, handle_, &in, &out.value, &confidential, nullptr) != GSS_S_COMPLETE) return gss_errc::damaged;
    if (sealed_ && confidential == 0) return gss_errc::not_sealed;
    plain = out.view();
    return {};
}

} // namespace irislink::driver
