#include "samples/demo/login_matrix.hpp"

#include <unistd.h>

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

cell try_it(const scenario& each, const front& through, const login_world& world) {
    if (!through.open) return {};
    const auto start = std::chrono::steady_clock::now();
    const auto got = each.attempt(world, through);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    std::ostringstream time;
    time << std::fixed << std::setprecision(0) << took.count() << " ms";
    const bool as_expected =
        got.sqlstate == each.expected_state && (got.at.empty() || got.at == each.expected_step) && got.words.find(each.expected_words) != std::string::npos;
    const bool right = each.expected_state.empty() ? got.logged_in : !got.logged_in && as_expected;
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
    struct tally {
        int right{0};
        int wrong{0};
        int open{0};
    };

    std::vector<tally> of(fronts().size());
    std::cout << padded("Login matrix", name_width);
    for (const auto& each : fronts()) std::cout << padded(each.name, &each == &fronts().back() ? 0 : cell_width);
    std::cout << "\n";
    for (const auto& each : scenarios()) {
        std::cout << padded("  " + each.name + (each.expected_state.empty() ? "" : " (must fail)"), name_width);
        bool good = true;
        for (std::size_t i = 0; i < of.size(); ++i) {
            const auto one = try_it(each, fronts()[i], world);
            (one.is == verdict::right ? of[i].right : one.is == verdict::wrong ? of[i].wrong : of[i].open) += 1;
            good = good && one.is != verdict::wrong;
            std::cout << painted(one, i + 1 < of.size() ? cell_width : 0);
        }
        std::cout << (good ? "" : "   <-- WRONG") << std::endl;
    }
    bool all = true;
    for (std::size_t i = 0; i < of.size(); ++i) {
        std::cout << "  " << fronts()[i].name << ": " << of[i].right << " as they should be, " << of[i].wrong << " wrong, " << of[i].open << " not yet\n";
        all = all && of[i].wrong == 0;
    }
    std::cout << "\n";
    return all;
}

} // namespace demo
