#pragma once
// The data sources of this machine: listed and changed through the driver manager's library, for the tool
// `irislink dsn` and for the setup library. One thread at a time: the library has one scope per process.

#include <string>
#include <string_view>
#include <vector>

#include "driver/config/sources.hpp"

namespace irislink::odbc {

enum class dsn_scope : unsigned char {
    user,   // ODBCINI, or .odbc.ini in the user's folder
    system, // odbc.ini in ODBCSYSINI, or in /etc
};

struct data_source {
    std::string name;
    dsn_scope scope{dsn_scope::user};
    driver::setting_pairs settings; // Driver among them; values may be secrets
};

// What to say of a data source that is about to be written.
using dsn_warnings = std::vector<std::string>;

[[nodiscard]] std::vector<data_source> data_sources(dsn_scope scope);

// Whether odbcinst.ini has a driver of that name; a path is one that exists.
[[nodiscard]] bool is_registered(const std::string& driver);

// What may go into the data source `name`, and nothing else: keywords of the one table, each once, in the
// spelling they were given in. An unknown one is left out, with a warning that names the nearest. Throws error
// (step settings) for names and values that odbc.ini cannot hold, for keywords that have no place in there, and
// for settings with which no connection can be made.
[[nodiscard]] driver::setting_pairs checked_settings(const std::string& name, driver::setting_pairs given, dsn_warnings& warnings);

// Writes the section anew. A file of the user's that is to hold a secret is made unreadable for others first;
// where that is not possible, `warnings` gets a line. Throws error when the file cannot be written.
void write_data_source(dsn_scope scope, const std::string& name, const std::string& driver, const driver::setting_pairs& settings, dsn_warnings& warnings);

// False when there is none of that name.
[[nodiscard]] bool remove_data_source(dsn_scope scope, const std::string& name);

} // namespace irislink::odbc
