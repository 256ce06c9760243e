#pragma once
// Builds one line of the log: "event=login user=demo address=127.0.0.1:1972". Values with blanks are
// quoted and control characters escaped, so that nothing a peer or a user says can forge a line; a
// secret can be named but not shown. Lines are made only when somebody listens.

#include <concepts>
#include <string>
#include <string_view>

#include "irislink/options.hpp"
#include "wire/codec/secret.hpp"

namespace irislink::driver {

enum class log_level : int { error = 0, warning = 1, info = 2, debug = 3 };

class log_line {
public:
    explicit log_line(std::string_view event) { append("event", event); }

    log_line&& add(std::string_view key, std::string_view value) && {
        append(key, value);
        return std::move(*this);
    }

    log_line&& add(std::string_view key, std::integral auto value) && {
        append(key, std::to_string(value));
        return std::move(*this);
    }

    // Says that it was there; neither its text nor its length.
    log_line&& add(std::string_view key, const wire::secret& value) && {
        append(key, value.empty() ? "(none)" : "(set)");
        return std::move(*this);
    }

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

    void write(const log_sink& to, log_level level) const {
        if (to) to(static_cast<int>(level), text_);
    }

private:
    void append(std::string_view key, std::string_view value);

    std::string text_;
};

} // namespace irislink::driver
