#include "bindings/python/native/mailbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <csignal>
#include <optional>
#include <system_error>
#include <thread>

#include "bindings/python/native/errors.hpp"
#include "bindings/python/native/gil.hpp"

namespace irislink::python {
namespace {

struct network {
    boost::asio::io_context context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context.get_executor()};
    int process{::getpid()};
    std::thread thread{[this] {
        // Signals are for the interpreter's main thread.
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, nullptr);
        context.run();
    }};
};

// Never destroyed by the end of the process; a child of fork() leaves its parent's alone.
network*& running() {
    static network* one = nullptr;
    return one;
}

// What is raised while the exception is made, by a signal's handler say, takes its place: the other letters are not to
// be lost by it.
py::object failure_of(const std::exception_ptr& failed) {
    try {
        return exception_of(failed);
    } catch (py::error_already_set& raised) {
        return raised.value();
    }
}

} // namespace

mailbox::mailbox() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

mailbox::~mailbox() {
    ::close(descriptor_);
}

void mailbox::put(letter what) {
    const std::lock_guard lock(mutex_);
    letters_.push_back(std::move(what));
    if (letters_.size() > 1) return; // it is readable already
    const std::uint64_t one = 1;
    (void)!::write(descriptor_, &one, sizeof one);
}

void mailbox::settle() {
    const std::lock_guard lock(mutex_);
    std::uint64_t count = 0;
    if (letters_.empty()) (void)!::read(descriptor_, &count, sizeof count);
}

void mailbox::take(const py::list& to) {
    std::vector<letter> come;
    {
        const std::lock_guard lock(mutex_);
        come.swap(letters_);
    }
    for (const auto& each : come) {
        py::object failed = py::none();
        py::object value = py::none();
        if (each.failed) {
            failed = failure_of(each.failed);
        } else if (each.value) {
            try {
                value = each.value();
            } catch (...) {
                failed = failure_of(std::current_exception());
            }
        }
        if (PyList_Append(to.ptr(), tuple_of(each.token, failed, value).ptr()) != 0) throw py::error_already_set();
    }
}

boost::asio::io_context& network_thread() {
    auto*& one = running();
    if (one == nullptr || one->process != ::getpid()) one = new network;
    return one->context;
}

void stop_network_thread() {
    auto* const one = std::exchange(running(), nullptr);
    if (one == nullptr || one->process != ::getpid()) return;
    one->context.stop();
    const py::gil_scoped_release others_go_on;
    one->thread.join();
    // What is left in there holds sessions of the process' end; the system closes their sockets.
}

void bind_mailbox(py::module_& module) {
    py::class_<mailbox, std::shared_ptr<mailbox>>(module, "Mailbox", "Answers for one event loop.")
        .def(py::init<>())
        .def("fileno", &mailbox::descriptor)
        .def("take", &mailbox::take, py::arg("to"))
        .def("settle", &mailbox::settle);
    module.def("stop_network_thread", &stop_network_thread);
}

} // namespace irislink::python
