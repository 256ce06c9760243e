#include <unistd.h>

#include <chrono>
#include <clocale>
#include <cwchar>
#include <iostream>

#include "bindings/cli/commands.hpp"
#include "bindings/cli/json_output.hpp"
#include "wire/codec/charset.hpp"

namespace irislink::cli {
namespace {

constexpr std::size_t sampled_rows = 500;
constexpr std::size_t widest_column = 60;

// Columns a text takes on a terminal: wide characters two, marks none.
std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto c = wire::next_utf8(text, at);
        if (!c) {
            ++at;
            ++width;
            continue;
        }
        const int columns = ::wcwidth(static_cast<wchar_t>(*c));
        width += columns < 0 ? 1 : static_cast<std::size_t>(columns);
    }
    return width;
}

// Control characters would move the cursor: they are shown as escapes.
std::string shown(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n') {
            out += "\\n";
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            out += "\\x" + std::string(1, "0123456789ABCDEF"[c >> 4]) + "0123456789ABCDEF"[c & 15];
        } else {
            out.push_back(c);
        }
    }
    return out;
}

bool is_number(sql_type type) {
    switch (type) {
    case sql_type::tinyint:
    case sql_type::smallint:
    case sql_type::integer:
    case sql_type::bigint:
    case sql_type::numeric:
    case sql_type::decimal_type:
    case sql_type::floating:
    case sql_type::real:
    case sql_type::double_precision: return true;
    default: return false;
    }
}

std::string csv_field(std::string_view text) {
    if (!text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') out.push_back('"');
        out.push_back(c);
    }
    return out + "\"";
}

// A line on stderr while a long fetch runs, when somebody can see it.
class progress {
public:
    void tick(std::int64_t rows) {
        if (!terminal_ || rows % 10'000 != 0) return;
        const auto now = std::chrono::steady_clock::now();
        if (now - last_ < std::chrono::milliseconds(200)) return;
        last_ = now;
        const std::chrono::duration<double> since = now - start_;
        if (since.count() < 1) return;
        std::cerr << "\r" << rows << " rows, " << static_cast<std::int64_t>(static_cast<double>(rows) / since.count()) << " rows/s " << std::flush;
        drawn_ = true;
    }

    ~progress() {
        if (drawn_) std::cerr << "\r\x1b[K" << std::flush;
    }

private:
    bool terminal_{::isatty(STDERR_FILENO) != 0};
    bool drawn_{false};
    std::chrono::steady_clock::time_point start_{std::chrono::steady_clock::now()};
    std::chrono::steady_clock::time_point last_{start_};
};

class table_printer {
public:
    table_printer(std::ostream& out, const std::vector<column>& columns) : out_(&out), columns_(&columns) {
        for (const auto& each : columns) widths_.push_back(display_width(each.label));
    }

    void add(const row& in) {
        std::vector<std::string> cells;
        for (std::size_t i = 0; i < columns_->size(); ++i) {
            const auto text = in.text(i);
            // NULL, '' and the text NULL are three things.
            cells.push_back(!text ? "NULL" : text->empty() ? "''" : *text == "NULL" ? "'NULL'" : shown(*text));
        }
        if (started_) {
            print(cells);
            return;
        }
        for (std::size_t i = 0; i < cells.size(); ++i) widths_[i] = std::min(std::max(widths_[i], display_width(cells[i])), widest_column);
        waiting_.push_back(std::move(cells));
        if (waiting_.size() >= sampled_rows) start();
    }

    void finish() {
        if (!started_) start();
    }

private:
    void start() {
        started_ = true;
        std::vector<std::string> names;
        std::vector<std::string> rule;
        for (std::size_t i = 0; i < columns_->size(); ++i) {
            names.push_back(shown((*columns_)[i].label));
            rule.emplace_back(widths_[i], '-');
        }
        print(names);
        print(rule);
        for (const auto& each : waiting_) print(each);
        waiting_.clear();
    }

    void print(const std::vector<std::string>& cells) {
        std::string line;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const auto width = display_width(cells[i]);
            const std::string pad(width < widths_[i] ? widths_[i] - width : 0, ' ');
            if (i > 0) line += "  ";
            line += is_number((*columns_)[i].type) ? pad + cells[i] : i + 1 < cells.size() ? cells[i] + pad : cells[i];
        }
        *out_ << line << "\n";
    }

    std::ostream* out_;
    const std::vector<column>* columns_;
    std::vector<std::size_t> widths_;
    std::vector<std::vector<std::string>> waiting_;
    bool started_{false};
};

} // namespace

std::int64_t print_rows(std::ostream& out, result& rows, output_format format) {
    (void)std::setlocale(LC_CTYPE, "C.UTF-8");
    const auto& columns = rows.columns();
    std::int64_t count = 0;
    progress shown_progress;
    if (format == output_format::table) {
        table_printer printer(out, columns);
        while (rows.next()) {
            printer.add(rows.current());
            shown_progress.tick(++count);
        }
        printer.finish();
        return count;
    }
    if (format == output_format::csv) {
        for (std::size_t i = 0; i < columns.size(); ++i) out << (i > 0 ? "," : "") << csv_field(columns[i].label);
        out << "\n";
    }
    if (format == output_format::json) out << "[";
    const auto keys = json_keys(columns);
    while (rows.next()) {
        const auto& row = rows.current();
        if (format == output_format::csv) {
            // NULL is an empty field, '' a quoted one.
            for (std::size_t i = 0; i < columns.size(); ++i) {
                const auto text = row.text(i);
                out << (i > 0 ? "," : "") << (text ? csv_field(*text) : "");
            }
        } else {
            if (format == output_format::json) out << (count > 0 ? ",\n " : "\n ");
            out << json_row(row, keys);
        }
        if (format != output_format::json) out << "\n";
        shown_progress.tick(++count);
    }
    if (format == output_format::json) out << (count > 0 ? "\n]\n" : "]\n");
    return count;
}

} // namespace irislink::cli
