// Handles and environment attributes.

#include "odbc/handle/call.hpp"
#include "odbc/handle/connection.hpp"
#include "odbc/handle/environment.hpp"
#include "odbc/handle/free.hpp"
#include "odbc/handle/statement.hpp"

using namespace irislink::odbc;

namespace {

SQLRETURN allocate_environment(SQLHANDLE* out) noexcept {
    try {
        *out = to_raw(*new environment());
        return SQL_SUCCESS;
    } catch (const std::exception&) {
        return SQL_ERROR; // there is no handle that could carry a record
    }
}

} // namespace

extern "C" {

SQLRETURN SQL_API SQLAllocHandle(SQLSMALLINT type, SQLHANDLE input, SQLHANDLE* output) {
    if (output != nullptr) *output = SQL_NULL_HANDLE;
    const auto require_output = [output] {
        if (output == nullptr) fail("HY009", "There is no place for the new handle");
    };
    switch (type) {
    case SQL_HANDLE_ENV: return output == nullptr ? SQLRETURN{SQL_ERROR} : allocate_environment(output);
    case SQL_HANDLE_DBC:
        return call<environment>(input, [&](environment& in) -> SQLRETURN {
            require_output();
            *output = to_raw(in.add_connection());
            return SQL_SUCCESS;
        });
    case SQL_HANDLE_STMT:
        return call<connection>(input, [&](connection& in) -> SQLRETURN {
            require_output();
            *output = to_raw(in.add_statement());
            return SQL_SUCCESS;
        });
    case SQL_HANDLE_DESC:
        return call<connection>(input, [&](connection& in) -> SQLRETURN {
            require_output();
            *output = to_raw(in.add_descriptor());
            return SQL_SUCCESS;
        });
    default: return SQL_ERROR;
    }
}

SQLRETURN SQL_API SQLFreeHandle(SQLSMALLINT type, SQLHANDLE raw) {
    switch (type) {
    case SQL_HANDLE_ENV: return free_environment(raw);
    case SQL_HANDLE_DBC: return free_connection(raw);
    case SQL_HANDLE_STMT: return free_statement(raw);
    case SQL_HANDLE_DESC: return free_descriptor(raw);
    default: return SQL_INVALID_HANDLE;
    }
}

SQLRETURN SQL_API SQLSetEnvAttr(SQLHENV raw, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER) {
    return call<environment>(raw, [&](environment& of) { return of.set_attribute(attribute, value); });
}

SQLRETURN SQL_API SQLGetEnvAttr(SQLHENV raw, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER, SQLINTEGER* length) {
    return call<environment>(raw, [&](environment& of) -> SQLRETURN {
        const auto number = of.attribute(attribute);
        if (value != nullptr) *static_cast<SQLINTEGER*>(value) = number;
        if (length != nullptr) *length = sizeof(SQLINTEGER);
        return SQL_SUCCESS;
    });
}

} // extern "C"
