#include "samples/demo/login_matrix.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <iomanip>
#include <iostream>
#include <sstream>

namespace demo {
namespace {

constexpr std::size_t name_width = 54;
constexpr std::size_t cell_width = 32;

enum class verdict { right, wrong, not_yet };

struct cell {
    verdict is{verdict::not_yet};
    std::string text{"not yet"};
};

cell try_it(const scenario& each, const attempt& front, const login_world& world) {
    if (!front) return {};
    const auto start = std::chrono::steady_clock::now();
    const auto got = front(world);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    std::ostringstream time;
    time << std::fixed << std::setprecision(0) << took.count() << " ms";
    const bool right = each.expected_state.empty() ? got.logged_in : !got.logged_in && got.sqlstate == each.expected_state && got.at == each.expected_step;
    std::string text = got.logged_in ? "ok" : got.sqlstate + " " + got.words;
    const auto room = cell_width - time.str().size() - 2;
    if (text.size() > room) text = text.substr(0, room - 3) + "...";
    if (got.logged_in && !right) text = "logged in, and must not";
    return {right ? verdict::right : verdict::wrong, text + " " + time.str()};
}

std::string painted(const cell& in, std::size_t width) {
    auto text = in.text;
    text.resize(std::max(text.size(), width), ' ');
    static const bool colours = ::isatty(STDOUT_FILENO) != 0;
    if (!colours) return text;
    const char* const code = in.is == verdict::right ? "\x1b[32m" : in.is == verdict::wrong ? "\x1b[31m" : "\x1b[2m";
    return code + text + "\x1b[0m";
}

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(text.size(), width), ' ');
    return text;
}

} // namespace

bool show_login_matrix(const login_world& world) {
    static constexpr std::array names{"ODBC", "C++", "Python"};
    std::array<int, 3> right{};
    std::array<int, 3> wrong{};
    std::array<int, 3> open{};
    std::cout << padded("Login matrix", name_width) << padded(names[0], cell_width) << padded(names[1], cell_width) << names[2] << "\n";
    for (const auto& each : scenarios()) {
        std::cout << padded("  " + each.name + (each.expected_state.empty() ? "" : " (must fail)"), name_width);
        const std::array fronts{&each.odbc, &each.cpp, &each.python};
        bool good = true;
        for (std::size_t i = 0; i < fronts.size(); ++i) {
            const auto one = try_it(each, *fronts[i], world);
            (one.is == verdict::right ? right : one.is == verdict::wrong ? wrong : open)[i] += 1;
            good = good && one.is != verdict::wrong;
            std::cout << painted(one, i + 1 < fronts.size() ? cell_width : 0);
        }
        std::cout << (good ? "" : "   <-- WRONG") << std::endl;
    }
    bool all = true;
    for (std::size_t i = 0; i < names.size(); ++i) {
        std::cout << "  " << names[i] << ": " << right[i] << " as they should be, " << wrong[i] << " wrong, " << open[i] << " not yet\n";
        all = all && wrong[i] == 0;
    }
    std::cout << "\n";
    return all;
}

} // namespace demo
