#pragma once
// Giving up the GIL and taking it, so that threads survive the end of the interpreter.
//
// Before Python 3.14 a daemon thread that asks for the GIL while the interpreter ends is ended by pthread_exit(), which
// unwinds the stack. That must not pass through here: destructors would touch Python objects without the GIL, and
// coroutines swallow what they catch, which aborts the process. Such a thread stays where it is instead, as it does
// from 3.14 on; the end of the process ends it.

#include <Python.h>
#include <cxxabi.h>
#include <unistd.h>

namespace irislink::python {

// While it ends, threads other than the one that ends it get the GIL no more.
[[nodiscard]] inline bool interpreter_is_there() noexcept {
#if PY_VERSION_HEX >= 0x030D0000
    return Py_IsInitialized() != 0 && Py_IsFinalizing() == 0;
#else
    return Py_IsInitialized() != 0 && _Py_IsFinalizing() == 0;
#endif
}

// Runs `work`, which asks for the GIL or runs Python code. Exceptions pass.
template <class Work> decltype(auto) or_stay(const Work& work) {
    try {
        return work();
    } catch (abi::__forced_unwind&) {
        for (;;) ::pause();
    }
}

// For a thread that has the GIL: others go on until the end of the scope.
class without_gil {
public:
    without_gil() noexcept : state_(PyEval_SaveThread()) {}

    ~without_gil() {
        or_stay([this] { PyEval_RestoreThread(state_); });
    }

    without_gil(const without_gil&) = delete;
    without_gil& operator=(const without_gil&) = delete;

private:
    PyThreadState* state_;
};

// For any thread, whether it has the GIL or not. Ask interpreter_is_there() before.
class with_gil {
public:
    with_gil() : state_(or_stay([] { return PyGILState_Ensure(); })) {}

    ~with_gil() { PyGILState_Release(state_); }

    with_gil(const with_gil&) = delete;
    with_gil& operator=(const with_gil&) = delete;

private:
    PyGILState_STATE state_;
};

} // namespace irislink::python
