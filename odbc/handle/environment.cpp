#include "odbc/handle/environment.hpp"

#include <algorithm>

#include "odbc/handle/call.hpp"
#include "odbc/handle/connection.hpp"

namespace irislink::odbc {

environment::environment() : handle(kind) {}

environment::~environment() = default;

SQLRETURN environment::set_attribute(SQLINTEGER attribute, SQLPOINTER value) {
    const auto number = static_cast<SQLINTEGER>(reinterpret_cast<std::intptr_t>(value));
    switch (attribute) {
    case SQL_ATTR_ODBC_VERSION:
        if (number != SQL_OV_ODBC2 && number != SQL_OV_ODBC3 && number != SQL_OV_ODBC3_80) fail("HY024", "There is no such version of ODBC");
        if (has_connections()) fail("HY010", "The version must be set before connections are allocated");
        version_ = number;
        return SQL_SUCCESS;
    case SQL_ATTR_OUTPUT_NTS:
        if (number != SQL_TRUE) not_implemented("Text without a terminator (SQL_ATTR_OUTPUT_NTS)");
        return SQL_SUCCESS;
    case SQL_ATTR_CONNECTION_POOLING: pooling_ = number; return SQL_SUCCESS;
    case SQL_ATTR_CP_MATCH: pool_match_ = number; return SQL_SUCCESS;
    default: fail("HY092", "There is no environment attribute " + std::to_string(attribute));
    }
}

SQLINTEGER environment::attribute(SQLINTEGER attribute) const {
    switch (attribute) {
    case SQL_ATTR_ODBC_VERSION: return version_;
    case SQL_ATTR_OUTPUT_NTS: return SQL_TRUE;
    case SQL_ATTR_CONNECTION_POOLING: return pooling_;
    case SQL_ATTR_CP_MATCH: return pool_match_;
    default: fail("HY092", "There is no environment attribute " + std::to_string(attribute));
    }
}

SQLRETURN environment::end_transactions(bool commit) {
    SQLRETURN out = SQL_SUCCESS;
    const auto failed_with = [&](diag_record why) {
        diag.add(std::move(why));
        out = SQL_ERROR;
    };
    // One that fails does not stop the others.
    for (const auto& each : connections_) {
        const std::lock_guard lock(each->mutex);
        if (!each->is_connected()) continue;
        try {
            each->end_transaction(commit);
        } catch (const error& failed) {
            failed_with(record_of(failed.record()));
        } catch (const odbc_error& failed) {
            failed_with(failed.record());
        }
    }
    return out;
}

connection& environment::add_connection() {
    if (version_ == 0) fail("HY010", "Set SQL_ATTR_ODBC_VERSION before allocating a connection");
    return *connections_.emplace_back(std::make_unique<connection>(*this));
}

void environment::remove(const connection& gone) {
    std::erase_if(connections_, [&gone](const auto& each) { return each.get() == &gone; });
}

} // namespace irislink::odbc
