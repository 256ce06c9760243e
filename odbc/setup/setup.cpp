// What the driver manager's installer calls: libirislinkodbcS.so, `Setup=` of odbcinst.ini. It shows no window.

#include <exception>

#include "driver/config/values.hpp"
#include "odbc/setup/data_source_request.hpp"
#include "odbc/setup/properties.hpp"
#include "odbc/text/text.hpp"

using namespace irislink;
using namespace irislink::odbc;

namespace {

// Nothing is thrown into C.
template <class Work> BOOL guarded(Work&& work) {
    try {
        return work() ? 1 : 0;
    } catch (const std::exception&) {
        SQLPostInstallerError(ODBC_ERROR_OUT_OF_MEM, "There is not enough memory");
        return 0;
    }
}

template <class Char> BOOL config_dsn(WORD request, const Char* driver, const Char* attributes) {
    return guarded([&] {
        if (driver == nullptr || driver[0] == 0) {
            SQLPostInstallerError(ODBC_ERROR_INVALID_NAME, "The name of the driver is missing");
            return false;
        }
        // A password may be among them.
        const auto list = to_secret(attributes, static_cast<SQLLEN>(list_length(attributes)));
        return change_data_source(request, to_utf8(driver, SQL_NTS), list.reveal());
    });
}

// Registering is odbcinst's own work: there is nothing to add to it, and nothing to say.
template <class Char> BOOL config_driver(WORD request, Char* message, WORD capacity, WORD* length) {
    if (message != nullptr && capacity > 0) message[0] = 0;
    if (length != nullptr) *length = 0;
    if (request >= ODBC_INSTALL_DRIVER && request <= ODBC_CONFIG_DRIVER) return 1;
    SQLPostInstallerError(ODBC_ERROR_INVALID_REQUEST_TYPE, "There is no such request");
    return 0;
}

const SQLCHAR* narrow(LPCSTR text) {
    return reinterpret_cast<const SQLCHAR*>(text);
}

} // namespace

extern "C" {

BOOL INSTAPI ConfigDSN(HWND, WORD request, LPCSTR driver, LPCSTR attributes) {
    return config_dsn(request, narrow(driver), narrow(attributes));
}

BOOL INSTAPI ConfigDSNW(HWND, WORD request, LPCWSTR driver, LPCWSTR attributes) {
    return config_dsn(request, driver, attributes);
}

BOOL INSTAPI ConfigDriver(HWND, WORD request, LPCSTR, LPCSTR, LPSTR message, WORD capacity, WORD* length) {
    return config_driver(request, message, capacity, length);
}

BOOL INSTAPI ConfigDriverW(HWND, WORD request, LPCWSTR, LPCWSTR, LPWSTR message, WORD capacity, WORD* length) {
    return config_driver(request, message, capacity, length);
}

int INSTAPI ODBCINSTGetProperties(HODBCINSTPROPERTY last) {
    return append_properties(last) ? ODBCINST_SUCCESS : ODBCINST_ERROR;
}
}
