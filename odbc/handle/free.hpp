#pragma once
// Freeing handles, for SQLFreeHandle and SQLFreeStmt(SQL_DROP). The handle's own lock is not held while
// it is deleted, its parent's is. A
// statement that is at work on another thread is waited for.

#include "odbc/handle/handle.hpp"

namespace irislink::odbc {

[[nodiscard]] SQLRETURN free_environment(SQLHANDLE raw) noexcept;
[[nodiscard]] SQLRETURN free_connection(SQLHANDLE raw) noexcept;
[[nodiscard]] SQLRETURN free_statement(SQLHANDLE raw) noexcept;
[[nodiscard]] SQLRETURN free_descriptor(SQLHANDLE raw) noexcept;

} // namespace irislink::odbc
