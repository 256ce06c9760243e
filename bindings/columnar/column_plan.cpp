#include "bindings/columnar/column_plan.hpp"

#include <algorithm>

#include "bindings/columnar/cells.hpp"
#include "wire/codec/wide_decimal.hpp"

namespace irislink::columnar {
namespace {

constexpr char unit_letter[] = {'s', 'm', 'u', 'n'};

void fixed(column_plan& out, std::string format, std::size_t width, decode_fn decode) {
    out.format = std::move(format);
    out.layout = layout::fixed;
    out.width = width;
    out.decode = decode;
}

void integer(column_plan& out, const char* format, std::size_t width) {
    fixed(out, format, width, integer_decoder(width));
    if (width < sizeof(std::int64_t)) out.hint = "CAST the column AS BIGINT.";
}

// The smallest unit that holds so many fraction digits; what is not said is microseconds, which every
// date of the server fits.
time_unit unit_of(int fraction_digits) {
    if (fraction_digits < 0) return time_unit::microsecond;
    if (fraction_digits == 0) return time_unit::second;
    if (fraction_digits <= 3) return time_unit::millisecond;
    return fraction_digits <= 6 ? time_unit::microsecond : time_unit::nanosecond;
}

void decimal(column_plan& out, const column& from) {
    // A scale that is not said leaves room for whole and for fraction digits; scales of Arrow may be larger
    // than the precision, so that what the server says is taken as it is.
    out.scale = from.scale < 0 ? wire::most_wide_digits / 2 : std::min(from.scale, wire::most_wide_digits);
    const auto said = from.scale < 0 ? std::int64_t{0} : from.precision;
    out.precision = said < 1 || said > wire::most_wide_digits ? wire::most_wide_digits : static_cast<int>(said);
    fixed(out, "d:" + std::to_string(out.precision) + "," + std::to_string(out.scale), sizeof(wire::int128), decimal_decoder());
    out.hint = "CAST the column to a NUMERIC with more digits, or to DOUBLE or VARCHAR.";
}

void variable(column_plan& out, bool large, const char* small_format, const char* large_format) {
    out.format = large ? large_format : small_format;
    out.layout = large ? layout::large : layout::bytes;
    out.width = large ? sizeof(std::int64_t) : sizeof(std::int32_t);
    if (!large) out.hint = "Ask for smaller batches or for 64-bit offsets.";
}

void text(column_plan& out, bool large) {
    variable(out, large, "u", "U");
    out.decode = text_decoder();
}

void binary(column_plan& out, bool large) {
    variable(out, large, "z", "Z");
    out.decode = binary_decoder();
    out.binary = true;
}

column_plan plan_one(const column& from, const options& how, bool dictionary) {
    column_plan out;
    out.name = from.label;
    switch (from.type) {
    case sql_type::bit:
        out.format = "b";
        out.layout = layout::bits;
        out.decode = bit_decoder();
        break;
    case sql_type::tinyint: integer(out, "c", 1); break;
    case sql_type::smallint: integer(out, "s", 2); break;
    case sql_type::integer: integer(out, "i", 4); break;
    case sql_type::bigint: integer(out, "l", 8); break;
    case sql_type::numeric:
    case sql_type::decimal_type: decimal(out, from); break;
    case sql_type::floating:
    case sql_type::real:
    case sql_type::double_precision: fixed(out, "g", sizeof(double), real_decoder()); break;
    case sql_type::binary:
    case sql_type::varbinary: binary(out, how.large_offsets); break;
    case sql_type::longvarbinary:
        binary(out, true);
        out.long_content = true;
        break;
    case sql_type::longvarchar:
    case sql_type::wlongvarchar:
        text(out, true);
        out.long_content = true;
        break;
    case sql_type::date: fixed(out, "tdD", sizeof(std::int32_t), date_decoder()); break;
    case sql_type::time:
        out.unit = unit_of(from.scale);
        fixed(
            out, std::string("tt") + unit_letter[static_cast<std::size_t>(out.unit)],
            out.unit <= time_unit::millisecond ? sizeof(std::int32_t) : sizeof(std::int64_t), time_decoder(out.unit)
        );
        out.hint = "CAST the column to a TIME with more fraction digits.";
        break;
    case sql_type::timestamp:
        out.unit = how.timestamps.value_or(unit_of(from.scale));
        fixed(out, std::string("ts") + unit_letter[static_cast<std::size_t>(out.unit)] + ":", sizeof(std::int64_t), timestamp_decoder(out.unit));
        out.hint = "Ask for another unit of timestamps: nanoseconds reach from 1677 to 2262, coarser ones hold fewer fraction digits.";
        break;
    case sql_type::guid:
        fixed(out, "w:16", 16, guid_decoder());
        out.extension = "arrow.uuid";
        break;
    default:
        if (dictionary) {
            fixed(out, "i", sizeof(std::int32_t), text_decoder());
            out.dictionary = true;
            out.hint = "Ask for smaller batches, or for this column without a dictionary.";
        } else {
            text(out, how.large_offsets);
        }
    }
    return out;
}

} // namespace

std::vector<column_plan> plan_columns(const std::vector<column>& columns, const options& how) {
    std::vector<column_plan> out;
    out.reserve(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const bool dictionary = how.dictionary || (i < how.dictionary_columns.size() && how.dictionary_columns[i]);
        out.push_back(plan_one(columns[i], how, dictionary));
    }
    return out;
}

} // namespace irislink::columnar
