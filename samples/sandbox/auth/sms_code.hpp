#pragma once
// The one-time code of a text message: six digits, good for a time, once (decision 20); and where a
// message goes: a number at a provider's mail gateway. One login owns one code; not thread-safe.

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "wire/codec/secret.hpp"

namespace irislink::sandbox {

class sms_code {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // Throws std::runtime_error when there are no random numbers.
    [[nodiscard]] static sms_code make(time_point now, std::chrono::seconds life);

    // The digits, for the message that carries them.
    [[nodiscard]] std::string_view reveal() const noexcept { return digits_.reveal(); }

    // True for the right code in time. Any answer uses the code up. Constant time.
    [[nodiscard]] bool use(std::string_view code, time_point now);

private:
    wire::secret digits_;
    time_point until_;
};

// Gateways by provider name, in capitals. The documented ones are there from the start.
using provider_table = std::map<std::string, std::string>;
[[nodiscard]] provider_table standard_providers();

// A host name of letters, digits, hyphens and dots.
[[nodiscard]] bool is_gateway(std::string_view host);

// The digits of a number written with blanks, hyphens, dots, parentheses and one leading plus;
// nothing when it holds anything else or is not 4 to 15 digits long (E.164).
[[nodiscard]] std::optional<std::string> phone_digits(std::string_view number);

// digits@gateway; nothing when the number or the provider is not usable. Built from digits and a
// checked host name alone, so that no header can be slipped into a message.
[[nodiscard]] std::optional<std::string> message_address(const provider_table& providers, std::string_view number, std::string_view provider);

} // namespace irislink::sandbox
