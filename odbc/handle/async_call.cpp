#include "odbc/handle/async_call.hpp"

#include <system_error>

namespace irislink::odbc {

bool async_call::begin(SQLUSMALLINT function, std::function<SQLRETURN()> work) {
    const std::lock_guard lock(mutex);
    if (++of_connection_ > most) {
        --of_connection_;
        return false;
    }
    diag.clear();
    done_ = stop_asked_ = false;
    try {
        worker_ = std::thread([this, work = std::move(work)] {
            outcome_ = work();
            done_ = true;
        });
    } catch (const std::system_error&) {
        --of_connection_;
        return false;
    }
    function_ = function;
    (void)diag.finish(SQL_STILL_EXECUTING);
    return true;
}

SQLRETURN async_call::poll(SQLUSMALLINT function) noexcept {
    if (function != function_) return refuse();
    const std::lock_guard lock(mutex);
    diag.clear();
    // Somebody else was given the outcome just now.
    if (function_ == 0) return SQL_ERROR;
    if (!done_) return diag.finish(SQL_STILL_EXECUTING);
    end();
    return outcome_;
}

SQLRETURN async_call::refuse() noexcept {
    const std::lock_guard lock(mutex);
    diag.clear();
    diag_record record;
    record.sqlstate = "HY010";
    try {
        record.text = "A function is still executing on the statement: call it again until it is through, or SQLCancel";
    } catch (const std::bad_alloc&) {
        return diag.fail_out_of_memory();
    }
    return diag.fail(record);
}

void async_call::ask_to_stop() noexcept {
    const std::lock_guard lock(mutex);
    if (function_ != 0) stop_asked_ = true;
}

void async_call::end() noexcept {
    worker_.join();
    stop_asked_ = false;
    function_ = 0;
    --of_connection_;
}

void async_call::wait() noexcept {
    const std::lock_guard lock(mutex);
    if (function_ != 0) end();
}

} // namespace irislink::odbc
