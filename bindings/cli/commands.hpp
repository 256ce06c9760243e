#pragma once
// The commands of the tool. Each returns the exit status: 0 done, 1 the server or a statement failed,
// 2 wrong usage or settings, 130 interrupted.

#include <iosfwd>
#include <string>
#include <vector>

#include "irislink/irislink.hpp"

namespace irislink::cli {

enum class output_format { table, csv, json, json_lines };

struct sql_request {
    connect_options target;
    std::vector<std::string> statements; // empty: from standard input, prompting on a terminal
    output_format format{output_format::table};
    std::int64_t max_rows{0};
    bool timing{false};
};

int run_sql(const sql_request& request);
int run_ping(const connect_options& target, int count);

enum class doctor_detail {
    failures, // the step that failed, or one line that all is well
    steps,
    every_setting, // and those at their defaults
};

int run_doctor(const connect_options& target, doctor_detail detail);
int run_trace(const std::string& file);

// Statements of a script: separated by semicolons outside quotes and comments.
[[nodiscard]] std::vector<std::string> split_statements(std::string_view text);

// Prints rows as they come; for a table the first rows decide the widths.
std::int64_t print_rows(std::ostream& out, result& rows, output_format format);

} // namespace irislink::cli
