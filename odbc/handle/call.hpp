#pragma once
// The gate: the only place where the driver's C++ meets the C boundary. It checks the handle, locks it,
// clears its diagnostics and turns whatever is thrown into a diagnostic record.
//
// Some functions go without: SQLGetDiagRec and SQLGetDiagField do not clear, SQLCancel and SQLCancelHandle
// do not wait for the lock, SQLFreeHandle lets go of it before it deletes.

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

// A statement that is at work for an earlier call.
template <class Handle> [[nodiscard]] bool is_executing(const Handle& target) noexcept {
    if constexpr (requires { target.asynchronous; }) {
        return target.asynchronous.outstanding();
    } else {
        return false;
    }
}

template <class Handle> [[nodiscard]] SQLRETURN refuse_executing(Handle& target) noexcept {
    if constexpr (requires { target.asynchronous; }) {
        return target.asynchronous.refuse();
    } else {
        return SQL_ERROR;
    }
}

// With the handle's lock.
template <class Handle> void begin_call(Handle& target) noexcept {
    target.diag.clear();
    if constexpr (requires { target.begin_call(); }) target.begin_call();
}

template <class Handle, std::invocable<Handle&> Body> SQLRETURN call(SQLHANDLE raw, Body&& body) noexcept {
    auto* const target = handle_cast<Handle>(raw);
    if (target == nullptr) return SQL_INVALID_HANDLE;
    // Without waiting for the lock, which the work under way has; and again with it.
    if (is_executing(*target)) return refuse_executing(*target);
    const std::lock_guard lock(target->mutex);
    if (is_executing(*target)) return refuse_executing(*target);
    begin_call(*target);
    return guarded(target->diag, [&]() -> SQLRETURN { return std::invoke(std::forward<Body>(body), *target); });
}

// A function that may take long: `function` is its number, SQL_API_... `prepare` takes the statement, checks
// the arguments, copies what the program may not keep, and gives back the work, a callable of the statement.
// The work is done before the call returns, or, where SQL_ATTR_ASYNC_ENABLE is on and `waits` says that it
// may have to wait, beside the program.
template <class Statement, std::invocable<Statement&> Prepare, std::predicate<Statement&> Waits>
SQLRETURN call_working(SQLHANDLE raw, SQLUSMALLINT function, Prepare&& prepare, Waits&& waits) noexcept {
    auto* const target = handle_cast<Statement>(raw);
    if (target == nullptr) return SQL_INVALID_HANDLE;
    if (is_executing(*target)) return target->poll(function);
    const std::lock_guard lock(target->mutex);
    if (is_executing(*target)) return refuse_executing(*target);
    begin_call(*target);
    return guarded(target->diag, [&]() -> SQLRETURN {
        auto work = std::invoke(std::forward<Prepare>(prepare), *target);
        if (!target->works_asynchronously() || !std::invoke(std::forward<Waits>(waits), *target)) return std::invoke(work, *target);
        // Its first step is to wait for the lock that this call still has.
        const auto beside = [target, work]() mutable {
            const std::lock_guard busy(target->mutex);
            return guarded(target->diag, [&]() -> SQLRETURN { return std::invoke(work, *target); });
        };
        return target->asynchronous.begin(function, beside) ? SQLRETURN{SQL_STILL_EXECUTING} : std::invoke(work, *target);
    });
}

template <class Statement, std::invocable<Statement&> Prepare> SQLRETURN call_working(SQLHANDLE raw, SQLUSMALLINT function, Prepare&& prepare) noexcept {
    return call_working<Statement>(raw, function, std::forward<Prepare>(prepare), [](Statement&) { return true; });
}

} // namespace irislink::odbc
