#pragma once
// The wire trace: one JSON object per message, in the form of the recorded sessions in tests/golden.
// Messages that carry secrets are written with their header and length only. Not thread-safe.

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>

#include "wire/frame/frame.hpp"

namespace irislink::driver {

class wire_trace {
public:
    // Appends to `file` (created with mode 0600). Throws error (step settings) when it cannot.
    wire_trace(const std::string& file, const std::string& what);

    // `sent` is a whole message, header and body.
    void sent(wire::bytes_view message);
    void received(const wire::message& message);

private:
    struct close_file {
        void operator()(std::FILE* file) const noexcept { (void)std::fclose(file); }
    };

    void line(char direction, wire::bytes_view header, wire::bytes_view body, bool secret);

    std::unique_ptr<std::FILE, close_file> file_;
    std::chrono::steady_clock::time_point start_{std::chrono::steady_clock::now()};
};

} // namespace irislink::driver
