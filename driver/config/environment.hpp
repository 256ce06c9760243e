#pragma once
// Settings of the environment: IRISLINK_ and any spelling of a keyword, in capitals, with _ for its
// blanks or without them. IRISLINK_HOST, IRISLINK_TLSMODE and IRISLINK_TLS_MODE need no table of their
// own. The weakest of all sources.

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "driver/config/keywords.hpp"
#include "wire/codec/secret.hpp"

namespace irislink::driver {

// Null for a variable that is not ours, and for one that names no keyword.
[[nodiscard]] const keyword* find_environment_keyword(std::string_view variable);

// "IRISLINK_SECURITY_LEVEL" for "Security Level".
[[nodiscard]] std::string environment_name(std::string_view spelling);

struct environment_setting {
    std::string variable;
    const keyword* row{nullptr}; // null when there is none
    wire::secret value;          // any of them may be one
};

// Every IRISLINK_ variable of this process that is not empty, by name. Must not run beside setenv().
[[nodiscard]] std::vector<environment_setting> environment_settings();

// Whether the one-time code of the environment was used: one flag per code for the whole process,
// since a code is never sent twice (decision 17).
[[nodiscard]] std::shared_ptr<std::atomic<bool>> environment_token_used(std::string_view token);

} // namespace irislink::driver
