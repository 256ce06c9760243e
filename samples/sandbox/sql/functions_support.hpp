#pragma once
// Helpers shared by the SQL functions that run inside SQLite.

#include <array>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "samples/sandbox/sql/sqlite.hpp"
#include "wire/codec/decimal.hpp"
#include "wire/types/temporal.hpp"

namespace irislink::sandbox::sql {

// Bytes of a text that a function makes longer than what it was made of.
inline constexpr std::size_t text_limit = 64U << 20U;

[[nodiscard]] std::string_view text_argument(sqlite3_value* value);
void return_text(sqlite3_context* context, std::string_view text);
[[nodiscard]] bool any_null(int count, sqlite3_value** values);

// Upper and lower case of any script (simple case mapping of the C.UTF-8 locale).
[[nodiscard]] std::string fold_upper(std::string_view text);
[[nodiscard]] std::string fold_lower(std::string_view text);

// Bytes of the character at `at`; 1 for what is no UTF-8.
[[nodiscard]] std::size_t character_length(std::string_view text, std::size_t at);

[[nodiscard]] std::string_view trimmed(std::string_view text);
// The exact number a value is; nothing for text that is none.
[[nodiscard]] std::optional<wire::decimal> decimal_of(sqlite3_value* value);
// As IRIS shows it; bytes become the characters of their codes, as binary data is text there.
[[nodiscard]] std::string plain_text(sqlite3_value* value);
[[nodiscard]] std::string bytes_of(sqlite3_value* value);

// A date, time or timestamp from what may be given for one: text, or a day number.
[[nodiscard]] std::optional<wire::timestamp> to_moment(sqlite3_value* value);

// A time of day from what may be given for one: text, or seconds since midnight.
[[nodiscard]] std::optional<wire::time_of_day> to_time(sqlite3_value* value);

inline constexpr std::array month_names{"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};
inline constexpr std::array day_names{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
[[nodiscard]] int day_of_week(wire::date value); // Sunday is 1
[[nodiscard]] int day_of_year(wire::date value);

void register_text_functions(sqlite3* db);
void register_number_functions(sqlite3* db);
void register_store_functions(sqlite3* db);
void register_date_functions(sqlite3* db);
void register_format_functions(sqlite3* db);
void register_string_functions(sqlite3* db);
void register_schema_functions(sqlite3* db);
void register_list_functions(sqlite3* db);

// Runs what SQLite has called: no exception may cross its frames, which are C. Lack of memory becomes
// SQLITE_NOMEM; an sql_error is the statement's, any other exception an error of it without a code of its own.
template <class Work> void guarded(sqlite3_context* context, Work&& work) noexcept {
    try {
        work();
    } catch (const std::bad_alloc&) {
        sqlite3_result_error_nomem(context);
    } catch (const sql_error& known) {
        raise(context, known.code, known.message);
    } catch (const std::exception& fault) {
        sqlite3_result_error(context, fault.what(), -1);
    }
}

using scalar_function = void (*)(sqlite3_context*, int, sqlite3_value**);
// Every scalar function is registered here, and runs guarded.
void register_function(sqlite3* db, const char* name, int arguments, scalar_function function, bool deterministic = true);
// For a function that works on `owner`, reached by owner_of. It is neither deterministic nor innocuous:
// no schema may call it.
void register_function(sqlite3* db, const char* name, int arguments, scalar_function function, void* owner);
[[nodiscard]] void* owner_of(sqlite3_context* context);

} // namespace irislink::sandbox::sql
