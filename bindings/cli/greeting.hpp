#pragma once
// What answers at an address: a superserver, or something that people mistake for one.

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <string>

#include "wire/messages/hello.hpp"

namespace irislink::cli {

enum class peer_kind {
    iris,     // answered the greeting
    refusing, // answered it with an error
    tls,      // answers to TLS alone
    closing,  // hung up
    silent,   // said nothing in time
    other,    // said something else
};

struct greeting {
    peer_kind peer{peer_kind::silent};
    wire::hello_reply reply; // of iris
    int status{0};           // of refusing
    std::string text;        // the server's words, or the first of what it said, made printable
};

// Connects (twice at most), greets, waits no longer than `limit`. Throws nothing but bad_alloc.
[[nodiscard]] greeting greet(const boost::asio::ip::tcp::endpoint& to, std::chrono::milliseconds limit);

} // namespace irislink::cli
