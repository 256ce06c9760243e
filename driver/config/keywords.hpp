#pragma once
// The table of connection keywords: source of the parser, of docs/configuration.md and of doctor.

#include <span>
#include <string>
#include <string_view>

namespace irislink::driver {

enum class keyword_type { text, number, duration, boolean, level, secret, ignored };

struct keyword {
    std::string_view name;       // ours, as documented
    std::string_view aliases;    // the vendor's and other spellings, separated by ';'
    keyword_type type;
    std::string_view standard;   // default, as text; empty: none
    std::string_view values;     // what may be given
    std::string_view description;
};

[[nodiscard]] std::span<const keyword> keywords() noexcept;

// By any spelling: case and blanks do not matter. Null when unknown.
[[nodiscard]] const keyword* find_keyword(std::string_view spelling);

// The known spelling nearest to an unknown one, for the warning.
[[nodiscard]] std::string_view nearest_keyword(std::string_view spelling);

// docs/configuration.md
[[nodiscard]] std::string keywords_markdown();

}  // namespace irislink::driver
