#pragma once
// Everything a connection is made from, as one immutable value. A reconnect, a cancel connection and
// a pool use the same object: none of them can end up with less protection than the first.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "irislink/options.hpp"
#include "wire/codec/secret.hpp"

namespace irislink::driver {

using std::chrono::milliseconds;

struct endpoint {
    std::string host{"127.0.0.1"};
    std::uint16_t port{1972};
};

enum class security_level : std::uint8_t { password = 0, kerberos = 1, integrity = 2, encryption = 3, tls = 10 };

struct connection_settings {
    std::vector<endpoint> endpoints;
    std::string name_space{"USER"};
    std::string user;
    wire::secret password;
    security_level level{security_level::password};

    milliseconds connect_timeout{10'000};  // resolve, TCP and the protection of the line
    milliseconds login_timeout{15'000};    // HS to the second factor
    milliseconds query_timeout{0};         // 0: none
    milliseconds cancel_grace{5'000};      // for the answer of a statement that was cancelled
    bool keep_alive{true};
    std::string application;
    std::int64_t fetch_bytes{0};  // 0: the server's own block size
    bool autocommit{true};
    int isolation{0};  // 0: the server's default
    std::uint32_t feature_option{0};
    std::size_t statement_cache{100};

    wire::secret two_factor_token;
    std::vector<std::string> two_factor_command;
    std::function<std::string()> two_factor;
    bool allow_token_in_clear{false};

    bool trace{false};
    std::string trace_file;
    log_sink log;
};

}  // namespace irislink::driver
