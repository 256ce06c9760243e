#pragma once
// What the core of the ODBC driver refuses, by its SQLSTATE.

#include <string>

#include "odbc/diag/odbc_error.hpp"

namespace irislink::odbc {

// "none" when `work` throws nothing.
inline std::string state_of_failure(const auto& work) {
    try {
        work();
    } catch (const odbc_error& failed) {
        return failed.record().sqlstate;
    }
    return "none";
}

} // namespace irislink::odbc
