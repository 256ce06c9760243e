#include "odbc/text/escapes.hpp"

#include <algorithm>
#include <array>

#include "driver/config/values.hpp"
#include "odbc/diag/odbc_error.hpp"

namespace irislink::odbc {
namespace {

constexpr std::array known{std::string_view("fn"), std::string_view("d"),      std::string_view("t"),   std::string_view("ts"),
                           std::string_view("oj"), std::string_view("escape"), std::string_view("call")};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

class rewriter {
public:
    explicit rewriter(std::string_view sql) : sql_(sql) {}

    std::string run() {
        out_.reserve(sql_.size());
        int open = 0;
        while (at_ < sql_.size()) {
            const char c = sql_[at_];
            if (c == '\'' || c == '"') {
                copy_quoted();
            } else if (sql_.substr(at_, 2) == "--") {
                copy_to("\n");
            } else if (sql_.substr(at_, 2) == "/*") {
                copy_to("*/");
            } else if (c == '{') {
                if (!clause()) ++open;
            } else {
                if (c == '}' && open > 0) --open;
                out_.push_back(c);
                ++at_;
            }
        }
        if (open > 0) fail("42000", "An escape clause is not closed: } is missing");
        return std::move(out_);
    }

private:
    void copy_quoted() {
        const char quote = sql_[at_];
        do {
            out_.push_back(sql_[at_++]);
        } while (at_ < sql_.size() && sql_[at_] != quote);
        if (at_ < sql_.size()) out_.push_back(sql_[at_++]);
    }

    void copy_to(std::string_view mark) {
        const auto found = sql_.find(mark, at_ + mark.size());
        const auto end = found == std::string_view::npos ? sql_.size() : found + mark.size();
        out_ += sql_.substr(at_, end - at_);
        at_ = end;
    }

    // At a {. True when the whole clause was rewritten; otherwise its brace was copied.
    bool clause() {
        auto at = at_ + 1;
        while (at < sql_.size() && (is_blank(sql_[at]))) ++at;
        const auto first = at;
        while (at < sql_.size() && is_letter(sql_[at])) ++at;
        const auto word = sql_.substr(first, at - first);
        const auto is = [word](std::string_view other) { return driver::same_text(word, other); };
        if (is("guid")) {
            while (at < sql_.size() && is_blank(sql_[at])) ++at;
            const auto close = sql_.find('}', at);
            if (close == std::string_view::npos || sql_[at] != '\'') fail("42000", "{guid ...} has a literal in quotes");
            auto literal = sql_.substr(at, close - at);
            while (!literal.empty() && is_blank(literal.back())) literal.remove_suffix(1);
            if (literal.size() < 2 || literal.back() != '\'' || std::ranges::count(literal, '\'') != 2) fail("42000", "{guid ...} has a literal in quotes");
            out_ += literal;
            at_ = close + 1;
            return true;
        }
        if (is("interval")) not_implemented("An interval literal");
        const bool call_with_result = word.empty() && first < sql_.size() && sql_[first] == '?';
        if (!call_with_result && std::ranges::none_of(known, is)) fail("42000", "There is no escape clause {" + std::string(word) + " ...}");
        out_.push_back(sql_[at_++]);
        return false;
    }

    std::string_view sql_;
    std::size_t at_{0};
    std::string out_;
};

} // namespace

std::string rewrite_escapes(std::string_view sql) {
    if (sql.find('{') == std::string_view::npos) return std::string(sql);
    return rewriter(sql).run();
}

} // namespace irislink::odbc
