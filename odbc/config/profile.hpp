#pragma once
// The ini files of the driver manager, as its own library reads and writes them. Every answer may be a
// password. Not thread-safe against changes of the library's scope (config_scope).

#include <string>
#include <vector>

#include "wire/codec/secret.hpp"

namespace irislink::odbc {

inline constexpr const char* data_source_file = "odbc.ini";
inline constexpr const char* driver_file = "odbcinst.ini";

// The text of `key` in `section`, however long; empty when there is none.
[[nodiscard]] wire::secret profile_text(const char* file, const std::string& section, const std::string& key);

// The keys of `section`.
[[nodiscard]] std::vector<std::string> profile_keys(const char* file, const std::string& section);

// All sections.
[[nodiscard]] std::vector<std::string> profile_sections(const char* file);

} // namespace irislink::odbc
