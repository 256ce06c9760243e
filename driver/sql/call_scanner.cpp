#include "driver/sql/call_scanner.hpp"

#include <algorithm>

#include "wire/codec/ascii.hpp"

namespace irislink::driver {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

using wire::is_digit;

bool is_name(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '%' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

class call_parser {
public:
    explicit call_parser(std::string_view sql) : sql_(sql) {}

    std::optional<scanned_call> run() {
        scanned_call out;
        const bool braces = accept('{');
        if (braces && accept('?')) {
            if (!accept('=')) return std::nullopt;
            out.returns = true;
        }
        if (!accept_word("CALL") || !name(out.name)) return std::nullopt;
        if (accept('(') && !accept(')')) {
            do {
                auto& argument = out.arguments.emplace_back();
                if (!value(argument)) return std::nullopt;
            } while (accept(','));
            if (!accept(')')) return std::nullopt;
        } else if (!braces && sql_[at_ - 1] != ')') {
            return std::nullopt; // CALL p without parentheses is a statement like others (wire-sql 2.6)
        }
        if (braces && !accept('}')) return std::nullopt;
        while (accept(';')) {
        }
        return at_ == sql_.size() ? std::optional(std::move(out)) : std::nullopt;
    }

private:
    void skip_blanks() {
        while (at_ < sql_.size() && is_blank(sql_[at_])) ++at_;
    }

    [[nodiscard]] char current() const { return at_ < sql_.size() ? sql_[at_] : '\0'; }

    // Blanks after it are taken with it, and those before the first.
    bool accept(char symbol) {
        if (at_ == 0) skip_blanks();
        if (current() != symbol) return false;
        ++at_;
        skip_blanks();
        return true;
    }

    bool accept_word(std::string_view upper) {
        if (at_ == 0) skip_blanks();
        const auto found = sql_.substr(at_, upper.size());
        const auto same = [](char c, char u) { return c == u || (c >= 'a' && c <= 'z' && c - 'a' + 'A' == u); };
        if (found.size() != upper.size() || !std::ranges::equal(found, upper, same)) return false;
        if (at_ + upper.size() < sql_.size() && is_name(sql_[at_ + upper.size()])) return false;
        at_ += upper.size();
        skip_blanks();
        return true;
    }

    // [schema .] name, each delimited or not.
    bool name(std::string& out) {
        do {
            if (!out.empty()) out.push_back('.');
            const auto first = at_;
            if (current() == '"') {
                std::string ignored;
                if (!quoted('"', ignored)) return false;
            } else {
                while (is_name(current())) ++at_;
            }
            if (at_ == first) return false;
            out += sql_.substr(first, at_ - first);
            skip_blanks();
        } while (accept('.'));
        return true;
    }

    bool quoted(char quote, std::string& out) {
        for (++at_; at_ < sql_.size(); ++at_) {
            if (sql_[at_] != quote) {
                out.push_back(sql_[at_]);
            } else if (at_ + 1 < sql_.size() && sql_[at_ + 1] == quote) {
                out.push_back(quote);
                ++at_;
            } else {
                ++at_;
                return true;
            }
        }
        return false;
    }

    bool value(call_argument& out) {
        using form = call_argument::form;
        if (accept('?')) return true;
        if (current() == ',' || current() == ')') {
            out.kind = form::omitted;
            return true;
        }
        if (accept_word("DEFAULT")) {
            out.kind = form::omitted;
            return true;
        }
        if (accept_word("NULL")) {
            out.kind = form::null;
            return true;
        }
        out.kind = form::literal;
        // {d '...'}, {t '...'}, {ts '...'}: the text is what a DATE, TIME or TIMESTAMP parameter takes.
        if (accept('{')) {
            if (!accept_word("D") && !accept_word("TS") && !accept_word("T")) return false;
            if (current() != '\'' || !quoted('\'', out.text)) return false;
            skip_blanks();
            return accept('}');
        }
        if (current() == '\'') {
            const bool closed = quoted('\'', out.text);
            skip_blanks();
            return closed;
        }
        return number(out.text);
    }

    bool number(std::string& out) {
        if (current() == '-' || current() == '+') {
            if (current() == '-') out.push_back('-');
            ++at_;
        }
        const auto first = at_;
        bool digits = false;
        while (is_digit(current()) || current() == '.') {
            digits = digits || is_digit(current());
            ++at_;
        }
        if (digits && (current() == 'e' || current() == 'E')) {
            ++at_;
            if (current() == '-' || current() == '+') ++at_;
            while (is_digit(current())) ++at_;
        }
        out += sql_.substr(first, at_ - first);
        skip_blanks();
        return digits;
    }

    std::string_view sql_;
    std::size_t at_{0};
};

} // namespace

std::uint32_t scanned_call::markers() const noexcept {
    const auto found = std::ranges::count(arguments, call_argument::form::marker, &call_argument::kind);
    return static_cast<std::uint32_t>(found) + (returns ? 1 : 0);
}

std::optional<scanned_call> scan_call(std::string_view sql) {
    return call_parser(sql).run();
}

} // namespace irislink::driver
