// Connecting, connection attributes and transactions.

#include "odbc/handle/connection.hpp"
#include "odbc/handle/call.hpp"
#include "odbc/handle/environment.hpp"
#include "odbc/text/escapes.hpp"
#include "odbc/text/text.hpp"

#include "driver/session/session.hpp"

using namespace irislink::odbc;

namespace {

template <class Char>
SQLRETURN
connect(SQLHDBC raw, const Char* dsn, SQLSMALLINT dsn_length, const Char* user, SQLSMALLINT user_length, const Char* password, SQLSMALLINT password_length) {
    return call<connection>(raw, [&](connection& of) {
        const auto name = to_utf8(dsn, dsn_length);
        const auto user_name = to_utf8(user, user_length);
        const auto secret = to_secret(password, password_length);
        // "If the user name is empty, the data source's is used."
        std::optional<std::string_view> given_user;
        std::optional<std::string_view> given_password;
        if (!user_name.empty()) given_user = user_name;
        if (!secret.empty()) given_password = secret.reveal();
        return of.connect(name, given_user, given_password);
    });
}

template <class Char>
SQLRETURN
driver_connect(SQLHDBC raw, const Char* in, SQLSMALLINT in_length, Char* out, SQLSMALLINT capacity, SQLSMALLINT* out_length, SQLUSMALLINT completion) {
    return call<connection>(raw, [&](connection& of) -> SQLRETURN {
        if (completion > SQL_DRIVER_COMPLETE_REQUIRED) fail("HY110", "There is no such way of completing a connection string");
        if (completion == SQL_DRIVER_PROMPT) not_implemented("A dialogue with the user");
        if (out != nullptr && capacity < 0) fail("HY090", "The buffer length is negative");
        const auto target = to_secret(in, in_length); // a password may be in it
        const auto connected = of.connect(target.reveal());
        if (!put_text<Char>(of.completed_string(), out, capacity, out_length, length_unit::characters)) of.diag.warn("01004", "The connection string was cut");
        return connected;
    });
}

template <class Char> SQLRETURN browse_connect(SQLHDBC raw, const Char* in, SQLSMALLINT in_length, Char* out, SQLSMALLINT capacity, SQLSMALLINT* out_length) {
    return call<connection>(raw, [&](connection& of) -> SQLRETURN {
        if (out != nullptr && capacity < 0) fail("HY090", "The buffer length is negative");
        const auto request = to_secret(in, in_length); // a password may be in it
        std::string result;
        const auto outcome = of.browse(request.reveal(), result);
        if (!put_text<Char>(result, out, capacity, out_length, length_unit::characters)) of.diag.warn("01004", "The browse result was cut");
        return outcome;
    });
}

bool is_text_attribute(SQLINTEGER attribute) {
    return attribute == SQL_ATTR_CURRENT_CATALOG;
}

// Lengths of attributes count bytes, for wide text too.
template <class Char> SQLRETURN set_attribute(SQLHDBC raw, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER length) {
    return call<connection>(raw, [&](connection& of) {
        of.require_no_dialogue();
        if (attribute != attr_two_factor && !is_text_attribute(attribute)) return of.set_attribute(attribute, value);
        if (value == nullptr) fail("HY009", "The attribute wants text");
        const auto units = length >= 0 ? static_cast<SQLLEN>(length) / static_cast<SQLLEN>(sizeof(Char)) : static_cast<SQLLEN>(length);
        const auto* const text = static_cast<const Char*>(value);
        return attribute == attr_two_factor ? of.send_two_factor(to_secret(text, units).reveal()) : of.set_catalog(to_utf8(text, units));
    });
}

template <class Char> SQLRETURN get_attribute(SQLHDBC raw, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER capacity, SQLINTEGER* length) {
    return call<connection>(raw, [&](connection& of) -> SQLRETURN {
        of.require_no_dialogue();
        if (is_text_attribute(attribute)) {
            if (!put_text<Char>(of.catalog(), value, capacity, length, length_unit::bytes)) of.diag.warn("01004", "The attribute was cut");
            return SQL_SUCCESS;
        }
        const auto found = of.attribute(attribute);
        if (found.pointer) {
            if (value != nullptr) *static_cast<SQLPOINTER*>(value) = reinterpret_cast<SQLPOINTER>(static_cast<std::uintptr_t>(found.value));
            if (length != nullptr) *length = sizeof(SQLPOINTER);
        } else {
            if (value != nullptr) *static_cast<SQLUINTEGER*>(value) = static_cast<SQLUINTEGER>(found.value);
            if (length != nullptr) *length = sizeof(SQLUINTEGER);
        }
        return SQL_SUCCESS;
    });
}

// The text as the server would get it: `?` marks are the driver's business, escapes the server's.
template <class Char> SQLRETURN native_sql(SQLHDBC raw, const Char* in, SQLINTEGER in_length, Char* out, SQLINTEGER capacity, SQLINTEGER* out_length) {
    return call<connection>(raw, [&](connection& of) -> SQLRETURN {
        if (in == nullptr) fail("HY009", "There is no statement");
        if (!of.is_connected()) fail("08003", "There is no connection");
        if (!put_text<Char>(rewrite_escapes(to_utf8(in, in_length)), out, capacity, out_length, length_unit::characters))
            of.diag.warn("01004", "The statement was cut");
        return SQL_SUCCESS;
    });
}

template <class Of> SQLRETURN end_transaction(SQLHANDLE raw, SQLSMALLINT how) {
    return call<Of>(raw, [&](Of& of) -> SQLRETURN {
        if (how != SQL_COMMIT && how != SQL_ROLLBACK) fail("HY012", "A transaction is committed or rolled back");
        if constexpr (std::is_same_v<Of, environment>) {
            return of.end_transactions(how == SQL_COMMIT);
        } else {
            of.end_transaction(how == SQL_COMMIT);
            return SQL_SUCCESS;
        }
    });
}

} // namespace

extern "C" {

SQLRETURN SQL_API
SQLConnect(SQLHDBC raw, SQLCHAR* dsn, SQLSMALLINT dsn_length, SQLCHAR* user, SQLSMALLINT user_length, SQLCHAR* password, SQLSMALLINT password_length) {
    return connect(raw, dsn, dsn_length, user, user_length, password, password_length);
}

SQLRETURN SQL_API
SQLConnectW(SQLHDBC raw, SQLWCHAR* dsn, SQLSMALLINT dsn_length, SQLWCHAR* user, SQLSMALLINT user_length, SQLWCHAR* password, SQLSMALLINT password_length) {
    return connect(raw, dsn, dsn_length, user, user_length, password, password_length);
}

SQLRETURN SQL_API SQLDriverConnect(
    SQLHDBC raw, SQLHWND, SQLCHAR* in, SQLSMALLINT in_length, SQLCHAR* out, SQLSMALLINT capacity, SQLSMALLINT* out_length, SQLUSMALLINT completion
) {
    return driver_connect(raw, in, in_length, out, capacity, out_length, completion);
}

SQLRETURN SQL_API SQLDriverConnectW(
    SQLHDBC raw, SQLHWND, SQLWCHAR* in, SQLSMALLINT in_length, SQLWCHAR* out, SQLSMALLINT capacity, SQLSMALLINT* out_length, SQLUSMALLINT completion
) {
    return driver_connect(raw, in, in_length, out, capacity, out_length, completion);
}

SQLRETURN SQL_API SQLBrowseConnect(SQLHDBC raw, SQLCHAR* in, SQLSMALLINT in_length, SQLCHAR* out, SQLSMALLINT capacity, SQLSMALLINT* out_length) {
    return browse_connect(raw, in, in_length, out, capacity, out_length);
}

SQLRETURN SQL_API SQLBrowseConnectW(SQLHDBC raw, SQLWCHAR* in, SQLSMALLINT in_length, SQLWCHAR* out, SQLSMALLINT capacity, SQLSMALLINT* out_length) {
    return browse_connect(raw, in, in_length, out, capacity, out_length);
}

SQLRETURN SQL_API SQLDisconnect(SQLHDBC raw) {
    return call<connection>(raw, [](connection& of) -> SQLRETURN {
        of.disconnect();
        return SQL_SUCCESS;
    });
}

SQLRETURN SQL_API SQLSetConnectAttr(SQLHDBC raw, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER length) {
    return set_attribute<SQLCHAR>(raw, attribute, value, length);
}

SQLRETURN SQL_API SQLSetConnectAttrW(SQLHDBC raw, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER length) {
    return set_attribute<SQLWCHAR>(raw, attribute, value, length);
}

SQLRETURN SQL_API SQLGetConnectAttr(SQLHDBC raw, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER capacity, SQLINTEGER* length) {
    return get_attribute<SQLCHAR>(raw, attribute, value, capacity, length);
}

SQLRETURN SQL_API SQLGetConnectAttrW(SQLHDBC raw, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER capacity, SQLINTEGER* length) {
    return get_attribute<SQLWCHAR>(raw, attribute, value, capacity, length);
}

SQLRETURN SQL_API SQLNativeSql(SQLHDBC raw, SQLCHAR* in, SQLINTEGER in_length, SQLCHAR* out, SQLINTEGER capacity, SQLINTEGER* out_length) {
    return native_sql(raw, in, in_length, out, capacity, out_length);
}

SQLRETURN SQL_API SQLNativeSqlW(SQLHDBC raw, SQLWCHAR* in, SQLINTEGER in_length, SQLWCHAR* out, SQLINTEGER capacity, SQLINTEGER* out_length) {
    return native_sql(raw, in, in_length, out, capacity, out_length);
}

SQLRETURN SQL_API SQLEndTran(SQLSMALLINT type, SQLHANDLE raw, SQLSMALLINT how) {
    switch (type) {
    case SQL_HANDLE_ENV: return end_transaction<environment>(raw, how);
    case SQL_HANDLE_DBC: return end_transaction<connection>(raw, how);
    default: return SQL_INVALID_HANDLE;
    }
}

} // extern "C"
