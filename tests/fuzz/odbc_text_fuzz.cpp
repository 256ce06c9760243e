// Cells of any code and content into buffers of any size: nothing is written beyond the buffer, pieces
// come to an end and are together what one large buffer gets, characters stay whole.
//
// Input: control bytes (column type, C type, capacity, width), then an encoded item.

#include <array>
#include <cstring>
#include <string>

#include "odbc/convert/table.hpp"
#include "tests/fuzz/fuzz_support.hpp"

namespace {

using namespace irislink;
using namespace irislink::odbc;
using fuzz::require;

constexpr std::array<SQLSMALLINT, 12> columns{SQL_VARCHAR,   SQL_LONGVARCHAR, SQL_NUMERIC,   SQL_INTEGER,        SQL_DOUBLE, SQL_BIT,
                                              SQL_VARBINARY, SQL_TYPE_DATE,   SQL_TYPE_TIME, SQL_TYPE_TIMESTAMP, SQL_GUID,   SQL_REAL};
constexpr std::array<SQLSMALLINT, 16> c_types{
    SQL_C_CHAR,
    SQL_C_WCHAR,
    SQL_C_BINARY,
    SQL_C_SLONG,
    SQL_C_UBIGINT,
    SQL_C_NUMERIC,
    SQL_C_DOUBLE,
    SQL_C_FLOAT,
    SQL_C_BIT,
    SQL_C_TYPE_DATE,
    SQL_C_GUID,
    SQL_C_TYPE_TIME,
    SQL_C_TYPE_TIMESTAMP,
    SQL_C_INTERVAL_DAY_TO_SECOND,
    SQL_C_STINYINT,
    SQL_C_INTERVAL_SECOND};

outcome one_call(convert_fn run, const source& in, chunk_state* chunk, std::size_t capacity, bool may_split, std::string& given) {
    std::string memory(capacity + 16, '\x5A');
    SQLLEN length = -77;
    target out;
    out.data = memory.data();
    out.capacity = static_cast<SQLLEN>(capacity);
    out.length = out.indicator = &length;
    out.chunk = chunk;
    out.may_split = may_split;
    const auto before = chunk->delivered;
    const auto result = run(in, out);
    require(memory.compare(capacity, 16, std::string(16, '\x5A')) == 0, "nothing is written beyond the buffer");
    require(chunk->delivered - before <= capacity, "no more than the buffer holds is delivered");
    given.append(memory, 0, chunk->delivered - before);
    return result;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    column described;
    described.type = static_cast<sql_type>(columns[in.byte() % columns.size()]);
    described.scale = static_cast<int>(in.byte() % 40);
    const auto c_type = c_types[in.byte() % c_types.size()];
    const auto bits = in.byte();
    const auto width = (bits & 1U) != 0 ? wide_width::four : wide_width::two;
    const bool may_split = (bits & 2U) != 0;
    const auto format = fuzz::format_of(in.byte());
    const auto fixed = size_of_c_type(c_type);
    const auto capacity = fixed > 0 ? static_cast<std::size_t>(fixed) : in.byte() % 40;
    wire::item item;
    wire::item_status status{};
    const auto rest = in.rest();
    if (wire::parse_item(rest.data(), rest.data() + rest.size(), item, status) == nullptr) return 0;
    const auto run = find_conversion(described.type, c_type, width);
    if (run == nullptr) return 0;
    const source cell{item, format, described, (bits & 4U) != 0};

    std::string pieces;
    chunk_state chunk;
    auto result = outcome::ok;
    std::size_t calls = 0;
    do {
        result = one_call(run, cell, &chunk, capacity, may_split, pieces);
        require(++calls < 8 * size + 600, "pieces come to an end");
    } while (result == outcome::right_truncated && capacity > 8);
    if (fixed > 0 || result == outcome::right_truncated || is_error(result)) return 0;
    std::string whole;
    chunk_state once;
    require(!is_error(one_call(run, cell, &once, 8 * size + 1200, false, whole)), "a large buffer has room");
    require(pieces == whole, "pieces are the whole");
    return 0;
}
