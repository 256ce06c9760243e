#pragma once
// From a cell of a row to a buffer of the application. driver/value and wire/codec say what a value
// means; this layer says where it goes: widths, terminators, UTF-16, pieces, indicators.
//
// One table (odbc/convert/table.cpp) has every SQL type x C type of ODBC's Appendix D; docs/types.md
// is made from it. find_conversion() is called when bindings change, the function it gives once per
// cell. A conversion takes no memory, throws nothing, keeps nothing: any thread.

#include <cstddef>
#include <cstdint>

#include "irislink/value.hpp"
#include "odbc/convert/outcome.hpp"
#include "odbc/text/odbc_types.hpp"
#include "wire/codec/format.hpp"
#include "wire/codec/item.hpp"

namespace irislink::odbc {

// Bytes of one SQLWCHAR as the application's driver manager has it: 2 under unixODBC, 4 under iODBC.
enum class wide_width : std::uint8_t { two = 2, four = 4 };

// A cell as the row has it: a view of the receive buffer, nothing copied.
struct source {
    const wire::item& value;
    const wire::session_format& format; // of the session that sent it
    const column& described;            // the scale of a NUMERIC decides how many digits are shown
    // `value` is the content of a long column that was read whole (code text8 or text16), without the
    // markers of rows: data without bytes is the empty value, the placeholder code is NULL.
    bool loaded{false};

    [[nodiscard]] bool is_null() const noexcept { return loaded ? value.code == wire::item_code::placeholder : value.is_null(); }

    [[nodiscard]] wire::bytes_view content() const noexcept { return loaded ? value.data : value.text_data(); }
};

// How far SQLGetData has come with one column. The statement keeps one per column that SQLGetData
// visits, resets it to {} when the row or the C type changes, and never looks inside except at
// `finished`.
struct chunk_state {
    std::size_t delivered{0}; // bytes of the C form that the application has
    std::size_t consumed{0};  // bytes of the source that they came from
    std::size_t pending{0};   // units of the character at `consumed` that are delivered (may_split only)
    std::size_t total{0};     // bytes of the whole C form; known once started
    bool started{false};
    bool finished{false}; // the next call has outcome no_data
};

// One bound cell, or one SQLGetData call. `length` and `indicator` may be the same address (they are
// unless the application set descriptor fields by hand) or null.
struct target {
    void* data{nullptr};              // null: nothing is written there, lengths are still told
    SQLLEN capacity{0};               // bytes of `data`; of no meaning for C types of fixed size
    SQLLEN* length{nullptr};          // SQL_DESC_OCTET_LENGTH_PTR
    SQLLEN* indicator{nullptr};       // SQL_DESC_INDICATOR_PTR
    chunk_state* chunk{nullptr};      // SQLGetData; null for bound columns
    SQLSMALLINT precision{38};        // of the ARD record: SQL_C_NUMERIC digits; fraction digits of an interval's seconds
    SQLSMALLINT scale{0};             // of the ARD record: SQL_C_NUMERIC
    SQLSMALLINT leading_precision{2}; // of the ARD record: SQL_DESC_DATETIME_INTERVAL_PRECISION
    // Pieces of text are filled to the last unit, even inside a character: only for applications that
    // take a cut buffer for a full one whatever *length says.
    bool may_split{false};
};

// Delivers one cell. The value left in *length is what was there before this call, in bytes, without
// the terminator; a terminator is written whenever capacity has room for one, also when text is cut;
// a character is never split (SQLGetData into a buffer without room for the next character: bad_length,
// since no number of calls would get further). NULL sets *indicator to SQL_NULL_DATA, or is 22002 without indicator.
using convert_fn = outcome (*)(const source& in, target& out) noexcept;

// Null: no such conversion (07006). SQL_C_DEFAULT is looked up as default_c_type(from). Date, time and
// timestamp codes of ODBC 2 are taken as those of ODBC 3.
[[nodiscard]] convert_fn find_conversion(sql_type from, SQLSMALLINT to_c_type, wide_width width = wide_width::two) noexcept;

// The C type that SQL_C_DEFAULT stands for (Appendix D, "Default C Data Types").
[[nodiscard]] SQLSMALLINT default_c_type(sql_type from) noexcept;

// Bytes of a C type of fixed size; 0 for SQL_C_CHAR, SQL_C_WCHAR and SQL_C_BINARY, and for what is no
// C type. For the address arithmetic of column-wise binding, where buffer lengths do not count.
[[nodiscard]] SQLLEN size_of_c_type(SQLSMALLINT c_type) noexcept;

// True if SQLBindCol and SQLBindParameter may take it (else HY003).
[[nodiscard]] bool is_c_type(SQLSMALLINT c_type) noexcept;

// A piece of a long value that is read as a stream, in whole characters of UTF-8 or as bytes: for
// SQLGetData in bounded memory. `last`: nothing follows `piece`. `consumed` says how much of the piece
// was delivered; the caller keeps the rest for the next call. *length gets SQL_NO_TOTAL unless the
// rest of the value is here. c_type: SQL_C_CHAR, SQL_C_WCHAR or SQL_C_BINARY; other C types take the
// loaded content. `binary`: a LONGVARBINARY, which is hexadecimal as text. The outcome is
// right_truncated while something is left, here or at the server. Unless it is the last one, a piece
// should have `capacity` bytes at least: there are applications that take SQL_NO_TOTAL for a full
// buffer. With target::may_split the same chunk state goes into every call of one value.
[[nodiscard]] outcome convert_piece(
    wire::bytes_view piece, bool binary, bool last, SQLSMALLINT c_type, target& out, std::size_t& consumed, wide_width width = wide_width::two
) noexcept;

} // namespace irislink::odbc
