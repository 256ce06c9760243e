#pragma once
// The steps of a routine's body. IF and WHILE are jumps between them: a body is a list, run by an index, and what is
// stored of a step stays one text.

#include <charconv>
#include <string>
#include <string_view>

namespace irislink::sandbox::sql {

struct body_step {
    enum class form { statement, jump, jump_unless };
    form kind{form::statement};
    std::size_t target{0}; // of a jump: the step to go on with
    std::string_view text; // the statement, or the condition

    // What is compiled; nothing for a jump alone. Of a condition a query for 1 or 0.
    [[nodiscard]] std::string sql() const {
        if (kind == form::jump) return {};
        return kind == form::statement ? std::string(text) : "SELECT CASE WHEN " + std::string(text) + "\nTHEN 1 ELSE 0 END";
    }
};

namespace detail {

inline constexpr std::string_view jump_word = "%JUMP ";
inline constexpr std::string_view unless_word = "%UNLESS ";

} // namespace detail

[[nodiscard]] inline std::string jump_to(std::size_t target) {
    return std::string(detail::jump_word) + std::to_string(target);
}

[[nodiscard]] inline std::string jump_unless(std::string_view condition, std::size_t target) {
    return std::string(detail::unless_word) + std::to_string(target) + " " + std::string(condition);
}

// `stored` outlives the step.
[[nodiscard]] inline body_step step_of(std::string_view stored) {
    body_step out;
    out.text = stored;
    const bool jump = stored.starts_with(detail::jump_word);
    if (!jump && !stored.starts_with(detail::unless_word)) return out;
    out.kind = jump ? body_step::form::jump : body_step::form::jump_unless;
    stored.remove_prefix(jump ? detail::jump_word.size() : detail::unless_word.size());
    const auto end = std::from_chars(stored.data(), stored.data() + stored.size(), out.target).ptr;
    stored.remove_prefix(static_cast<std::size_t>(end - stored.data()));
    out.text = stored;
    return out;
}

} // namespace irislink::sandbox::sql
