#pragma once
// Why Kerberos failed, and what to do about it: one table of advice for everything that asks the library.

#include <cstdint>
#include <stdexcept>
#include <string>

#include "irislink/error.hpp"

namespace irislink::driver {

class kerberos_fault : public std::runtime_error {
public:
    kerberos_fault(const std::string& text, std::string hint, errc code = errc::kerberos_failed, int native = 459)
        : std::runtime_error(text), hint_(std::move(hint)), code_(code), native_(native) {}

    [[nodiscard]] const std::string& hint() const noexcept { return hint_; }

    [[nodiscard]] errc code() const noexcept { return code_; }

    [[nodiscard]] int native() const noexcept { return native_; }

private:
    std::string hint_;
    errc code_;
    int native_;
};

// What to change after this code of the library (MIT: also GSSAPI's minor status); empty when it says
// nothing by itself. `service` is the server's principal; empty when it was not about one.
[[nodiscard]] std::string advice_of(std::int32_t krb5_code, const std::string& service);

// Why the KDC gave no ticket for a name and a password: 28000 where the account or the password is at
// fault, 08S01 where Kerberos is.
[[nodiscard]] kerberos_fault password_fault(std::int32_t krb5_code, const std::string& words, const std::string& principal);

} // namespace irislink::driver
