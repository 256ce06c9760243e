#include "driver/config/keywords.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "wire/codec/ascii.hpp"

namespace irislink::driver {
namespace {

constexpr auto table = [] {
    using enum keyword_group;
    using enum keyword_type;
    return std::to_array<keyword>({
#include "driver/config/keyword_rows.inc"
    });
}();

// With `blanks` as spelled (runs of blanks count as one); without, blanks are dropped.
std::string folded(std::string_view spelling, bool blanks) {
    std::string out;
    for (const char c : spelling) {
        if (c == ' ' || c == '\t') {
            if (blanks && !out.empty() && out.back() != ' ') out.push_back(' ');
        } else {
            out.push_back(wire::ascii_lower(c));
        }
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

template <class Visit> void each_spelling(const keyword& row, Visit visit) {
    visit(row.name);
    std::string_view rest = row.aliases;
    while (!rest.empty()) {
        const auto end = std::min(rest.find(';'), rest.size());
        visit(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

// Edits (insert, drop, change, swap of neighbours) that make one of the other.
std::size_t distance(const std::string& left, const std::string& right) {
    const auto width = right.size() + 1;
    std::vector<std::size_t> cells((left.size() + 1) * width);
    const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& { return cells[i * width + j]; };
    for (std::size_t i = 0; i <= left.size(); ++i) at(i, 0) = i;
    for (std::size_t j = 0; j <= right.size(); ++j) at(0, j) = j;
    for (std::size_t i = 1; i <= left.size(); ++i) {
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const bool same = left[i - 1] == right[j - 1];
            at(i, j) = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (same ? 0U : 1U)});
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
        }
    }
    return cells.back();
}

std::string_view group_title(keyword_group group) {
    switch (group) {
    case keyword_group::server: return "Server";
    case keyword_group::login: return "Login";
    case keyword_group::protection: return "Protection";
    case keyword_group::tls: return "TLS";
    case keyword_group::kerberos: return "Kerberos";
    case keyword_group::second_factor: return "Second factor";
    case keyword_group::session: return "Session";
    case keyword_group::tracing: return "Tracing";
    case keyword_group::vendor: return "Accepted from the vendor's drivers, without effect";
    }
    return "";
}

constexpr std::string_view introduction = "# Connection keywords\n\n"
                                          "Made from `driver/config/keyword_rows.inc` by `irislink keywords --markdown`.\n\n"
                                          "A target is a URI, a connection string or the name of a data source:\n\n"
                                          "```\n"
                                          "iris://user:password@host:port,host2/NAMESPACE?keyword=value&keyword=value\n"
                                          "jdbc:IRIS://host:port/NAMESPACE/logfile:eventclass:nodelay:ssl?username=demo&password=secret\n"
                                          "Server=host;Port=1972;Database=USER;UID=demo;PWD={pass;word}\n"
                                          "mydsn\n"
                                          "```\n\n"
                                          "Keywords are matched without regard to case, those of several words with and without their blanks.\n"
                                          "In a connection string the first value of a keyword counts; a value in braces may hold any character,\n"
                                          "`}` doubled, in a data source too where the braces are the whole value. In an `iris://` URI every part is\n"
                                          "percent-decoded. A `jdbc:IRIS://` URL is taken as it is written; positions may be empty\n"
                                          "(`jdbc:IRIS://host:1972/USER/:::true` is TLS), the log file and the event\n"
                                          "class have no effect, and the query takes every keyword.\n\n"
                                          "Every spelling of a keyword is also an environment variable: `IRISLINK_` and the spelling in capitals, with\n"
                                          "`_` for its blanks or without them (`IRISLINK_HOST`, `IRISLINK_PASSWORD`, `IRISLINK_SECURITY_LEVEL`,\n"
                                          "`IRISLINK_TLSMODE` or `IRISLINK_TLS_MODE`). Empty ones count as not set; of two for one keyword the first by\n"
                                          "name counts. `IRISLINK_DSN` is looked at when nothing else names a server or a data source, and a password or\n"
                                          "token when none was given elsewhere. Secrets may come this way and are never shown, but other processes of the\n"
                                          "user can read them: prefer a file or a command.\n\n"
                                          "An explicit setting (`--set`, `connect_options::set`, Python keyword arguments) beats the URI or\n"
                                          "connection string, that beats the data source, that beats the TLS settings file, that beats the\n"
                                          "environment, that beats the default; `irislink doctor` shows which one won. An unknown keyword is a\n"
                                          "warning (01S00) naming the nearest known one, in the environment a line of the log; a value that cannot be\n"
                                          "used is an error before anything is sent (HY024), and so are settings that contradict each other (HY000).\n";

} // namespace

std::span<const keyword> keywords() noexcept {
    return table;
}

const keyword* find_keyword(std::string_view spelling) {
    // The usual case, and every look-up of our own, takes no memory.
    for (const auto& row : table)
        if (wire::equal_ignoring_case(row.name, spelling)) return &row;
    // "Query Timeout" (the vendor's switch) and "QueryTimeout" (ours, seconds) differ in the blank
    // alone: an exact spelling wins before blanks are ignored.
    for (const bool blanks : {true, false}) {
        const auto wanted = folded(spelling, blanks);
        for (const auto& row : table) {
            bool found = false;
            each_spelling(row, [&](std::string_view each) { found = found || folded(each, blanks) == wanted; });
            if (found) return &row;
        }
    }
    return nullptr;
}

std::string_view nearest_keyword(std::string_view spelling) {
    // Nobody misspells a keyword by more than this; it bounds the work for hostile input.
    const auto wanted = folded(spelling.substr(0, 64), false);
    std::string_view best = table.front().name;
    std::size_t least = wanted.size() + 100;
    for (const auto& row : table)
        each_spelling(row, [&](std::string_view each) {
            const auto d = distance(wanted, folded(each, false));
            if (d < least) {
                least = d;
                best = each;
            }
        });
    return best;
}

std::string_view type_name(keyword_type type) noexcept {
    switch (type) {
    case keyword_type::text: return "text";
    case keyword_type::number: return "number";
    case keyword_type::duration: return "seconds";
    case keyword_type::boolean: return "boolean";
    case keyword_type::choice: return "choice";
    case keyword_type::file: return "file";
    case keyword_type::secret: return "secret";
    case keyword_type::ignored: return "ignored";
    }
    return "";
}

std::string keywords_markdown() {
    std::string out(introduction);
    const keyword* previous = nullptr;
    for (const auto& row : table) {
        if (previous == nullptr || previous->group != row.group) {
            out.append("\n## ").append(group_title(row.group)).append("\n\n");
            out += "| keyword | other spellings | type | values | default | example | since | meaning |\n|---|---|---|---|---|---|---|---|\n";
        }
        previous = &row;
        std::string aliases;
        each_spelling(row, [&](std::string_view each) {
            if (each != row.name) aliases.append(aliases.empty() ? "`" : ", `").append(each).append("`");
        });
        const auto code = [](std::string_view text) { return text.empty() ? std::string() : "`" + std::string(text) + "`"; };
        out.append("| `").append(row.name).append("` | ").append(aliases).append(" | ").append(type_name(row.type));
        out.append(" | ").append(row.values).append(" | ").append(code(row.standard)).append(" | ").append(code(row.example));
        out.append(" | ").append(row.since).append(" | ").append(row.description).append(" |\n");
    }
    return out;
}

std::string keywords_text() {
    std::size_t width = 0;
    for (const auto& row : table) width = std::max(width, row.name.size());
    std::string out;
    const keyword* previous = nullptr;
    for (const auto& row : table) {
        if (previous == nullptr || previous->group != row.group) out.append(previous == nullptr ? "" : "\n").append(group_title(row.group)).append("\n");
        previous = &row;
        out.append("  ").append(row.name).append(width - row.name.size() + 2, ' ').append(row.values);
        if (!row.standard.empty()) out.append(" (default ").append(row.standard).append(")");
        out += "\n";
    }
    return out;
}

} // namespace irislink::driver
