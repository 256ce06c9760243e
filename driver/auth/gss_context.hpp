#pragma once
// An established Kerberos context: what seals and opens the messages of security levels 2 and 3
// (wire-session 3.3). Works on memory alone and never waits. One thread at a time.

#include <memory>
#include <string>
#include <system_error>

#include "driver/auth/cfx_messages.hpp"
#include "driver/auth/gss_errc.hpp"
#include "wire/codec/bytes.hpp"

struct gss_ctx_id_struct;

namespace irislink::driver {

// The Kerberos library's own messages, or, as soon as the first one is due, ours (cfx_messages) where the keys are
// of a kind that it knows.
class gss_context {
public:
    // `sealed`: what is sent is encrypted, and what comes must be.
    explicit gss_context(bool sealed) noexcept;
    ~gss_context();
    gss_context(gss_context&& other) noexcept;

    gss_context(const gss_context&) = delete;
    gss_context& operator=(const gss_context&) = delete;
    gss_context& operator=(gss_context&&) = delete;

    // For whoever establishes it.
    [[nodiscard]] gss_ctx_id_struct*& handle() noexcept { return handle_; }

    // Appends length and token to `out`.
    [[nodiscard]] std::error_code wrap(wire::bytes_view plain, wire::byte_buffer& out);
    // `plain` is replaced by a view of memory of this object or of the token, good until the next unwrap() and no longer
    // than the token. Anything but
    // a fresh, whole, untouched token in its turn is an error, and the line must end then.
    [[nodiscard]] std::error_code unwrap(wire::bytes_view token, wire::bytes_view& plain);

private:
    struct opened;

    void take_keys();

    gss_ctx_id_struct* handle_{nullptr};
    std::unique_ptr<opened> opened_; // as the library handed it out: never copied, wiped when the next one comes
    std::unique_ptr<cfx_messages> messages_;
    bool keys_asked_{false};
    bool sealed_;
};

} // namespace irislink::driver
