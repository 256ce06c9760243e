#include "driver/sql/scanner.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace irislink::driver {
namespace {

// Definitions are sent as they are: the body of a routine may hold ? of its own (wire-sql 2.3, 2.6).
constexpr std::array ddl_words{std::string_view("CREATE"), std::string_view("GRANT"),  std::string_view("REVOKE"),
                               std::string_view("LOCK"),   std::string_view("UNLOCK"), std::string_view("TUNE")};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '%';
}

bool is_word_part(char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80 || c == '$' || c == '@' || c == '#';
}

std::string upper(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

class scan {
public:
    explicit scan(std::string_view sql) : sql_(sql) {}

    scanned_statement run() {
        while (at_ < sql_.size() && out_.kind != statement_kind::ddl && out_.kind != statement_kind::drop) {
            const char c = sql_[at_];
            if (c == '\'' || c == '"') {
                copy_quoted(c);
            } else if (c == '-' && peek() == '-') {
                skip_line_comment();
            } else if (c == '/' && peek() == '*') {
                copy_block_comment();
            } else if (c == '?') {
                out_.text += " :%qpar(" + std::to_string(++out_.parameters) + ") ";
                ++at_;
            } else if (is_letter(c)) {
                word();
            } else {
                if (c == '(') ++depth_;
                if (c == ')') --depth_;
                out_.text.push_back(c);
                ++at_;
            }
        }
        if (out_.kind == statement_kind::ddl || out_.kind == statement_kind::drop) {
            out_.text = sql_;
            out_.parameters = 0;
        }
        while (!out_.text.empty() &&
               (out_.text.back() == ';' || out_.text.back() == ' ' || out_.text.back() == '\n' || out_.text.back() == '\r' || out_.text.back() == '\t'))
            out_.text.pop_back();
        return std::move(out_);
    }

private:
    [[nodiscard]] char peek() const { return at_ + 1 < sql_.size() ? sql_[at_ + 1] : '\0'; }

    void copy_quoted(char quote) {
        do {
            out_.text.push_back(sql_[at_++]);
        } while (at_ < sql_.size() && sql_[at_] != quote);
        if (at_ < sql_.size()) out_.text.push_back(sql_[at_++]); // a doubled quote opens again: the same
    }

    void skip_line_comment() {
        while (at_ < sql_.size() && sql_[at_] != '\n') ++at_;
        out_.text.push_back(' ');
    }

    void copy_block_comment() {
        const auto end = sql_.find("*/", at_ + 2);
        const auto stop = end == std::string_view::npos ? sql_.size() : end + 2;
        out_.text += sql_.substr(at_, stop - at_);
        at_ = stop;
    }

    void word() {
        const auto first = at_;
        while (at_ < sql_.size() && is_word_part(sql_[at_])) ++at_;
        const auto text = sql_.substr(first, at_ - first);
        out_.text += text;
        if (!decided_) decide(upper(text));
    }

    // The kind follows from the first word; after WITH from the first verb outside its parentheses.
    void decide(const std::string& word) {
        if (in_with_) {
            if (depth_ != with_depth_ || (word != "SELECT" && word != "INSERT" && word != "UPDATE" && word != "DELETE")) return;
            out_.kind = word == "SELECT" ? statement_kind::query : statement_kind::update;
            decided_ = true;
            return;
        }
        if (word == "WITH") {
            in_with_ = true;
            with_depth_ = depth_;
            return;
        }
        decided_ = true;
        if (word == "SELECT" || word == "THROUGH" || word == "EXPLAIN") {
            out_.kind = statement_kind::query;
        } else if (word == "ALTER" || word == "DROP") {
            out_.kind = statement_kind::drop;
        } else if (word == "USE") {
            out_.kind = statement_kind::use;
        } else if (std::ranges::find(ddl_words, word) != ddl_words.end()) {
            out_.kind = statement_kind::ddl;
        }
    }

    std::string_view sql_;
    std::size_t at_{0};
    scanned_statement out_;
    int depth_{0};
    int with_depth_{0};
    bool decided_{false};
    bool in_with_{false};
};

} // namespace

scanned_statement scan_statement(std::string_view sql) {
    return scan(sql).run();
}

} // namespace irislink::driver
