#include "samples/sandbox/server/server.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>

namespace irislink::sandbox {
namespace {

sql::database::options database_options(const sandbox_config& config, const audit_log& audit) {
    return {config.database, config.lock_timeout_seconds * 1000, audit.table().string()};
}

std::string show_address(const sockaddr_storage& address) {
    char text[INET6_ADDRSTRLEN] = "?";
    if (address.ss_family == AF_INET) {
        ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(&address)->sin_addr, text, sizeof text);
    } else if (address.ss_family == AF_INET6) {
        ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(&address)->sin6_addr, text, sizeof text);
    }
    return text;
}

} // namespace

server::server(sandbox_config config)
    : config_(std::move(config)), policy_(config_),
      factors_(config_.second_factor, config_.used_codes, [] { return static_cast<std::int64_t>(std::time(nullptr)); }),
      audit_(config_.audit_table, config_.security.audit), lines_(config_.tls, config_.kerberos), database_(database_options(config_, audit_)) {
    policy_.directory().set_listener([this](const security_view& now) { audit_.configure(now.rules.audit); });
}

server::~server() {
    stop();
}

void server::start() {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST;
    addrinfo* found = nullptr;
    const auto service = std::to_string(config_.port);
    if (::getaddrinfo(config_.bind.c_str(), service.c_str(), &hints, &found) != 0) throw config_error("'" + config_.bind + "' is not an address to listen on");
    listener_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const bool ready = ::bind(listener_, found->ai_addr, found->ai_addrlen) == 0 && ::listen(listener_, 512) == 0;
    const int reason = errno;
    ::freeaddrinfo(found);
    if (!ready) throw config_error("cannot listen on " + config_.bind + ":" + service + ": " + std::strerror(reason));
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&address)->sin6_port : reinterpret_cast<sockaddr_in*>(&address)->sin_port);
    acceptor_ = std::thread([this] { accept_loop(); });
}

void server::stop() {
    stopping_ = true;
    if (listener_ >= 0) ::shutdown(listener_, SHUT_RDWR);
    if (acceptor_.joinable()) acceptor_.join();
    if (listener_ >= 0) ::close(listener_);
    listener_ = -1;
    policy_.accounts().stop();
    std::unique_lock lock(mutex_);
    for (const auto& [job, each] : sockets_) each->shut_down();
    // A statement or a procedure may have no end of its own.
    for (const auto& [job, each] : sessions_) each->end();
    idle_.wait(lock, [this] { return running_ == 0; });
}

std::size_t server::sessions() const {
    const std::lock_guard lock(mutex_);
    return sessions_.size();
}

bool server::cancel(std::int64_t job, std::uint32_t statement, const std::string& user) {
    const std::lock_guard lock(mutex_);
    const auto found = sessions_.find(job);
    if (found == sessions_.end() || found->second->user() != user) return false;
    found->second->cancel(statement);
    return true;
}

void server::accept_loop() {
    while (!stopping_) {
        sockaddr_storage address{};
        socklen_t size = sizeof address;
        const int socket = ::accept4(listener_, reinterpret_cast<sockaddr*>(&address), &size, SOCK_CLOEXEC);
        if (socket < 0) {
            if (stopping_) return;
            // Out of descriptors or a connection that is gone already: the next one may do better.
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
            continue;
        }
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
        const std::lock_guard lock(mutex_);
        if (running_ >= static_cast<std::size_t>(config_.max_sessions)) {
            spdlog::warn("refused a connection: {} sessions are open", running_);
            ::close(socket);
            continue;
        }
        ++running_;
        const auto job = next_job_++;
        std::thread([this, socket, peer = show_address(address), job] { serve(socket, peer, job); }).detach();
    }
}

void server::serve(int socket, std::string peer, std::int64_t job) {
    try {
        const std::shared_ptr<transport> line = make_socket_transport(socket);
        {
            const std::lock_guard lock(mutex_);
            sockets_[job] = line;
            if (stopping_) line->shut_down();
        }
        connection_facts facts;
        facts.address = std::move(peer);
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(config_.login_timeout_seconds);
        if (const auto reason = policy_.refuse_address(facts); !reason.empty()) {
            // Before anything is read: who may not be here learns nothing of what is.
            spdlog::warn("job={} peer={} dropped: {}", job, facts.address, reason);
            audit_record record;
            record.event = audit_event::login_failure;
            record.address = facts.address;
            record.job = job;
            record.description = reason;
            audit_.write(std::move(record));
        } else if (auto ready = lines_.establish(line, until, facts)) {
            session own(*this, std::move(ready), job, std::move(facts));
            own.set_login_deadline(until);
            {
                const std::lock_guard lock(mutex_);
                sessions_[job] = &own;
            }
            try {
                own.run();
            } catch (const std::exception& error) {
                spdlog::error("job={} ended: {}", job, error.what());
            }
            const std::lock_guard lock(mutex_);
            sessions_.erase(job);
        }
    } catch (const std::exception& error) {
        spdlog::error("job={} could not begin: {}", job, error.what());
    }
    const std::lock_guard lock(mutex_);
    sockets_.erase(job);
    --running_;
    idle_.notify_all();
}

} // namespace irislink::sandbox
