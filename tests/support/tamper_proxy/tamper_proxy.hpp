#pragma once
// A man in the middle: takes connections on a free loopback port, makes one to the server for each, keeps
// a copy of every byte that came, and lets a test do what it likes with them.
//
//     tamper_proxy proxy(server.port(), [](proxy_line& line, heading where, std::string_view bytes) {
//         line.pass(where, where == heading::client ? changed(bytes) : bytes);
//     });
//
// One thread per connection, in which the test's function is called, one call at a time. Ends its threads
// when it goes. packet_reader cuts the stream of security levels 1 to 3 into its packets.

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "tests/support/line_server/line_server.hpp"

namespace irislink::test {

enum class heading { server, client };

class tamper_proxy;

class proxy_line {
public:
    proxy_line(tamper_proxy& owner, int client, int server, std::size_t number) : owner_(&owner), client_(client), server_(server), number_(number) {}

    // Connections are numbered from 0 in the order they came.
    [[nodiscard]] std::size_t number() const noexcept { return number_; }

    // Sends bytes on, or bytes of one's own.
    void pass(heading where, std::string_view bytes) const;
    // Nothing more goes there; what was passed still arrives.
    void end(heading where) const;
    // Ends both sides.
    void close() const;

private:
    friend class tamper_proxy;
    tamper_proxy* owner_;
    int client_;
    int server_;
    std::size_t number_;
};

class tamper_proxy : public line_server {
public:
    using tamper = std::function<void(proxy_line&, heading, std::string_view)>;
    using greeting = std::function<void(proxy_line&)>;

    // Without a tamper all is passed on. `opened` is called before anything is read.
    explicit tamper_proxy(std::uint16_t server, tamper change = {}, greeting opened = {});
    ~tamper_proxy();
    tamper_proxy(const tamper_proxy&) = delete;
    tamper_proxy& operator=(const tamper_proxy&) = delete;

    // What came on its way there, as its sender sent it, of all connections.
    [[nodiscard]] std::string recorded(heading where) const;

private:
    void open(int client, std::size_t number);
    void relay(proxy_line line);

    std::uint16_t server_;
    tamper change_;
    greeting opened_;
    mutable std::mutex mutex_; // of what is recorded
    std::map<heading, std::string> recorded_;
};

// The packets of one direction of one line: four bytes of length, then that many (wire-session 3.2, 3.3).
// Of the client, the preamble's five bytes are packet 0.
class packet_reader {
public:
    explicit packet_reader(heading where) : preamble_(where == heading::server) {}

    // Calls `got` with the number and the bytes, length included, of every packet that is now whole.
    void feed(std::string_view bytes, const std::function<void(std::size_t, std::string)>& got);

private:
    bool preamble_;
    std::string pending_;
    std::size_t next_{0};
};

} // namespace irislink::test
