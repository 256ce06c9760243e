#include <algorithm>
#include <clocale>
#include <cwctype>
#include <locale.h>
#include <memory>

#include "samples/sandbox/sql/functions_support.hpp"
#include "samples/sandbox/sql/sqlite.hpp"
#include "wire/codec/charset.hpp"

namespace irislink::sandbox::sql {
namespace {

// Case tables of Unicode; the locale object lives as long as the process.
locale_t unicode_locale() {
    static const locale_t instance = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return instance;
}

// Appends the character at `at`, mapped, and moves behind it; what is no UTF-8 stays as it is.
template <class Map> void append_mapped(std::string& out, std::string_view text, std::size_t& at, Map map) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
        out.push_back(static_cast<char>(map(byte)));
        ++at;
    } else if (const auto c = wire::next_utf8(text, at)) {
        wire::append_utf8(out, static_cast<char32_t>(map(static_cast<wint_t>(*c))));
    } else {
        out.push_back(text[at++]);
    }
}

template <class Map> std::string map_characters(std::string_view text, Map map) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) append_mapped(out, text, at, map);
    return out;
}

wint_t to_capital(wint_t c) {
    return ::towupper_l(c, unicode_locale());
}

// The octets of a text in capitals, one by one. One character fits what a string keeps inside itself, so
// that no memory is asked for.
class capitals {
public:
    explicit capitals(std::string_view text) : text_(text) {}

    // -1 at the end.
    int next() {
        if (taken_ == piece_.size()) {
            if (at_ == text_.size()) return -1;
            piece_.clear();
            taken_ = 0;
            append_mapped(piece_, text_, at_, to_capital);
        }
        return static_cast<unsigned char>(piece_[taken_++]);
    }

private:
    std::string_view text_;
    std::size_t at_{0};
    std::string piece_;
    std::size_t taken_{0};
};

// Order of SQLUPPER: by the capitals of both. It asks for no memory, as a collation has no way to fail.
int compare_folded(void*, int left_size, const void* left, int right_size, const void* right) noexcept {
    const auto* a = static_cast<const unsigned char*>(left);
    const auto* b = static_cast<const unsigned char*>(right);
    const int common = std::min(left_size, right_size);
    for (int i = 0; i < common; ++i) {
        unsigned x = a[i];
        unsigned y = b[i];
        if (x >= 0x80 || y >= 0x80) {
            capitals of_a({reinterpret_cast<const char*>(a) + i, static_cast<std::size_t>(left_size - i)});
            capitals of_b({reinterpret_cast<const char*>(b) + i, static_cast<std::size_t>(right_size - i)});
            while (true) {
                const int c = of_a.next();
                const int d = of_b.next();
                if (c != d) return c < d ? -1 : 1;
                if (c < 0) return 0;
            }
        }
        if (x >= 'a' && x <= 'z') x -= 32;
        if (y >= 'a' && y <= 'z') y -= 32;
        if (x != y) return x < y ? -1 : 1;
    }
    return left_size == right_size ? 0 : left_size < right_size ? -1 : 1;
}

// LIKE with % _ and an escape; iterative, so that no pattern makes it exponential in depth.
bool matches(std::string_view text, std::string_view pattern, std::string_view escape) {
    std::size_t t = 0;
    std::size_t p = 0;
    std::size_t star = std::string_view::npos;
    std::size_t star_text = 0;
    while (t < text.size()) {
        if (p < pattern.size()) {
            const bool escaped = !escape.empty() && pattern.substr(p, escape.size()) == escape && p + escape.size() < pattern.size();
            if (!escaped && pattern[p] == '%') {
                star = ++p;
                star_text = t;
                continue;
            }
            const auto width = character_length(text, t);
            if (!escaped && pattern[p] == '_') {
                ++p;
                t += width;
                continue;
            }
            const auto at = p + (escaped ? escape.size() : 0);
            const auto wanted = character_length(pattern, at);
            if (pattern.substr(at, wanted) == text.substr(t, width)) {
                p = at + wanted;
                t += width;
                continue;
            }
        }
        if (star == std::string_view::npos) return false;
        star_text += character_length(text, star_text);
        t = star_text;
        p = star;
    }
    while (p < pattern.size() && pattern[p] == '%') ++p;
    return p == pattern.size();
}

void like(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(2, values)) return;
    const auto escape = sqlite3_value_type(values[2]) == SQLITE_NULL ? std::string_view{} : text_argument(values[2]);
    if (sqlite3_value_type(values[2]) != SQLITE_NULL && (escape.empty() || character_length(escape, 0) != escape.size())) {
        raise(context, 63, "The escape character of LIKE must be one character");
        return;
    }
    if (sqlite3_value_int(values[3]) != 0) {
        sqlite3_result_int(context, matches(text_argument(values[0]), text_argument(values[1]), escape) ? 1 : 0);
        return;
    }
    const bool found = matches(fold_upper(text_argument(values[0])), fold_upper(text_argument(values[1])), fold_upper(escape));
    sqlite3_result_int(context, found ? 1 : 0);
}

void starts_with(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(2, values)) return;
    const auto text = text_argument(values[0]);
    const auto prefix = text_argument(values[1]);
    const bool exact = sqlite3_value_int(values[2]) != 0;
    const bool found = exact ? text.starts_with(prefix) : fold_upper(text).starts_with(fold_upper(prefix));
    sqlite3_result_int(context, found ? 1 : 0);
}

void upper(sqlite3_context* context, int, sqlite3_value** values) {
    if (!any_null(1, values)) return_text(context, fold_upper(text_argument(values[0])));
}

void lower(sqlite3_context* context, int, sqlite3_value** values) {
    if (!any_null(1, values)) return_text(context, fold_lower(text_argument(values[0])));
}

void right(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(2, values)) return;
    const auto text = text_argument(values[0]);
    auto wanted = sqlite3_value_int64(values[1]);
    std::size_t at = text.size();
    while (at > 0 && wanted > 0) {
        --at;
        while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) --at;
        --wanted;
    }
    return_text(context, text.substr(at));
}

// Position of the first argument in the second, in characters from 1; 0 when absent.
void locate(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(3, values)) return;
    const auto needle = text_argument(values[0]);
    const auto text = text_argument(values[1]);
    const auto start = std::max<sqlite3_int64>(sqlite3_value_int64(values[2]), 1);
    std::size_t at = 0;
    for (sqlite3_int64 i = 1; i < start && at < text.size(); ++i) at += character_length(text, at);
    const auto found = text.find(needle, at);
    if (found == std::string_view::npos || needle.empty()) {
        sqlite3_result_int64(context, 0);
        return;
    }
    sqlite3_int64 position = 1;
    for (std::size_t i = 0; i < found; i += character_length(text, i)) ++position;
    sqlite3_result_int64(context, position);
}

void repeat(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(2, values)) return;
    const auto text = text_argument(values[0]);
    const auto times = static_cast<std::size_t>(std::max<sqlite3_int64>(sqlite3_value_int64(values[1]), 0));
    if (!text.empty() && times > text_limit / text.size()) {
        raise(context, 400, "REPEAT makes a text that is too long");
        return;
    }
    std::string out;
    out.reserve(text.size() * times);
    for (std::size_t i = 0; i < times; ++i) out += text;
    return_text(context, out);
}

void reverse(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    const auto text = text_argument(values[0]);
    std::string out(text.size(), '\0');
    std::size_t end = text.size();
    for (std::size_t at = 0; at < text.size();) {
        const auto width = character_length(text, at);
        end -= width;
        text.copy(out.data() + end, width, at);
        at += width;
    }
    return_text(context, out);
}

void pad(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(3, values)) return;
    const std::string text(text_argument(values[0]));
    const auto filler = text_argument(values[2]);
    const auto wanted = std::clamp<sqlite3_int64>(sqlite3_value_int64(values[1]), 0, 1 << 20);
    sqlite3_int64 length = 0;
    std::size_t cut = text.size();
    for (std::size_t at = 0; at < text.size(); at += character_length(text, at)) {
        if (length == wanted) {
            cut = at;
            break;
        }
        ++length;
    }
    std::string fill;
    for (std::size_t at = 0; length < wanted && !filler.empty(); ++length) {
        const auto width = character_length(filler, at);
        fill += filler.substr(at, width);
        at = at + width < filler.size() ? at + width : 0;
    }
    const auto kept = text.substr(0, cut);
    return_text(context, sqlite3_value_int(values[3]) != 0 ? fill + kept : kept + fill);
}

struct registration {
    scalar_function function;
    void* owner;
};

void call(sqlite3_context* context, int count, sqlite3_value** values) {
    guarded(context, [&] { static_cast<const registration*>(sqlite3_user_data(context))->function(context, count, values); });
}

void add_function(sqlite3* db, const char* name, int arguments, int flags, registration what) {
    // SQLite owns it from here, also when it refuses the function.
    auto made = std::make_unique<registration>(what);
    const auto forget = [](void* old) { std::default_delete<registration>{}(static_cast<registration*>(old)); };
    sqlite3_create_function_v2(db, name, arguments, flags | SQLITE_UTF8, made.release(), call, nullptr, nullptr, forget);
}

} // namespace

std::size_t character_length(std::string_view text, std::size_t at) {
    std::size_t after = at;
    return wire::next_utf8(text, after) ? after - at : 1;
}

std::string_view text_argument(sqlite3_value* value) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
    const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
    return text == nullptr ? std::string_view{} : std::string_view(text, size);
}

void return_text(sqlite3_context* context, std::string_view text) {
    sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

bool any_null(int count, sqlite3_value** values) {
    for (int i = 0; i < count; ++i)
        if (sqlite3_value_type(values[i]) == SQLITE_NULL) return true;
    return false;
}

std::string fold_upper(std::string_view text) {
    return map_characters(text, to_capital);
}

std::string fold_lower(std::string_view text) {
    return map_characters(text, [](wint_t c) { return ::towlower_l(c, unicode_locale()); });
}

void register_function(sqlite3* db, const char* name, int arguments, scalar_function function, bool deterministic) {
    add_function(db, name, arguments, SQLITE_INNOCUOUS | (deterministic ? SQLITE_DETERMINISTIC : 0), {function, nullptr});
}

void register_function(sqlite3* db, const char* name, int arguments, scalar_function function, void* owner) {
    add_function(db, name, arguments, 0, {function, owner});
}

void* owner_of(sqlite3_context* context) {
    return static_cast<const registration*>(sqlite3_user_data(context))->owner;
}

void register_text_functions(sqlite3* db) {
    sqlite3_create_collation_v2(db, "IRIS", SQLITE_UTF8, nullptr, compare_folded, nullptr);
    register_function(db, "iris_like", 4, like);
    register_function(db, "iris_starts_with", 3, starts_with);
    register_function(db, "iris_upper", 1, upper);
    register_function(db, "iris_lower", 1, lower);
    register_function(db, "iris_right", 2, right);
    register_function(db, "iris_locate", 3, locate);
    register_function(db, "iris_repeat", 2, repeat);
    register_function(db, "iris_reverse", 1, reverse);
    register_function(db, "iris_pad", 4, pad);
}

void register_functions(sqlite3* db) {
    register_text_functions(db);
    register_number_functions(db);
    register_store_functions(db);
    register_date_functions(db);
    register_format_functions(db);
    register_string_functions(db);
    register_schema_functions(db);
    register_list_functions(db);
}

} // namespace irislink::sandbox::sql
