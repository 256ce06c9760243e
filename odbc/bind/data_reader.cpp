#include "odbc/bind/data_reader.hpp"

#include "odbc/bind/bookmark.hpp"
#include "odbc/bind/rowset_writer.hpp"
#include "odbc/convert/place.hpp"

namespace irislink::odbc {
namespace {

constexpr std::size_t piece_bytes = std::size_t{64} << 10U;

bool takes_pieces(SQLSMALLINT c_type) {
    return c_type == SQL_C_CHAR || c_type == SQL_C_WCHAR || c_type == SQL_C_BINARY;
}

SQLRETURN told(outcome done, SQLINTEGER column, diag_area& diag) {
    if (done == outcome::no_data) return SQL_NO_DATA;
    if (done == outcome::ok) return SQL_SUCCESS;
    auto record = record_of(done, 1, column);
    if (is_error(done)) throw odbc_error(std::move(record));
    diag.add(std::move(record));
    return SQL_SUCCESS;
}

} // namespace

// A call that fails (stopped, out of time) leaves what is pending as it was: the next one goes on there.
std::size_t data_reader::append_piece(result_cursor& from, progress& at) {
    struct room {
        explicit room(std::string& in) : of(in), filled(in.size()) { of.resize(filled + piece_bytes); }

        ~room() { of.resize(filled); } // never more than there is

        room(const room&) = delete;
        room& operator=(const room&) = delete;

        std::string& of;
        std::size_t filled;
    } into(at.pending);

    from.look_around();
    const auto free = std::span<char>(at.pending).subspan(into.filled);
    const auto got = from.session().run<std::size_t>(from.session().read_long_some(at.source, free), step::fetch);
    into.filled += got;
    return got;
}

outcome data_reader::read_piece(result_cursor& from, progress& at, target& to) {
    if (at.finished) return outcome::no_data;
    // UTF-8 that fills the program's buffer in any C type, and a little: whether it was the last piece
    // must be known.
    const auto wanted = 2 * static_cast<std::size_t>(to.capacity) + 8;
    while (!at.ended && at.pending.size() < wanted) {
        at.ended = append_piece(from, at) == 0;
    }
    if (at.source->null) {
        at.finished = true;
        return place_null(to);
    }
    std::size_t consumed = 0;
    to.chunk = &at.chunk;
    const auto out = convert_piece(wire::as_bytes(at.pending), at.source->binary, at.ended, at.c_type, to, consumed, own_width);
    at.pending.erase(0, consumed);
    at.finished = out == outcome::ok;
    return out;
}

SQLRETURN data_reader::read(result_cursor& from, std::size_t column, SQLSMALLINT c_type, target to, diag_area& diag) {
    auto& row = from.row();
    const auto& described = from.columns()[column];
    if (c_type == SQL_C_DEFAULT) c_type = default_c_type(described.type);
    // Programs put pieces together, and many (pyodbc among them) take a cut buffer for a full one: pieces
    // fill it to the last unit. Text that is cut for good, in bound columns, ends with a whole character.
    to.may_split = true;
    auto& at = columns_[column];
    if (at.convert == nullptr || at.c_type != c_type) {
        // Another C type starts at the beginning; a stream cannot.
        if (at.source) fail("HY000", "A long value is read with one C type from its beginning to its end");
        at = {};
        at.c_type = c_type;
        at.convert = find_conversion(described.type, c_type, own_width);
        if (at.convert == nullptr) {
            columns_.erase(column);
            throw odbc_error(record_of(outcome::not_convertible, 1, static_cast<SQLINTEGER>(column) + 1));
        }
        if (takes_pieces(c_type) && driver::is_handle(row, column) && driver::content_of(row, column) == nullptr) at.source = driver::open_long(row, column);
    }
    outcome done = outcome::ok;
    if (at.source) {
        done = read_piece(from, at, to);
    } else {
        driver::load_long(row, column);
        to.chunk = &at.chunk;
        const item_source cell(row, column);
        done = at.convert(cell.get(), to);
    }
    return told(done, static_cast<SQLINTEGER>(column) + 1, diag);
}

SQLRETURN data_reader::read_bookmark(SQLLEN bookmark, SQLSMALLINT c_type, target to, diag_area& diag) {
    if (bookmark_.c_type != c_type) bookmark_ = {};
    bookmark_.c_type = c_type;
    if (bookmark_.chunk.finished) return SQL_NO_DATA;
    to.chunk = &bookmark_.chunk;
    return told(put_bookmark(bookmark, c_type, to), 0, diag);
}

} // namespace irislink::odbc
