#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <iostream>
#include <thread>

#include "bindings/cli/commands.hpp"

namespace irislink::cli {
namespace {

// Ctrl-C cancels the running statement on the server; the session goes on. A thread of its own waits
// for the signal, since cancel() opens a connection, which no signal handler may do.
class interrupt_watch {
public:
    explicit interrupt_watch(connection& target) : target_(&target) {
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGINT);
        pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
        thread_ = std::thread([this] { watch(); });
    }

    ~interrupt_watch() {
        stopping_ = true;
        pthread_kill(thread_.native_handle(), SIGINT);
        thread_.join();
        pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
    }

    interrupt_watch(const interrupt_watch&) = delete;
    interrupt_watch& operator=(const interrupt_watch&) = delete;

    [[nodiscard]] bool interrupted() const noexcept { return interrupted_; }

private:
    void watch() {
        int signal = 0;
        while (sigwait(&signals_, &signal) == 0 && !stopping_) {
            interrupted_ = true;
            try {
                if (!target_->cancel()) ::_exit(130);
            } catch (const error& failed) {
                std::cerr << failed.what() << "\n";
            }
        }
    }

    connection* target_;
    sigset_t signals_{};
    std::atomic<bool> stopping_{false};
    std::atomic<bool> interrupted_{false};
    std::thread thread_;
};

bool blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

int execute(connection& db, const std::string& sql, const sql_request& request) {
    const auto start = std::chrono::steady_clock::now();
    try {
        auto done = db.run_any(sql, {}, request.max_rows);
        if (auto* const rows = std::get_if<result>(&done)) {
            const auto count = print_rows(std::cout, *rows, request.format);
            if (request.format == output_format::table) std::cerr << count << (count == 1 ? " row" : " rows") << "\n";
        } else if (request.format == output_format::table) {
            const auto count = std::get<execute_result>(done).rows;
            std::cerr << count << (count == 1 ? " row" : " rows") << " changed\n";
        }
    } catch (const error& failed) {
        std::cout.flush();
        std::cerr << failed.what() << "\n";
        return failed.is_fatal() ? 3 : 1;
    }
    if (request.timing) {
        const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
        std::cerr << took.count() << " ms\n";
    }
    std::cout.flush();
    return 0;
}

int converse(connection& db, const sql_request& request) {
    const bool terminal = ::isatty(STDIN_FILENO) != 0;
    std::string pending;
    std::string line;
    int status = 0;
    const auto prompt = [&] {
        if (terminal) std::cerr << (blank(pending) ? "irislink> " : "     ...> ") << std::flush;
    };
    prompt();
    while (std::getline(std::cin, line)) {
        if (terminal && blank(pending) && (line == "quit" || line == "exit" || line == "\\q")) return status;
        pending += line + "\n";
        const auto last = pending.find_last_not_of(" \t\r\n");
        if (last != std::string::npos && pending[last] == ';') {
            for (const auto& each : split_statements(pending)) {
                const int one = execute(db, each, request);
                if (one != 0) status = 1;
                if (one == 3) return 1;
            }
            pending.clear();
        }
        prompt();
    }
    for (const auto& each : split_statements(pending))
        if (execute(db, each, request) != 0) status = 1;
    return status;
}

} // namespace

std::vector<std::string> split_statements(std::string_view text) {
    std::vector<std::string> out;
    std::string one;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const auto next = i + 1 < text.size() ? text[i + 1] : '\0';
        std::size_t end = 0;
        if (c == '\'' || c == '"') {
            end = text.find(c, i + 1);
        } else if (c == '-' && next == '-') {
            end = text.find('\n', i);
        } else if (c == '/' && next == '*') {
            end = text.find("*/", i + 2);
            if (end != std::string_view::npos) ++end;
        } else if (c == ';') {
            if (!blank(one)) out.push_back(one);
            one.clear();
            continue;
        } else {
            one.push_back(c);
            continue;
        }
        if (end == std::string_view::npos) end = text.size() - 1;
        one += text.substr(i, end - i + 1);
        i = end;
    }
    if (!blank(one)) out.push_back(one);
    return out;
}

int run_sql(const sql_request& request) {
    connection db;
    // Signals are taken by the watching thread from here on, in every thread made later too.
    interrupt_watch watch(db);
    db.connect(request.target);
    if (request.statements.empty()) return converse(db, request);
    for (const auto& text : request.statements)
        for (const auto& each : split_statements(text))
            if (execute(db, each, request) != 0) return watch.interrupted() ? 130 : 1;
    return 0;
}

} // namespace irislink::cli
