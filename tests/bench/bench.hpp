#pragma once
// Benchmarks against the replay server. Every figure has a peer in the same run; what counts is the ratio.

#include <cstdint>
#include <string>
#include <vector>

namespace irislink::bench {

struct figure {
    std::string name;
    double value{0};
    std::string unit;
    std::string against; // the peer, or the bound
    double ratio{0};     // to the peer; 0: none
    double wanted{0};    // the ratio or bound to reach; 0: for information
    bool at_most{false}; // the value must not exceed `wanted` instead of reaching it
};

void run_fetch(std::uint16_t port, std::vector<figure>& out);
void run_sessions(std::uint16_t port, std::uint64_t (*round_trips)(), std::vector<figure>& out);

} // namespace irislink::bench
