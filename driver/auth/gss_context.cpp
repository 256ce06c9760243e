#include "driver/auth/gss_context.hpp"

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_krb5.h>

#include <utility>

#include "driver/auth/gss_handles.hpp"
#include "wire/codec/secret.hpp"
#include "wire/security/gss_packet.hpp"

namespace irislink::driver {
namespace {

// What gss_krb5_export_lucid_sec_context() hands out; the library wipes it.
struct lucid_context {
    lucid_context() = default;
    lucid_context(const lucid_context&) = delete;
    lucid_context& operator=(const lucid_context&) = delete;

    ~lucid_context() {
        OM_uint32 minor = 0;
        if (value != nullptr) gss_krb5_free_lucid_sec_context(&minor, value);
    }

    void* value{nullptr};
};

constexpr OM_uint32 cfx_protocol = 1;

// Whether the keys of a context are of a kind that cfx_messages knows. Leaves the context as it is.
bool has_known_keys(gss_ctx_id_t handle) {
    OM_uint32 minor = 0;
    gss_buffer_set found;
    if (gss_inquire_sec_context_by_oid(&minor, handle, GSS_C_INQ_SSPI_SESSION_KEY, &found.value) != GSS_S_COMPLETE || found.value->count != 2) return false;
    const auto& kind = found.value->elements[1]; // an object identifier whose last arc is the encryption type
    return kind.length > 0 && cfx_messages::knows(static_cast<const unsigned char*>(kind.value)[kind.length - 1]);
}

} // namespace

struct gss_context::opened {
    gss_buffer plain;
};

gss_context::gss_context(bool sealed) noexcept : sealed_(sealed) {}

gss_context::gss_context(gss_context&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), opened_(std::move(other.opened_)), messages_(std::move(other.messages_)), keys_asked_(other.keys_asked_),
      sealed_(other.sealed_) {}

gss_context::~gss_context() {
    OM_uint32 minor = 0;
    if (handle_ != nullptr) gss_delete_sec_context(&minor, &handle_, GSS_C_NO_BUFFER);
}

// The export ends the library's context, so it comes only when it is certain that ours will do.
void gss_context::take_keys() {
    keys_asked_ = true;
    if (handle_ == nullptr || !has_known_keys(handle_)) return;
    OM_uint32 minor = 0;
    lucid_context exported;
    if (gss_krb5_export_lucid_sec_context(&minor, &handle_, 1, &exported.value) != GSS_S_COMPLETE) return;
    const auto& context = *static_cast<const gss_krb5_lucid_context_v1_t*>(exported.value);
    if (context.protocol != cfx_protocol) return;
    const bool subkey = context.cfx_kd.have_acceptor_subkey != 0;
    const auto& key = subkey ? context.cfx_kd.acceptor_subkey : context.cfx_kd.ctx_key;
    cfx_keys keys;
    keys.enctype = static_cast<int>(key.type);
    keys.key = wire::secret({static_cast<const char*>(key.data), key.length});
    keys.acceptor_subkey = subkey;
    keys.initiator = context.initiate != 0;
    keys.send_sequence = context.send_seq;
    keys.receive_sequence = context.recv_seq;
    messages_ = cfx_messages::make(keys);
}

std::error_code gss_context::wrap(wire::bytes_view plain, wire::byte_buffer& out) {
    if (!keys_asked_) take_keys();
    if (messages_) {
        const auto begin = wire::begin_gss_packet(out);
        if (!messages_->wrap(plain, sealed_, out)) return gss_errc::cannot_seal;
        return wire::end_gss_packet(out, begin);
    }
    auto in = borrow(plain);
    gss_buffer token;
    OM_uint32 minor = 0;
    int confidential = 0;
    if (gss_wrap(&minor, handle_, sealed_ ? 1 : 0, GSS_C_QOP_DEFAULT, &in, &confidential, &token.value) != GSS_S_COMPLETE) return gss_errc::cannot_seal;
    if (sealed_ && confidential == 0) return gss_errc::cannot_seal;
    return wire::append_gss_packet(out, token.view());
}

std::error_code gss_context::unwrap(wire::bytes_view token, wire::bytes_view& plain) {
    if (!keys_asked_) take_keys();
    if (messages_) return messages_->unwrap(token, sealed_, plain);
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
