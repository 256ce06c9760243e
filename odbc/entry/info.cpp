// What the driver and its data source can do.

#include "odbc/handle/call.hpp"
#include "odbc/handle/environment.hpp"
#include "odbc/handle/statement.hpp"
#include "odbc/info/functions.hpp"
#include "odbc/info/info_table.hpp"
#include "odbc/info/type_info.hpp"
#include "odbc/text/text.hpp"

#include "driver/session/session.hpp"

using namespace irislink::odbc;

namespace {

// "99.01.0000 what the server says": the form that SQL_DBMS_VER has.
std::string dbms_version(const std::string& said) {
    unsigned numbers[3]{};
    std::size_t at = said.find_first_of("0123456789");
    for (auto& number : numbers) {
        for (; at < said.size() && said[at] >= '0' && said[at] <= '9' && number < 10000; ++at) number = number * 10 + static_cast<unsigned>(said[at] - '0');
        if (at >= said.size() || said[at] != '.') break;
        ++at;
    }
    const auto padded = [](unsigned number, std::size_t width) {
        auto out = std::to_string(number);
        return out.size() < width ? std::string(width - out.size(), '0') + out : out;
    };
    return padded(numbers[0], 2) + "." + padded(numbers[1], 2) + "." + padded(numbers[2], 4) + " " + said;
}

std::optional<std::string> text_of_connection(connection& of, SQLUSMALLINT id) {
    switch (id) {
    case SQL_DATA_SOURCE_NAME: return of.data_source();
    case SQL_SERVER_NAME: return of.server().address;
    case SQL_USER_NAME: return of.settings().user;
    case SQL_DATABASE_NAME: return of.catalog();
    case SQL_DBMS_VER: return dbms_version(of.server().version);
    // A blank where the server takes "..." for text (wire-sql 7.6).
    case SQL_IDENTIFIER_QUOTE_CHAR: return of.server().delimited_identifiers ? "\"" : " ";
    default: return std::nullopt;
    }
}

template <class Char> SQLRETURN get_info(SQLHDBC raw, SQLUSMALLINT id, SQLPOINTER to, SQLSMALLINT capacity, SQLSMALLINT* length) {
    return call<connection>(raw, [&](connection& of) -> SQLRETURN {
        const auto put = [&](std::string_view text) -> SQLRETURN {
            if (!put_text<Char>(text, to, capacity, length, length_unit::bytes)) of.diag.warn("01004", "The information was cut");
            return SQL_SUCCESS;
        };
        const auto put_number = [&](auto number) -> SQLRETURN {
            using type = decltype(number);
            if (to != nullptr) *static_cast<type*>(to) = number;
            if (length != nullptr) *length = sizeof(type);
            return SQL_SUCCESS;
        };
        if (id != SQL_DRIVER_ODBC_VER && !of.is_connected()) fail("08003", "There is no connection");
        if (const auto text = text_of_connection(of, id)) return put(*text);
        const auto found = find_info(id);
        if (!found) fail("HY096", "There is no information item " + std::to_string(id));
        if (const auto* const text = std::get_if<std::string_view>(&*found)) return put(*text);
        if (const auto* const small = std::get_if<SQLUSMALLINT>(&*found)) return put_number(*small);
        return put_number(std::get<SQLUINTEGER>(*found));
    });
}

SQLRETURN get_type_info(SQLHSTMT raw, SQLSMALLINT type) {
    return call<statement>(raw, [&](statement& of) {
        auto made = make_type_info(type, of.parent().session().format(), of.parent().settings().unicode_sql_types);
        return of.show(std::move(made.columns), std::move(made.items));
    });
}

} // namespace

extern "C" {

SQLRETURN SQL_API SQLGetInfo(SQLHDBC raw, SQLUSMALLINT id, SQLPOINTER to, SQLSMALLINT capacity, SQLSMALLINT* length) {
    return get_info<SQLCHAR>(raw, id, to, capacity, length);
}

SQLRETURN SQL_API SQLGetInfoW(SQLHDBC raw, SQLUSMALLINT id, SQLPOINTER to, SQLSMALLINT capacity, SQLSMALLINT* length) {
    return get_info<SQLWCHAR>(raw, id, to, capacity, length);
}

SQLRETURN SQL_API SQLGetFunctions(SQLHDBC raw, SQLUSMALLINT id, SQLUSMALLINT* supported) {
    return call<connection>(raw, [&](connection&) -> SQLRETURN {
        if (supported == nullptr) fail("HY009", "There is no place for the answer");
        if (id == SQL_API_ODBC3_ALL_FUNCTIONS) {
            std::fill_n(supported, SQL_API_ODBC3_ALL_FUNCTIONS_SIZE, SQLUSMALLINT{0});
            for (const auto& each : function_table()) supported[each.id >> 4U] = static_cast<SQLUSMALLINT>(supported[each.id >> 4U] | (1U << (each.id & 0xFU)));
        } else if (id == SQL_API_ALL_FUNCTIONS) {
            for (SQLUSMALLINT i = 0; i < 100; ++i) supported[i] = has_function(i) ? SQL_TRUE : SQL_FALSE;
        } else {
            *supported = has_function(id) ? SQL_TRUE : SQL_FALSE;
        }
        return SQL_SUCCESS;
    });
}

SQLRETURN SQL_API SQLGetTypeInfo(SQLHSTMT raw, SQLSMALLINT type) {
    return get_type_info(raw, type);
}

SQLRETURN SQL_API SQLGetTypeInfoW(SQLHSTMT raw, SQLSMALLINT type) {
    return get_type_info(raw, type);
}

} // extern "C"
