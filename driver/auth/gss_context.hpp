#pragma once
// An established Kerberos context: what seals and opens the messages of security levels 2 and 3
// (wire-session 3.3). Works on memory alone and never waits. One thread at a time.

#include <memory>
#include <string>
#include <system_error>

#include "wire/codec/bytes.hpp"

struct gss_ctx_id_struct;

namespace irislink::driver {

enum class gss_errc : int { damaged = 1, not_sealed, cannot_seal, bad_length };

[[nodiscard]] const std::error_category& gss_category() noexcept;

[[nodiscard]] inline std::error_code make_error_code(gss_errc code) noexcept {
    return {static_cast<int>(code), gss_category()};
}

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
    // `plain` is replaced by a view of memory of this object, good until the next unwrap(). Anything but
    // a fresh, whole, untouched token in its turn is an error, and the line must end then.
    [[nodiscard]] std::error_code unwrap(wire::bytes_view token, wire::bytes_view& plain);

private:
    struct opened;

    gss_ctx_id_struct* handle_{nullptr};
    std::unique_ptr<opened> opened_; // as the library handed it out: never copied, wiped when the next one comes
    bool sealed_;
};

} // namespace irislink::driver

template <> struct std::is_error_code_enum<irislink::driver::gss_errc> : std::true_type {};
