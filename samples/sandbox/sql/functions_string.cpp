#include <algorithm>
#include <cstdint>
#include <vector>

#include "samples/sandbox/sql/functions_support.hpp"
#include "samples/sandbox/sql/sqlite.hpp"

// The string functions of ObjectScript that IRIS SQL has, and %MATCHES. Positions count characters from 1.

namespace irislink::sandbox::sql {
namespace {

// The text of characters `first` to `last`, both within bounds or not.
std::string_view characters(std::string_view text, std::int64_t first, std::int64_t last) {
    std::size_t begin = text.size();
    std::int64_t position = 1;
    for (std::size_t at = 0; at < text.size(); at += character_length(text, at), ++position) {
        if (position == std::max<std::int64_t>(first, 1)) begin = at;
        if (position > last) return at > begin ? text.substr(begin, at - begin) : std::string_view{};
    }
    return text.substr(begin);
}

std::int64_t length_of(std::string_view text) {
    std::int64_t out = 0;
    for (std::size_t at = 0; at < text.size(); at += character_length(text, at)) ++out;
    return out;
}

// SUBSTRING(text, start [, length]): a start before the text counts against the length.
void substring(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(2, values)) return;
    const auto start = sqlite3_value_int64(values[1]);
    const bool open = sqlite3_value_type(values[2]) == SQLITE_NULL;
    const auto length = std::clamp<std::int64_t>(sqlite3_value_int64(values[2]), 0, INT32_MAX);
    return_text(context, characters(text_argument(values[0]), start, open ? INT64_MAX : std::clamp<std::int64_t>(start, INT32_MIN, INT32_MAX) + length - 1));
}

// The empty string of ObjectScript is NULL in SQL.
void return_piece(sqlite3_context* context, std::string_view text) {
    if (!text.empty()) return_text(context, text);
}

// $EXTRACT(text, first, last)
void extract(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(3, values)) return;
    return_piece(context, characters(text_argument(values[0]), sqlite3_value_int64(values[1]), sqlite3_value_int64(values[2])));
}

// $FIND(text, wanted, start): the position after what was found, or 0.
void find(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(3, values)) return;
    const auto text = text_argument(values[0]);
    const auto wanted = text_argument(values[1]);
    std::size_t from = 0;
    for (std::int64_t i = 1; i < sqlite3_value_int64(values[2]) && from < text.size(); ++i) from += character_length(text, from);
    const auto found = text.find(wanted, from);
    sqlite3_result_int64(context, found == std::string_view::npos ? 0 : length_of(text.substr(0, found + wanted.size())) + 1);
}

// $PIECE(text, delimiter, first, last): the pieces between delimiters, with the delimiters between them.
void piece(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(4, values)) return;
    const auto text = text_argument(values[0]);
    const auto delimiter = text_argument(values[1]);
    const auto first = std::max<std::int64_t>(sqlite3_value_int64(values[2]), 1);
    const auto last = sqlite3_value_int64(values[3]);
    if (delimiter.empty() || last < first) return;
    std::size_t begin = first == 1 ? 0 : std::string_view::npos;
    std::int64_t number = 1;
    for (std::size_t at = 0;; ++number) {
        const auto end = text.find(delimiter, at);
        if (number == last || end == std::string_view::npos) {
            if (begin != std::string_view::npos) return_piece(context, text.substr(begin, std::min(end, text.size()) - begin));
            return;
        }
        at = end + delimiter.size();
        if (number + 1 == first) begin = at;
    }
}

// $LENGTH(text, delimiter): how many pieces there are.
void pieces(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(2, values)) return;
    const auto text = text_argument(values[0]);
    const auto delimiter = text_argument(values[1]);
    std::int64_t out = delimiter.empty() ? 0 : 1;
    for (std::size_t at = text.find(delimiter); !delimiter.empty() && at != std::string_view::npos; at = text.find(delimiter, at + delimiter.size())) ++out;
    sqlite3_result_int64(context, out);
}

std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> out;
    for (std::size_t at = 0; at < text.size(); at += out.back().size()) out.push_back(text.substr(at, character_length(text, at)));
    return out;
}

// $TRANSLATE(text, from, to): character by character; those without a counterpart go.
void translate(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(3, values)) return;
    const auto from = split(text_argument(values[1]));
    const auto to = split(text_argument(values[2]));
    std::string out;
    for (const auto each : split(text_argument(values[0]))) {
        const auto found = std::ranges::find(from, each);
        const auto index = static_cast<std::size_t>(found - from.begin());
        if (found == from.end()) {
            out += each;
        } else if (index < to.size()) {
            out += to[index];
        }
    }
    return_text(context, out);
}

// One place of a %MATCHES pattern.
struct place {
    enum class form : std::uint8_t { any_number, any, one_of, none_of } kind{form::one_of};
    std::vector<std::pair<std::string_view, std::string_view>> ranges;

    [[nodiscard]] bool fits(std::string_view character) const {
        if (kind == form::any) return true;
        const bool inside = std::ranges::any_of(ranges, [&](const auto& range) { return range.first <= character && character <= range.second; });
        return inside == (kind == form::one_of);
    }
};

// * any characters, ? one, [abc], [a-z], [^abc]; the escape character makes the next one plain.
std::vector<place> places_of(const std::vector<std::string_view>& pattern, std::string_view escape) {
    std::vector<place> out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        auto& next = out.emplace_back();
        if (pattern[i] == escape && i + 1 < pattern.size()) {
            ++i;
            next.ranges.emplace_back(pattern[i], pattern[i]);
        } else if (pattern[i] == "*") {
            next.kind = place::form::any_number;
        } else if (pattern[i] == "?") {
            next.kind = place::form::any;
        } else if (pattern[i] == "[" && std::find(pattern.begin() + static_cast<std::ptrdiff_t>(i) + 1, pattern.end(), "]") != pattern.end()) {
            ++i;
            if (pattern[i] == "^") {
                next.kind = place::form::none_of;
                ++i;
            }
            for (; pattern[i] != "]"; ++i) {
                const bool range = i + 2 < pattern.size() && pattern[i + 1] == "-" && pattern[i + 2] != "]";
                next.ranges.emplace_back(pattern[i], pattern[range ? i + 2 : i]);
                if (range) i += 2;
            }
        } else {
            next.ranges.emplace_back(pattern[i], pattern[i]);
        }
    }
    return out;
}

// Iterative, with one place to come back to, so that no pattern takes exponential time.
bool fits(const std::vector<std::string_view>& text, const std::vector<place>& pattern) {
    std::size_t t = 0;
    std::size_t p = 0;
    std::size_t star = pattern.size();
    std::size_t star_text = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p].kind == place::form::any_number) {
            star = p++;
            star_text = t;
        } else if (p < pattern.size() && pattern[p].fits(text[t])) {
            ++p;
            ++t;
        } else if (star < pattern.size()) {
            p = star + 1;
            t = ++star_text;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p].kind == place::form::any_number) ++p;
    return p == pattern.size();
}

// iris_matches(text, pattern, escape, exact)
void matches(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(2, values)) return;
    const bool exact = sqlite3_value_int(values[3]) != 0;
    const auto text = exact ? std::string(text_argument(values[0])) : fold_upper(text_argument(values[0]));
    const auto pattern = exact ? std::string(text_argument(values[1])) : fold_upper(text_argument(values[1]));
    const std::string escape(sqlite3_value_type(values[2]) == SQLITE_NULL ? "\\" : text_argument(values[2]));
    sqlite3_result_int(context, fits(split(text), places_of(split(pattern), escape)) ? 1 : 0);
}

} // namespace

void register_string_functions(sqlite3* db) {
    register_function(db, "iris_substring", 3, substring);
    register_function(db, "iris_extract", 3, extract);
    register_function(db, "iris_find", 3, find);
    register_function(db, "iris_piece", 4, piece);
    register_function(db, "iris_pieces", 2, pieces);
    register_function(db, "iris_translate", 3, translate);
    register_function(db, "iris_matches", 4, matches);
}

} // namespace irislink::sandbox::sql
