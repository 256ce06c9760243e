#pragma once
// Between the one thread that does the network's work for all asynchronous connections, and the event loops of
// asyncio. The thread never asks for the GIL: what an operation gave is put into the mailbox of its loop, whose file
// descriptor becomes readable, and made into Python objects by the loop's own thread.

#include <pybind11/pybind11.h>

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace irislink::python {

namespace py = pybind11;

class mailbox {
public:
    mailbox();
    ~mailbox();
    mailbox(const mailbox&) = delete;
    mailbox& operator=(const mailbox&) = delete;

    struct letter {
        std::uint64_t token{0}; // whose answer it is
        std::exception_ptr failed;
        std::function<py::object()> value; // called with the GIL; holds no Python objects
    };

    // Any thread.
    void put(letter what);
    // Appends (token, exception or None, value) of what has come to `to`. The descriptor stays readable. The loop's thread.
    void take(const py::list& to);
    // All of it was dealt with: the descriptor is readable no more, unless something has come since.
    void settle();

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

private:
    int descriptor_;
    std::mutex mutex_;
    std::vector<letter> letters_;
};

// The thread, started when it is first needed, in each process anew.
[[nodiscard]] boost::asio::io_context& network_thread();
// Ends it, for the end of the interpreter; operations under way get no answer.
void stop_network_thread();

void bind_mailbox(py::module_& module);

} // namespace irislink::python
