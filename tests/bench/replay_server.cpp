#include "tests/bench/replay_server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <stdexcept>
#include <string_view>

#include "wire/frame/frame_assembler.hpp"
#include "wire/messages/catalog.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/execute.hpp"
#include "wire/messages/fetch.hpp"
#include "wire/messages/hello.hpp"
#include "wire/messages/login.hpp"
#include "wire/messages/message.hpp"
#include "wire/messages/registry.hpp"
#include "wire/messages/second_factor.hpp"

namespace irislink::bench {
namespace {

using namespace wire;

std::vector<column> replay_columns() {
    const auto make = [](std::string name, std::int32_t type, std::int64_t precision, std::int32_t scale) {
        column out;
        out.label = name;
        out.name = std::move(name);
        out.type = type;
        out.precision = precision;
        out.scale = scale;
        out.nullable = 1;
        out.table = "replay";
        out.schema = "SQLUser";
        return out;
    };
    return {make("id", 4, 10, 0), make("big", -5, 19, 0), make("amount", 2, 15, 2), make("name", 12, 20, 0), make("at", 93, 26, 6)};
}

// The number of rows a SELECT asks for: the digits after "replay_".
std::optional<std::uint64_t> wanted_rows(std::string_view sql) {
    const auto first = sql.find_first_not_of(" \t\r\n(");
    if (first == std::string_view::npos || sql.size() - first < 6) return std::nullopt;
    static constexpr std::string_view select = "SELECT";
    for (std::size_t i = 0; i < select.size(); ++i)
        if (std::toupper(static_cast<unsigned char>(sql[first + i])) != select[i]) return std::nullopt;
    static constexpr std::string_view marker = "replay_";
    const auto at = sql.find(marker);
    std::uint64_t rows = 0;
    if (at == std::string_view::npos) return 1;
    for (auto i = at + marker.size(); i < sql.size() && std::isdigit(static_cast<unsigned char>(sql[i])); ++i)
        rows = rows * 10 + static_cast<std::uint64_t>(sql[i] - '0');
    return rows;
}

class session {
public:
    session(sandbox::transport& line, const replay_rows& rows, std::atomic<std::uint64_t>& round_trips)
        : line_(&line), rows_(&rows), round_trips_(&round_trips) {
        format_.protocol = 65;
        format_.compact_double = true;
    }

    void run() {
        while (true) {
            message in;
            std::error_code error;
            while (assembler_.next(in, error)) {
                out_.clear();
                if (!answer(in)) return;
                if (!out_.empty()) {
                    round_trips_->fetch_add(1, std::memory_order_relaxed);
                    if (!line_->write(out_, {})) return;
                }
            }
            if (error) return;
            const auto room = assembler_.prepare(65536);
            const auto got = line_->read(room, {});
            if (got == 0) return;
            assembler_.commit(got);
        }
    }

private:
    struct statement {
        std::optional<std::uint64_t> rows; // none: an update
        std::uint64_t sent{0};
        std::size_t block{0};
    };

    template <class M> void reply(const message& in, const M& body, std::uint16_t status = 0) {
        (void)append_reply(out_, body, in.id, in.statement, status, format_);
    }

    void reply_rows(const message& in, statement& st) {
        std::uint64_t left = *st.rows - st.sent;
        const auto& block = rows_->blocks[st.block];
        rows_reply rows;
        if (left >= block.rows) {
            rows.items = block.items;
            st.sent += block.rows;
        } else { // only a last, partial block is walked
            reader walk(block.items);
            for (std::uint64_t i = 0; i < left * 5; ++i) (void)walk.next();
            rows.items = bytes_view(block.items).first(block.items.size() - walk.remaining());
            st.sent += left;
        }
        st.block = (st.block + 1) % rows_->blocks.size();
        reply(in, rows, st.sent == *st.rows ? status::end_of_data : status::ok);
    }

    template <class M> bool create(const message& in, const M& request) {
        statements_[in.statement] = {wanted_rows(request.sql.text), 0, 0};
        descriptions_.assign(request.parameters.size(), parameter_description{});
        return true;
    }

    void describe(const message& in) {
        const auto& st = statements_[in.statement];
        if (st.rows) {
            reply(in, query_reply{{}, replay_columns(), {descriptions_, 1}});
        } else {
            reply(in, prepare_update_reply{{}, {descriptions_, 1}});
        }
    }

    void begin_rows(const message& in) {
        auto& st = statements_[in.statement];
        st.sent = 0;
        st.block = 0;
        reply_rows(in, st);
    }

    bool answer(const message& in) {
        if (in.code == hello_request::code) {
            hello_reply hello;
            hello.protocol = 65;
            reply(in, hello);
            return true;
        }
        if (in.code == login_request::code) {
            login_reply login;
            login.server_version = "InterSystems IRIS Version 2024.1.0.1 xDBC Protocol Version 65";
            login.job = 1;
            reply(in, login);
            return true;
        }
        if (in.code == disconnect_request::code) return false;
        if (in.code == second_factor_query::code) {
            reply(in, second_factor_query_reply{});
        } else if (in.code == prepare_request::code) {
            prepare_request request;
            if (decode_body(in.body, format_, request) || !create(in, request)) return false;
            describe(in);
        } else if (in.code == direct_query_request::code) {
            direct_query_request request;
            if (decode_body(in.body, format_, request) || !create(in, request)) return false;
            if (!statements_[in.statement].rows) return false;
            describe(in);
            begin_rows(in);
        } else if (in.code == direct_update_request::code) {
            direct_update_request request;
            if (decode_body(in.body, format_, request) || !create(in, request)) return false;
            direct_update_reply done;
            done.parameters = {descriptions_, 1};
            done.counts.assign(request.values.sets, 1);
            reply(in, done);
        } else if (in.code == prepared_query_request::code) {
            begin_rows(in);
        } else if (in.code == prepared_update_request::code) {
            prepared_update_request request;
            if (decode_body(in.body, format_, request)) return false;
            update_counts_reply done;
            done.counts.assign(request.values.sets, 1);
            reply(in, done);
        } else if (in.code == fetch_request::code) {
            auto& st = statements_[in.statement];
            if (!st.rows || st.sent == *st.rows) {
                reply(in, rows_reply{}, status::end_of_data);
            } else {
                reply_rows(in, st);
            }
        } else if (in.code == isolation_request::code) {
            reply(in, integer_reply{1});
        } else if (const auto* kind = find_message(in.code); kind != nullptr && kind->family == message_family::catalog) {
            catalog_reply described;
            described.columns = replay_columns();
            reply(in, described);
            reply(in, rows_reply{}, status::end_of_data);
        } else if (!is_one_way(in.code)) {
            reply(in, empty_reply{});
        }
        return true;
    }

    sandbox::transport* line_;
    const replay_rows* rows_;
    std::atomic<std::uint64_t>* round_trips_;
    session_format format_;
    frame_assembler assembler_;
    byte_buffer out_;
    std::map<std::uint32_t, statement> statements_;
    std::vector<parameter_description> descriptions_;
};

} // namespace

replay_rows encode_replay_rows(std::size_t block_bytes) {
    static constexpr std::array<std::string_view, 4> names{
        "Ada Lovelace, London", "Grace Hopper, NY USA", "Zo\u00EB M\u00FCller, K\u00F6ln  ", "Edsger Dijkstra, NL "};
    session_format format;
    format.compact_double = true;
    replay_rows out;
    replay_rows::block block;
    for (std::uint64_t i = 0; i < rows_per_cycle; ++i) {
        writer row(block.items, format);
        row.integer(static_cast<std::int64_t>(i));
        row.integer(static_cast<std::int64_t>(i * 2'654'435'761U * 1'000'003U));
        row.number({static_cast<std::int64_t>(i * 7919 % 10'000'000), -2});
        row.text(names[i % names.size()]);
        const auto second = i % 60;
        const auto minute = i / 60 % 60;
        const auto digit = [](std::uint64_t n) { return static_cast<char>('0' + n % 10); };
        std::string at = "2026-03-14 09:00:00.123456";
        at[14] = digit(minute / 10);
        at[15] = digit(minute);
        at[17] = digit(second / 10);
        at[18] = digit(second);
        row.text(at);
        ++block.rows;
        if (block.items.size() >= block_bytes || i + 1 == rows_per_cycle) {
            out.bytes += block.items.size();
            out.blocks.push_back(std::move(block));
            block = {};
        }
    }
    return out;
}

replay_server::replay_server(std::size_t block_bytes, std::uint16_t port, std::shared_ptr<const sandbox::line_acceptor> lines)
    : rows_(encode_replay_rows(block_bytes)), lines_(std::move(lines)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 128) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("cannot listen on loopback");
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_loop(); });
}

replay_server::~replay_server() {
    stop();
    wait();
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return sockets_.empty(); });
    ::close(listener_);
}

void replay_server::wait() {
    if (acceptor_.joinable()) acceptor_.join();
}

void replay_server::stop() noexcept {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    const std::lock_guard lock(mutex_);
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
}

void replay_server::accept_loop() {
    while (!stopping_) {
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) return;
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const std::lock_guard lock(mutex_);
        sockets_.push_back(socket);
        // Detached: a benchmark of logins makes thousands; the destructor waits for sockets_ to empty.
        std::thread([this, socket] { serve(socket); }).detach();
    }
}

void replay_server::serve(int socket) {
    std::shared_ptr<sandbox::transport> lowest = sandbox::make_socket_transport(socket);
    if (lines_) {
        sandbox::connection_facts facts;
        if (const auto line = lines_->establish(lowest, {}, facts)) session(*line, rows_, round_trips_).run();
    } else {
        session(*lowest, rows_, round_trips_).run();
    }
    const std::lock_guard lock(mutex_);
    std::erase(sockets_, socket);
    lowest.reset();
    idle_.notify_all();
}

} // namespace irislink::bench
