#pragma once
// The gate: the only place where the driver's C++ meets the C boundary. It checks the handle, locks it,
// clears its diagnostics and turns whatever is thrown into a diagnostic record.
//
// Three functions go without: SQLGetDiagRec and SQLGetDiagField do not clear (call_keeping),
// SQLCancel does not wait for the lock, SQLFreeHandle lets go of it before it deletes.

#include <concepts>
#include <functional>
#include <new>
#include <utility>

#include "odbc/handle/handle.hpp"

namespace irislink::odbc {

// Runs the body with every exception turned into a record of `area`.
template <class Body> SQLRETURN guarded(diag_area& area, Body&& body) noexcept {
    try {
        return area.finish(std::forward<Body>(body)());
    } catch (const odbc_error& failed) {
        return area.fail(failed.record());
    } catch (const error& failed) {
        return area.fail(failed.record());
    } catch (const std::bad_alloc&) {
        return area.fail_out_of_memory();
    } catch (const std::exception& failed) {
        return area.fail_general(failed.what());
    } catch (...) {
        return area.fail_general("Unexpected failure in the driver");
    }
}

template <class Handle, std::invocable<Handle&> Body> SQLRETURN call(SQLHANDLE raw, Body&& body) noexcept {
    auto* const target = handle_cast<Handle>(raw);
    if (target == nullptr) return SQL_INVALID_HANDLE;
    const std::lock_guard lock(target->mutex);
    target->diag.clear();
    return guarded(target->diag, [&]() -> SQLRETURN { return std::invoke(std::forward<Body>(body), *target); });
}

} // namespace irislink::odbc
