#pragma once
// How a code gets to its phone: mail to the provider's gateway by SMTP, or, for tests and machines
// without mail, a file in an outbox folder. send() is thread-safe and bounded in time.

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "wire/codec/secret.hpp"

namespace irislink::sandbox {

enum class smtp_protection { none, starttls, tls };

struct smtp_settings {
    std::string server;
    int port{25};
    std::string from; // address
    std::string user;
    std::string password;
    smtp_protection protection{smtp_protection::none};
    std::string ca_file; // empty: the system's
    std::chrono::milliseconds time_limit{10'000};
};

class message_sender {
public:
    message_sender() = default;
    message_sender(const message_sender&) = delete;
    message_sender& operator=(const message_sender&) = delete;
    virtual ~message_sender() = default;

    // Empty when it was handed over, else why not. `to` comes from message_address().
    [[nodiscard]] virtual std::string send(const std::string& to, std::string_view text) = 0;
};

// local@host without anything a mail header could be broken with.
[[nodiscard]] bool is_mail_address(std::string_view address);

// Throws std::invalid_argument when the settings cannot work or would send a password in clear to
// another machine.
[[nodiscard]] std::unique_ptr<message_sender> make_smtp_sender(smtp_settings settings);

// One file of mode 0600 a message, complete from the moment its name appears. The folder is made, with
// mode 0700, when it is missing.
[[nodiscard]] std::unique_ptr<message_sender> make_outbox_sender(std::filesystem::path folder);

} // namespace irislink::sandbox
