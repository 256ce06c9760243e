#pragma once
// A server that wants a second factor.

#include <atomic>

#include "tests/support/scripted_peer/scripted_peer.hpp"
#include "wire/messages/second_factor.hpp"

namespace irislink::test {

// Logs in, says that a code is due, takes "246810" and nothing else; counts codes and other requests.
struct factor_peer {
    std::atomic<int> codes{0};
    std::atomic<int> others{0};

    scripted_peer peer{[this](peer_line& line) {
        line.log_in();
        for (;;) {
            const auto request = line.read();
            if (request.code() == "2E") {
                wire::second_factor_query_reply due;
                due.required = true;
                line.answer(request, due);
            } else if (request.code() == "2F") {
                ++codes;
                wire::second_factor_token sent;
                (void)wire::decode_body(request.body, wire::default_format, sent);
                line.answer_empty(request, sent.token.reveal() == "246810" ? 0 : 417);
            } else if (request.code() == "DC") {
                line.close();
            } else {
                if (request.code() != "OE") ++others;
                line.answer_empty(request);
            }
        }
    }};
};

} // namespace irislink::test
