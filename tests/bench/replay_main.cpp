// irislink-replay [PORT]: the replay server as a program, for clients in other languages.
// Prints "listening 127.0.0.1:PORT" and serves until it is ended.

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "tests/bench/replay_server.hpp"

int main(int argc, char** argv) {
    const auto port = argc > 1 ? static_cast<std::uint16_t>(std::atoi(argv[1])) : std::uint16_t{0};
    irislink::bench::replay_server server(32768, port);
    std::printf("listening 127.0.0.1:%u\n", static_cast<unsigned>(server.port()));
    std::fflush(stdout);
    server.wait();
    return 0;
}
