// The parameter half of the table, and how it is looked up.

#include "odbc/convert/parameter.hpp"

#include <utility>

#include "odbc/convert/parameter_cells.hpp"
#include "odbc/convert/table.hpp"

namespace irislink::odbc {
namespace {

using namespace parameter_cells;

// What is the same for every cell. A buffer of fixed size must be there.
template <parameter_fn Run, bool Fixed> outcome guarded(const parameter& in, value& out) {
    if (in.length == SQL_NULL_DATA) {
        out = null;
        return outcome::ok;
    }
    if (Fixed && in.data == nullptr) return outcome::bad_length;
    return Run(in, out);
}

// Of character and binary C types, whose length counts.
template <parameter_fn Run> constexpr cell<parameter_fn> yes(std::string_view states = "") {
    return {guarded<Run, false>, states};
}

template <parameter_fn Run> constexpr cell<parameter_fn> fixed(std::string_view states = "") {
    return {guarded<Run, true>, states};
}

constexpr cell<parameter_fn> no{};
constexpr auto none_there = yes<no_intervals>("HYC00");

template <std::size_t Unit> constexpr parameter_row text_row() {
    using from = from_text<Unit>;
    return {
        yes<text_to_character<from>>("22001 22018 HY090"),
        yes<number_to_exact<from>>("22001 22018 HY090"),
        yes<number_to_integer<from>>("22001 22018 HY090"),
        yes<number_to_real<from>>("22003 22018 HY090"),
        yes<number_to_bit<from>>("22001 22003 22018 HY090"),
        yes<text_to_binary<from>>("22001 22018 HY090"),
        yes<text_to_datetime<from, literal_kind::date>>("22008 22018 HY090"),
        yes<text_to_datetime<from, literal_kind::time>>("22008 22018 HY090"),
        yes<text_to_datetime<from, literal_kind::timestamp>>("22008 22018 HY090"),
        yes<text_to_guid<from>>("22018 HY090"),
        none_there};
}

// What sending a number may end with, by family.
struct number_states {
    std::string_view text{"22001"};
    std::string_view exact{"22003"};
    std::string_view integer{"22003"};
    std::string_view real{};
    std::string_view bit{"22003"};
};

template <class From> constexpr parameter_row number_row(number_states states = {}) {
    return {
        fixed<number_to_character<From>>(states.text),
        fixed<number_to_exact<From>>(states.exact),
        fixed<number_to_integer<From>>(states.integer),
        fixed<number_to_real<From>>(states.real),
        fixed<number_to_bit<From>>(states.bit),
        no,
        no,
        no,
        no,
        no,
        none_there};
}

constexpr parameter_row binary_row{
    yes<binary_to_character>("22001 22018 HY090"),
    fixed<binary_to_exact>("22003"),
    fixed<binary_to_integer>("22003"),
    fixed<binary_to_real>("22003"),
    fixed<binary_to_bit>("22003"),
    yes<binary_to_binary>("22001 HY090"),
    fixed<binary_to_datetime<from_date>>("22003 22007"),
    fixed<binary_to_datetime<from_time>>("22003 22007"),
    fixed<binary_to_datetime<from_timestamp>>("22003 22007 22008"),
    fixed<binary_to_guid>("22003"),
    none_there};

constexpr parameter_row date_row{
    fixed<struct_to_character<from_date>>("22001 22008"),
    no,
    no,
    no,
    no,
    no,
    fixed<struct_to_datetime<from_date, literal_kind::date>>("22007"),
    no,
    fixed<struct_to_datetime<from_date, literal_kind::timestamp>>("22007"),
    no,
    no};
constexpr parameter_row time_row{
    fixed<struct_to_character<from_time>>("22001 22008"),
    no,
    no,
    no,
    no,
    no,
    no,
    fixed<struct_to_datetime<from_time, literal_kind::time>>("22007"),
    fixed<struct_to_datetime<from_time, literal_kind::timestamp>>("22007"),
    no,
    no};
constexpr parameter_row timestamp_row{
    fixed<struct_to_character<from_timestamp>>("22001 22008"),
    no,
    no,
    no,
    no,
    no,
    fixed<struct_to_datetime<from_timestamp, literal_kind::date>>("22007 22008"),
    fixed<struct_to_datetime<from_timestamp, literal_kind::time>>("22007 22008"),
    fixed<struct_to_datetime<from_timestamp, literal_kind::timestamp>>("22007 22008"),
    no,
    no};
constexpr parameter_row guid_row{fixed<guid_to_character>("22001"), no, no, no, no, no, no, no, no, fixed<guid_to_guid>(), no};

template <std::size_t Shape> constexpr parameter_row interval_row() {
    constexpr bool single = interval_shapes[Shape].single();
    constexpr bool to_the_second = interval_shapes[Shape].last == interval_field::second;
    constexpr auto exact = single ? fixed<number_to_exact<from_interval<Shape>>>("22003 22015") : no;
    constexpr auto integer = single ? fixed<number_to_integer<from_interval<Shape>>>(to_the_second ? "01S07 22003 22015" : "22003 22015") : no;
    return {fixed<interval_to_character<Shape>>("22001 22015"), exact, integer, no, no, no, no, no, no, no, none_there};
}

template <std::size_t... Shape> constexpr std::array<parameter_row, c_kinds> make_table(std::index_sequence<Shape...>) {
    // In the order of c_kind.
    return {
        text_row<1>(),
        text_row<2>(),
        text_row<4>(),
        number_row<from_bit>({"", "22003", "", "", ""}),
        number_row<from_numeric_struct>({"22001", "22003", "01S07 22003", "22003", "22001 22003"}),
        number_row<from_integer<std::int8_t>>({.integer = ""}),
        number_row<from_integer<std::uint8_t>>(),
        number_row<from_integer<std::int16_t>>(),
        number_row<from_integer<std::uint16_t>>(),
        number_row<from_integer<std::int32_t>>(),
        number_row<from_integer<std::uint32_t>>(),
        number_row<from_integer<std::int64_t>>(),
        number_row<from_integer<std::uint64_t>>(),
        number_row<from_real<float>>({"22001", "22003", "01S07 22003", "", "22001 22003"}),
        number_row<from_real<double>>({"22001", "01S07 22003", "01S07 22003", "22003", "22001 22003"}),
        binary_row,
        date_row,
        time_row,
        timestamp_row,
        guid_row,
        interval_row<Shape>()...};
}

} // namespace

// NOLINTNEXTLINE(cert-err58-cpp): it is made when this is compiled
constinit const std::array<parameter_row, c_kinds> parameter_table = make_table(std::make_index_sequence<interval_shapes.size()>());

parameter_fn find_parameter_conversion(SQLSMALLINT c_type, SQLSMALLINT sql_code, wide_width width) noexcept {
    const auto* const sql = find_sql_type(sql_code);
    if (sql == nullptr) return nullptr;
    const auto row = row_of_c_type(c_type == SQL_C_DEFAULT ? sql->default_c_type : c_type, width);
    return !row ? nullptr : parameter_table[static_cast<std::size_t>(*row)][static_cast<std::size_t>(sql->family)].run;
}

} // namespace irislink::odbc
