#pragma once
// A server whose answers a test waits for, and gives leave to.

#include <atomic>
#include <chrono>
#include <thread>

#include "tests/support/scripted_peer/scripted_peer.hpp"
#include "wire/messages/second_factor.hpp"

namespace irislink::test {

// Answers a query when it is told to, or hangs up then.
struct patient_peer {
    std::atomic<int> asked{0};
    std::atomic<bool> go_on{false};
    std::atomic<bool> hang_up{false};

    scripted_peer peer{[this](peer_line& line) {
        line.log_in();
        for (;;) {
            const auto request = line.read();
            if (request.code() == "2E") {
                line.answer(request, wire::second_factor_query_reply{});
            } else if (request.code() == "DQ") {
                ++asked;
                await(go_on);
                if (hang_up) return line.close();
                line.send_raw(peer_line::columns(request));
                line.send_raw(peer_line::rows(request, {1}, 100));
            } else if (request.code() == "DC") {
                return line.close();
            } else {
                line.answer_empty(request);
            }
        }
    }};

    // Until it is true, or ten seconds have passed.
    static void await(const std::atomic<bool>& flag) {
        for (int i = 0; i < 2000 && !flag; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }

    void await_query() const {
        for (int i = 0; i < 2000 && asked == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
};

} // namespace irislink::test
