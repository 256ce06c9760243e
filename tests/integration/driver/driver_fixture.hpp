#pragma once
// What the client's integration tests share.

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "irislink/irislink.hpp"

namespace irislink::test {

// The error that `work` throws; a test failure when it throws none.
inline diagnostic failure_of(const std::function<void()>& work) {
    try {
        work();
    } catch (const error& failed) {
        return failed.record();
    }
    ADD_FAILURE() << "an error was expected";
    return {};
}

class stopwatch {
public:
    [[nodiscard]] std::chrono::milliseconds elapsed() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start_);
    }

private:
    std::chrono::steady_clock::time_point start_{std::chrono::steady_clock::now()};
};

// Every row left as text, for comparing: "1|a;2|NULL".
inline std::string flat(result& rows) {
    std::string out;
    for (const auto& row : rows) {
        if (!out.empty()) out += ";";
        for (std::size_t i = 0; i < row.size(); ++i) out += (i == 0 ? "" : "|") + row.text(i).value_or("NULL");
    }
    return out;
}

inline std::string flat(result&& rows) {
    return flat(rows);
}

} // namespace irislink::test
