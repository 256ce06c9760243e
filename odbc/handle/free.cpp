#include "odbc/handle/free.hpp"

#include "odbc/handle/call.hpp"
#include "odbc/handle/connection.hpp"
#include "odbc/handle/environment.hpp"
#include "odbc/handle/statement.hpp"

namespace irislink::odbc {

SQLRETURN free_environment(SQLHANDLE raw) noexcept {
    const auto refused = call<environment>(raw, [](environment& of) -> SQLRETURN {
        if (of.has_connections()) fail("HY010", "The environment still has connections");
        return SQL_SUCCESS;
    });
    if (refused == SQL_SUCCESS) delete handle_cast<environment>(raw);
    return refused;
}

SQLRETURN free_connection(SQLHANDLE raw) noexcept {
    const auto refused = call<connection>(raw, [](connection& of) -> SQLRETURN {
        of.require_no_dialogue();
        if (of.is_connected()) fail("HY010", "The connection is open: disconnect first");
        return SQL_SUCCESS;
    });
    if (refused != SQL_SUCCESS) return refused;
    auto& gone = *handle_cast<connection>(raw);
    auto& parent = gone.parent();
    const std::lock_guard lock(parent.mutex);
    parent.remove(gone);
    return SQL_SUCCESS;
}

SQLRETURN free_statement(SQLHANDLE raw) noexcept {
    auto* const gone = handle_cast<statement>(raw);
    if (gone == nullptr) return SQL_INVALID_HANDLE;
    if (is_executing(*gone)) return refuse_executing(*gone);
    auto& parent = gone->parent();
    const std::lock_guard lock(parent.mutex);
    parent.remove(*gone);
    return SQL_SUCCESS;
}

SQLRETURN free_descriptor(SQLHANDLE raw) noexcept {
    const auto refused = call<descriptor>(raw, [](descriptor& of) -> SQLRETURN {
        if (of.owner() == nullptr) fail("HY017", "The descriptor belongs to a statement");
        of.owner()->require_none_executing();
        return SQL_SUCCESS;
    });
    if (refused != SQL_SUCCESS) return refused;
    auto& gone = *handle_cast<descriptor>(raw);
    auto& parent = *gone.owner();
    const std::lock_guard lock(parent.mutex);
    parent.remove(gone);
    return SQL_SUCCESS;
}

} // namespace irislink::odbc
