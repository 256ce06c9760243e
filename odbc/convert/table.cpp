// The fetch half of the table, and how it is looked up.

#include "odbc/convert/table.hpp"

#include <utility>

#include "odbc/convert/cells.hpp"

namespace irislink::odbc {
namespace {

using namespace cells;

// What is the same for every cell: NULL, and the end of SQLGetData. One function for each, without calls in between.
template <convert_fn Run> [[gnu::flatten]] outcome guarded(const source& in, target& out) noexcept {
    if (out.chunk != nullptr && out.chunk->finished) return outcome::no_data;
    if (in.is_null()) [[unlikely]]
        return place_null(out);
    return Run(in, out);
}

template <convert_fn Run> constexpr cell<convert_fn> yes(std::string_view states = "") {
    return {guarded<Run>, states};
}

constexpr cell<convert_fn> no{};

// Texts of the cells: what may happen beside success.
constexpr std::string_view cut = "01004";
constexpr std::string_view cut_number = "01004 22003";
constexpr std::string_view whole = "22003";
constexpr std::string_view number = "01S07 22003";
constexpr std::string_view number_of_text = "01S07 22003 22018";
constexpr std::string_view literal = "01S07 22018";
constexpr std::string_view fraction = "01S07";
constexpr std::string_view guid_of_text = "22018";

template <class Out> constexpr fetch_row text_row(std::string_view cut_text) {
    return {
        yes<character_to_text<Out>>(cut_text),
        yes<number_to_text<Out>>(cut_number),
        yes<number_to_text<Out>>(whole),
        yes<number_to_text<Out>>(cut_number),
        yes<bit_to_text<Out>>(whole),
        yes<binary_to_text<Out>>("01004 HY090"),
        yes<datetime_to_text<date_column, Out>>(whole),
        yes<datetime_to_text<time_column, Out>>(cut_number),
        yes<datetime_to_text<timestamp_column, Out>>(cut_number),
        yes<guid_to_text<Out>>(whole)};
}

template <class Int> constexpr fetch_row integer_row() {
    constexpr auto run = yes<number_to_integer<Int>>(number);
    constexpr bool every_integer = std::is_same_v<Int, std::int64_t>;
    return {
        yes<number_to_integer<Int>>(number_of_text), run, yes<number_to_integer<Int>>(every_integer ? "" : whole), run, yes<bit_to<Int>>(), no, no, no, no, no};
}

template <class Real> constexpr fetch_row real_row() {
    constexpr bool every_double = std::is_same_v<Real, double>;
    return {
        yes<number_to_real<Real>>("22003 22018"),
        yes<number_to_real<Real>>(whole),
        yes<number_to_real<Real>>(),
        yes<number_to_real<Real>>(every_double ? "" : whole),
        yes<bit_to<Real>>(),
        no,
        no,
        no,
        no,
        no};
}

// Numbers become intervals of one field; of several it is always 22015 (Appendix D, "SQL to C:
// Numeric"), which is as good as no conversion and is told before anything is fetched.
template <std::size_t Shape> constexpr fetch_row interval_row() {
    constexpr bool single = interval_shapes[Shape].single();
    constexpr bool to_the_month = interval_shapes[Shape].last == interval_field::month; // nothing comes after it
    constexpr auto exact = single ? yes<number_to_interval<Shape>>("01S07 22015") : no;
    constexpr auto integer = single ? yes<number_to_interval<Shape>>("22015") : no;
    return {yes<character_to_interval<Shape>>(to_the_month ? "22015 22018" : "01S07 22015 22018"), exact, integer, no, no, no, no, no, no, no};
}

constexpr fetch_row bit_row{
    yes<number_to_bit>(number_of_text),
    yes<number_to_bit>(number),
    yes<number_to_bit>(whole),
    yes<number_to_bit>(number),
    yes<bit_to<unsigned char>>(),
    no,
    no,
    no,
    no,
    no};

constexpr fetch_row numeric_row{
    yes<number_to_numeric>(number_of_text),
    yes<number_to_numeric>(number),
    yes<number_to_numeric>(whole),
    yes<number_to_numeric>(number),
    yes<bit_to_numeric>(whole),
    no,
    no,
    no,
    no,
    no};

constexpr fetch_row binary_row{
    yes<character_to_binary>("01000 01004"),
    yes<exact_to_binary>(whole),
    yes<integer_to_binary>(whole),
    yes<real_to_binary>(whole),
    yes<bit_to_binary>(whole),
    yes<binary_to_binary>(cut),
    yes<datetime_to_binary<date_column>>(whole),
    yes<datetime_to_binary<time_column>>(whole),
    yes<datetime_to_binary<timestamp_column>>(whole),
    yes<guid_to_binary>("22003 22018")};

constexpr fetch_row date_row{yes<character_to_date>(literal), no, no, no, no, no, yes<date_to_date>(), no, yes<timestamp_to_date>(fraction), no};
constexpr fetch_row time_row{yes<character_to_time>(literal), no, no, no, no, no, no, yes<time_to_time>(fraction), yes<timestamp_to_time>(fraction), no};
constexpr fetch_row timestamp_row{yes<character_to_timestamp>(literal), no, no, no, no, no, yes<date_to_timestamp>(), yes<time_to_timestamp>(),
                                  yes<timestamp_to_timestamp>(),        no};
constexpr fetch_row guid_row{yes<character_to_guid>(guid_of_text), no, no, no, no, no, no, no, no, yes<character_to_guid>(guid_of_text)};

template <std::size_t... Shape> constexpr std::array<fetch_row, c_kinds> make_table(std::index_sequence<Shape...>) {
    // In the order of c_kind.
    return {
        text_row<utf8_out>("01000 01004 HY090"),
        text_row<utf16_out>("01004 HY090"),
        text_row<utf32_out>("01000 01004 HY090"),
        bit_row,
        numeric_row,
        integer_row<std::int8_t>(),
        integer_row<std::uint8_t>(),
        integer_row<std::int16_t>(),
        integer_row<std::uint16_t>(),
        integer_row<std::int32_t>(),
        integer_row<std::uint32_t>(),
        integer_row<std::int64_t>(),
        integer_row<std::uint64_t>(),
        real_row<float>(),
        real_row<double>(),
        binary_row,
        date_row,
        time_row,
        timestamp_row,
        guid_row,
        interval_row<Shape>()...};
}

} // namespace

// NOLINTNEXTLINE(cert-err58-cpp): it is made when this is compiled
constinit const std::array<fetch_row, c_kinds> fetch_table = make_table(std::make_index_sequence<interval_shapes.size()>());

convert_fn find_conversion(sql_type from, SQLSMALLINT to_c_type, wide_width width) noexcept {
    const auto* const sql = find_sql_type(static_cast<SQLSMALLINT>(from));
    const auto row = row_of_c_type(to_c_type == SQL_C_DEFAULT ? default_c_type(from) : to_c_type, width);
    if (!row) return nullptr;
    // A type code we do not know is shown as text: the server sends it so (wire-sql 8.1, "everything odd").
    const auto family = sql == nullptr ? sql_family::character : sql->family;
    if (static_cast<std::size_t>(family) >= fetched_families) return nullptr;
    return fetch_table[static_cast<std::size_t>(*row)][static_cast<std::size_t>(family)].run;
}

outcome convert_piece(wire::bytes_view piece, bool binary, bool last, SQLSMALLINT c_type, target& out, std::size_t& consumed, wide_width width) noexcept {
    // The pieces are the caller's; only a split character is remembered between calls.
    chunk_state state;
    if (out.chunk != nullptr) state.pending = out.chunk->pending;
    auto here = out;
    here.chunk = &state;
    const auto run = [&]() noexcept {
        if (c_type == SQL_C_BINARY) return place_bytes(piece, here, !last);
        const bool wide = c_type == SQL_C_WCHAR;
        const bool two = width == wide_width::two;
        if (binary) {
            if (!wide) return place_text<hex_in, hex_out<utf8_out>>({}, piece, here, text_end::terminated, !last);
            if (two) return place_text<hex_in, hex_out<utf16_out>>({}, piece, here, text_end::terminated, !last);
            return place_text<hex_in, hex_out<utf32_out>>({}, piece, here, text_end::terminated, !last);
        }
        if (!wide) return place_text<utf8_in, utf8_out>({}, piece, here, text_end::terminated, !last);
        if (two) return place_text<utf8_in, utf16_out>({}, piece, here, text_end::terminated, !last);
        return place_text<utf8_in, utf32_out>({}, piece, here, text_end::terminated, !last);
    };
    const auto result = c_type == SQL_C_CHAR || c_type == SQL_C_WCHAR || c_type == SQL_C_BINARY ? run() : outcome::not_convertible;
    consumed = state.consumed;
    if (out.chunk != nullptr) {
        out.chunk->pending = state.pending;
        out.chunk->delivered += state.delivered;
        out.chunk->started = true;
        out.chunk->finished = state.finished;
    }
    return result;
}

} // namespace irislink::odbc
