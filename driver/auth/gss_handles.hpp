#pragma once
// Owners of what the GSSAPI library hands out. Not for headers of others: it brings gssapi.h.

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <openssl/crypto.h>

#include <string>

#include "wire/codec/bytes.hpp"

namespace irislink::driver {

struct gss_buffer {
    gss_buffer() = default;
    gss_buffer(const gss_buffer&) = delete;
    gss_buffer& operator=(const gss_buffer&) = delete;

    ~gss_buffer() {
        // It may hold a message in the clear, and a long one: OpenSSL's way is the fast one.
        if (value.value != nullptr) OPENSSL_cleanse(value.value, value.length);
        OM_uint32 minor = 0;
        gss_release_buffer(&minor, &value);
    }

    [[nodiscard]] wire::bytes_view view() const noexcept { return {static_cast<const std::byte*>(value.value), value.length}; }

    [[nodiscard]] std::string text() const { return value.length == 0 ? std::string() : std::string(static_cast<const char*>(value.value), value.length); }

    gss_buffer_desc value{0, nullptr};
};

// Keys may be in it.
struct gss_buffer_set {
    gss_buffer_set() = default;
    gss_buffer_set(const gss_buffer_set&) = delete;
    gss_buffer_set& operator=(const gss_buffer_set&) = delete;

    ~gss_buffer_set() {
        OM_uint32 minor = 0;
        for (std::size_t i = 0; value != GSS_C_NO_BUFFER_SET && i < value->count; ++i) OPENSSL_cleanse(value->elements[i].value, value->elements[i].length);
        gss_release_buffer_set(&minor, &value);
    }

    gss_buffer_set_t value{GSS_C_NO_BUFFER_SET};
};

struct gss_name {
    gss_name() = default;
    gss_name(const gss_name&) = delete;
    gss_name& operator=(const gss_name&) = delete;

    ~gss_name() {
        OM_uint32 minor = 0;
        gss_release_name(&minor, &value);
    }

    [[nodiscard]] std::string text() const {
        OM_uint32 minor = 0;
        gss_buffer out;
        return value != GSS_C_NO_NAME && gss_display_name(&minor, value, &out.value, nullptr) == GSS_S_COMPLETE ? out.text() : std::string();
    }

    gss_name_t value{GSS_C_NO_NAME};
};

// The library does not write through it.
[[nodiscard]] inline gss_buffer_desc borrow(wire::bytes_view bytes) noexcept {
    return {bytes.size(), const_cast<std::byte*>(bytes.data())};
}

} // namespace irislink::driver
