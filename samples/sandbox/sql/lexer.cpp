#include "samples/sandbox/sql/lexer.hpp"

#include <charconv>

#include "samples/sandbox/sql/sql_error.hpp"
#include "wire/codec/ascii.hpp"

namespace irislink::sandbox::sql {
namespace {

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

using wire::is_digit;

// Letters of any script may stand in names: every byte of a multi-byte character counts as one.
bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '%' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_name_part(char c) {
    return is_name_start(c) || is_digit(c) || c == '@' || c == '#';
}

class scanner {
public:
    explicit scanner(std::string_view sql) : sql_(sql) {}

    std::vector<token> run() {
        std::vector<token> out;
        std::uint32_t marks = 0;
        while (skip_blanks(), at_ < sql_.size()) {
            const char c = sql_[at_];
            token next;
            next.position = at_;
            if (c == '\'') {
                next.kind = token_kind::string;
                next.text = quoted('\'');
            } else if (c == '"') {
                next.kind = token_kind::delimited;
                next.text = quoted('"');
                next.upper = to_upper(next.text);
            } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
                next.kind = token_kind::number;
                next.text = number();
            } else if (c == '?') {
                next.kind = token_kind::parameter;
                next.number = ++marks;
                ++at_;
            } else if (c == ':' && is_name_start(peek(1)) && peek(1) != '%') {
                next.kind = token_kind::variable;
                ++at_;
                next.text = word();
            } else if (c == ':') {
                next.kind = token_kind::parameter;
                next.number = host_variable();
            } else if (is_name_start(c)) {
                next.kind = token_kind::identifier;
                next.text = word();
                next.upper = to_upper(next.text);
            } else {
                next.kind = token_kind::symbol;
                next.text = symbol();
            }
            out.push_back(std::move(next));
        }
        out.emplace_back();
        out.back().position = sql_.size();
        return out;
    }

private:
    [[nodiscard]] char peek(std::size_t ahead) const { return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0'; }

    void skip_blanks() {
        while (at_ < sql_.size()) {
            if (is_space(sql_[at_])) {
                ++at_;
            } else if (sql_[at_] == '-' && peek(1) == '-') {
                while (at_ < sql_.size() && sql_[at_] != '\n') ++at_;
            } else if (sql_[at_] == '/' && peek(1) == '*') {
                const auto end = sql_.find("*/", at_ + 2);
                if (end == std::string_view::npos) throw sql_error(1, "Comment not closed");
                at_ = end + 2;
            } else {
                return;
            }
        }
    }

    std::string word() {
        const auto first = at_;
        while (at_ < sql_.size() && is_name_part(sql_[at_])) ++at_;
        return std::string(sql_.substr(first, at_ - first));
    }

    std::string quoted(char quote) {
        std::string out;
        for (++at_; at_ < sql_.size(); ++at_) {
            if (sql_[at_] != quote) {
                out.push_back(sql_[at_]);
            } else if (peek(1) == quote) {
                out.push_back(quote);
                ++at_;
            } else {
                ++at_;
                return out;
            }
        }
        throw sql_error(3, quote == '"' ? "Closing double quote (\") missing" : "Closing quote (') missing");
    }

    std::string number() {
        const auto first = at_;
        while (is_digit(peek(0))) ++at_;
        if (peek(0) == '.') {
            ++at_;
            while (is_digit(peek(0))) ++at_;
        }
        if (peek(0) == 'e' || peek(0) == 'E') {
            const auto mark = at_++;
            if (peek(0) == '+' || peek(0) == '-') ++at_;
            if (!is_digit(peek(0))) {
                at_ = mark;
                throw sql_error(2, "Exponent digits missing after 'E'");
            }
            while (is_digit(peek(0))) ++at_;
        }
        return std::string(sql_.substr(first, at_ - first));
    }

    // :%qpar(7)
    std::uint32_t host_variable() {
        static constexpr std::string_view prefix = ":%qpar(";
        std::uint32_t position = 0;
        if (sql_.substr(at_, prefix.size()) == prefix) {
            const auto* const first = sql_.data() + at_ + prefix.size();
            const auto* const last = sql_.data() + sql_.size();
            const auto [end, error] = std::from_chars(first, last, position);
            if (error == std::errc{} && end != last && *end == ')' && position >= 1 && position <= 30000) {
                at_ = static_cast<std::size_t>(end - sql_.data()) + 1;
                return position;
            }
        }
        throw sql_error(28, "Host variable name must be :%qpar(n)");
    }

    std::string symbol() {
        static constexpr std::string_view pairs[] = {"||", "<=", ">=", "<>", "!=", "^="};
        for (const auto pair : pairs)
            if (sql_.substr(at_, 2) == pair) {
                at_ += 2;
                return std::string(pair);
            }
        static constexpr std::string_view singles = "()+-*/\\#,.;=<>{}[]";
        const char c = sql_[at_];
        if (singles.find(c) == std::string_view::npos) throw sql_error(1, std::string("Invalid character '") + c + "' in SQL statement");
        ++at_;
        return std::string(1, c);
    }

    std::string_view sql_;
    std::size_t at_{0};
};

} // namespace

std::string to_upper(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

std::string dotted(std::initializer_list<std::string_view> parts) {
    std::string out;
    bool first = true;
    for (const auto part : parts) {
        if (!first) out.push_back('.');
        first = false;
        for (const char c : to_upper(part)) {
            if (c == '.' || c == '\\') out.push_back('\\');
            out.push_back(c);
        }
    }
    return out;
}

std::vector<token> tokenize(std::string_view sql) {
    return scanner(sql).run();
}

} // namespace irislink::sandbox::sql
