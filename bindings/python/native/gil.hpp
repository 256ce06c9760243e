#pragma once
// Giving up the GIL and taking it, so that threads survive the end of the interpreter.
//
// Before Python 3.14 a daemon thread that asks for the GIL while the interpreter ends is ended by pthread_exit(), which
// unwinds the stack. That must not pass through here: destructors would touch Python objects without the GIL, and
// coroutines swallow what they catch, which aborts the process. Such a thread stays where it is instead, as it does
// from 3.14 on; the end of the process ends it.

#include <pybind11/pybind11.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace irislink::python {

// While it ends, threads other than the one that ends it get the GIL no more.
[[nodiscard]] inline bool interpreter_is_there() noexcept {
#if PY_VERSION_HEX >= 0x030D0000
    return Py_IsInitialized() != 0 && Py_IsFinalizing() == 0;
#else
    return Py_IsInitialized() != 0 && _Py_IsFinalizing() == 0;
#endif
}

// Runs `work`, a single call of Python's API that asks for the GIL or runs Python code. Nothing is caught: that cannot
// be done while another exception is handled, and errors are made Python's where one is.
template <class Work> auto or_stay(const Work& work) {
    struct guard {
        bool unwound{true};

        ~guard() {
            while (unwound) ::pause();
        }
    } stay;

    const auto out = work();
    stay.unwound = false;
    return out;
}

// What such a call made, a new reference. Throws error_already_set when it raised.
template <class Work> [[nodiscard]] pybind11::object called(const Work& work) {
    auto out = pybind11::reinterpret_steal<pybind11::object>(or_stay(work));
    if (!out) throw pybind11::error_already_set();
    return out;
}

// Containers of Python: to make one may begin a collection, before Python 3.12, and with it finalizers, which are Python
// code. Throw error_already_set.
[[nodiscard]] inline pybind11::list new_list(std::size_t size = 0) {
    return pybind11::reinterpret_steal<pybind11::list>(called([size] { return PyList_New(static_cast<Py_ssize_t>(size)); }).release());
}

[[nodiscard]] inline pybind11::tuple new_tuple(std::size_t size) {
    return pybind11::reinterpret_steal<pybind11::tuple>(called([size] { return PyTuple_New(static_cast<Py_ssize_t>(size)); }).release());
}

template <class... Values> [[nodiscard]] pybind11::tuple tuple_of(Values&&... values) {
    std::array<pybind11::object, sizeof...(Values)> made{pybind11::object(pybind11::detail::object_or_cast(std::forward<Values>(values)))...};
    auto out = new_tuple(made.size());
    for (std::size_t i = 0; i < made.size(); ++i) {
        if (!made[i]) throw pybind11::error_already_set();
        PyTuple_SET_ITEM(out.ptr(), static_cast<Py_ssize_t>(i), made[i].release().ptr());
    }
    return out;
}

// For a thread that has the GIL: others go on until the end of the scope.
class without_gil {
public:
    without_gil() noexcept : state_(PyEval_SaveThread()) {}

    ~without_gil() {
        or_stay([this] {
            PyEval_RestoreThread(state_);
            return true;
        });
    }

    without_gil(const without_gil&) = delete;
    without_gil& operator=(const without_gil&) = delete;

private:
    PyThreadState* state_;
};

// Gives a buffer back, which may be Python code since 3.12. Needs the GIL.
class buffer_release {
public:
    explicit buffer_release(Py_buffer* view) noexcept : view_(view) {}

    ~buffer_release() {
        or_stay([this] {
            PyBuffer_Release(view_);
            return true;
        });
    }

    buffer_release(const buffer_release&) = delete;
    buffer_release& operator=(const buffer_release&) = delete;

private:
    Py_buffer* view_;
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
