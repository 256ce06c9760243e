#pragma once
// The table of connection keywords: source of the parser, of docs/configuration.md and of doctor.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace irislink::driver {

enum class keyword_type : std::uint8_t {
    text,
    number,
    duration, // whole seconds
    boolean,  // 0/1, true/false, yes/no, on/off
    choice,   // one of a few words
    file,     // a path
    secret,   // never shown, never part of an output connection string
    ignored,  // accepted, without effect
};

enum class keyword_group : std::uint8_t { server, login, protection, tls, kerberos, second_factor, session, tracing, vendor };

struct keyword {
    std::string_view name;    // as documented
    std::string_view aliases; // the vendor's and other spellings, separated by ';'
    keyword_group group;
    keyword_type type;
    std::string_view standard; // default, as text; empty: none
    std::string_view values;   // what may be given
    std::string_view example;
    std::string_view description;
    std::string_view since{"0.1"};
};

[[nodiscard]] std::span<const keyword> keywords() noexcept;

// By any spelling: case does not matter, nor do blanks, except where two keywords differ in them
// alone. Null when unknown.
[[nodiscard]] const keyword* find_keyword(std::string_view spelling);

// The known spelling nearest to an unknown one, for the warning.
[[nodiscard]] std::string_view nearest_keyword(std::string_view spelling);

[[nodiscard]] std::string_view type_name(keyword_type type) noexcept;

// docs/configuration.md
[[nodiscard]] std::string keywords_markdown();
// One line per keyword, for terminals.
[[nodiscard]] std::string keywords_text();

} // namespace irislink::driver
