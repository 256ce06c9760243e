#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <functional>
#include <stdexcept>

#include "driver/session/session.hpp"
#include "irislink/irislink.hpp"
#include "tests/bench/bench.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/execute.hpp"
#include "wire/messages/fetch.hpp"
#include "wire/messages/hello.hpp"
#include "wire/messages/login.hpp"
#include "wire/types/temporal.hpp"

namespace irislink::bench {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::uint64_t rows_measured = 1'000'000;
constexpr std::size_t read_size = 256 * 1024; // of the floor: no slower than the client's reads

// The floor: the same requests over the same loopback at the same moments (the next block is asked for
// when the header of this one has come, as the client does), but of each item only its length and
// type are read. Nothing that delivers values can be faster.
class floor_client {
public:
    explicit floor_client(std::uint16_t port) {
        socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) throw std::runtime_error("cannot connect");
        const int on = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        wire::hello_reply hello;
        const auto greeted = ask(wire::hello_request{}, 0);
        if (wire::decode_body(greeted.body, wire::default_format, hello)) throw std::runtime_error("no hello");
        format_ = hello.format();
        wire::login_request login;
        login.name_space = "USER";
        (void)ask(login, 0);
    }

    ~floor_client() { ::close(socket_); }

    floor_client(const floor_client&) = delete;
    floor_client& operator=(const floor_client&) = delete;

    // Items walked; `sink` keeps the compiler honest.
    std::uint64_t walk(std::uint64_t rows, std::uint64_t& sink) {
        wire::direct_query_request query;
        query.sql.text = "SELECT * FROM replay_" + std::to_string(rows);
        send(query, 1);
        (void)receive();
        std::uint64_t items = 0;
        while (true) {
            const auto block = receive_block();
            const bool last = block.status() == wire::status::end_of_data;
            const auto* at = block.body.data();
            const auto* const end = at + block.body.size();
            wire::item item;
            wire::item_status status{};
            while (at != end) {
                at = wire::parse_item(at, end, item, status);
                if (at == nullptr) throw std::runtime_error("malformed row");
                sink += item.data.size() + static_cast<std::uint64_t>(item.code);
                ++items;
            }
            if (last) return items;
        }
    }

private:
    template <class M> void send(const M& request, std::uint32_t statement) {
        out_.clear();
        (void)wire::append_request(out_, request, id_ += 2, statement, format_);
        if (::send(socket_, out_.data(), out_.size(), 0) != static_cast<ssize_t>(out_.size())) throw std::runtime_error("cannot send");
    }

    wire::message receive() {
        wire::message in;
        std::error_code error;
        while (!assembler_.next(in, error)) {
            if (error) throw std::runtime_error(error.message());
            const auto room = assembler_.prepare(read_size);
            const auto got = ::recv(socket_, room.data(), room.size(), 0);
            if (got <= 0) throw std::runtime_error("closed");
            assembler_.commit(static_cast<std::size_t>(got));
        }
        return in;
    }

    wire::message receive_block() {
        wire::message in;
        std::error_code error;
        bool asked = false;
        while (!assembler_.next(in, error)) {
            if (error) throw std::runtime_error(error.message());
            wire::frame_header head;
            if (!asked && assembler_.peek_header(head) && head.code.value == wire::status::ok) {
                send(wire::fetch_request{}, 1);
                asked = true;
            }
            const auto room = assembler_.prepare(read_size);
            const auto got = ::recv(socket_, room.data(), room.size(), 0);
            if (got <= 0) throw std::runtime_error("closed");
            assembler_.commit(static_cast<std::size_t>(got));
        }
        if (!asked && in.status() == wire::status::ok) send(wire::fetch_request{}, 1);
        return in;
    }

    template <class M> wire::message ask(const M& request, std::uint32_t statement) {
        send(request, statement);
        return receive();
    }

    int socket_{-1};
    std::uint32_t id_{1};
    wire::byte_buffer out_;
    wire::session_format format_;
    wire::frame_assembler assembler_;
};

double best_rate(int times, std::uint64_t rows, const std::function<void()>& work) {
    double best = 0;
    for (int i = 0; i < times; ++i) {
        const auto start = clock::now();
        work();
        const std::chrono::duration<double> took = clock::now() - start;
        best = std::max(best, static_cast<double>(rows) / took.count());
    }
    return best;
}

// Rows per second of processor time in this thread, which no scheduling blurs: on a fast loopback the
// floor waits for wake-ups more than it walks.
double best_cpu_rate(int times, std::uint64_t rows, const std::function<void()>& work) {
    const auto now = [] {
        timespec at{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
        return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) * 1e-9;
    };
    double best = 0;
    for (int i = 0; i < times; ++i) {
        const auto start = now();
        work();
        best = std::max(best, static_cast<double>(rows) / (now() - start));
    }
    return best;
}

// What a front with bound buffers does: every cell decoded into memory of the caller.
struct bound_row {
    std::int64_t id{0};
    std::int64_t big{0};
    wire::decimal amount;
    std::string name;
    wire::timestamp at;
};

std::uint64_t fetch_bound(driver::session& session, std::uint64_t rows, std::uint64_t& sink) {
    auto sql = driver::scan_statement("SELECT * FROM replay_" + std::to_string(rows));
    auto opened = session.run<driver::execution>(session.execute(std::move(sql), {}, false, 0), step::statement);
    auto& result = *opened.rows;
    std::vector<wire::item> cells(result.columns.size());
    bound_row row;
    std::uint64_t count = 0;
    const auto& format = session.format();
    while (true) {
        while (result.rows.next(cells)) {
            row.name.clear();
            const bool good = wire::to_integer(cells[0], row.id) == wire::coercion::ok && wire::to_integer(cells[1], row.big) == wire::coercion::ok &&
                              wire::to_decimal(cells[2], row.amount) == wire::coercion::ok && wire::to_text(cells[3], format, row.name) == wire::coercion::ok &&
                              wire::to_timestamp(cells[4], row.at) == wire::coercion::ok;
            if (!good) throw std::runtime_error("a cell could not be decoded");
            sink += static_cast<std::uint64_t>(row.id) + static_cast<std::uint64_t>(row.big) + static_cast<std::uint64_t>(row.amount.mantissa) +
                    row.name.size() + row.at.time.second;
            ++count;
        }
        if (!session.run<bool>(session.next_block(opened.rows), step::fetch)) return count;
    }
}

std::uint64_t fetch_public(connection& db, std::uint64_t rows, std::uint64_t& sink) {
    auto result = db.query("SELECT * FROM replay_" + std::to_string(rows));
    std::uint64_t count = 0;
    while (result.next()) {
        const auto& row = result.current();
        sink += static_cast<std::uint64_t>(row.get<std::int64_t>(0)) + static_cast<std::uint64_t>(row.get<std::int64_t>(1)) +
                static_cast<std::uint64_t>(row.get<decimal>(2).mantissa) + row.get<std::string>(3).size() + row.get<timestamp>(4).time.second;
        ++count;
    }
    return count;
}

double resident_mib() {
    std::ifstream in("/proc/self/status");
    std::string word;
    while (in >> word)
        if (word == "VmRSS:") {
            double kib = 0;
            in >> kib;
            return kib / 1024;
        }
    return 0;
}

void expect_count(std::uint64_t got, std::uint64_t wanted) {
    if (got != wanted) throw std::runtime_error("rows were lost: " + std::to_string(got) + " of " + std::to_string(wanted));
}

} // namespace

void run_fetch(std::uint16_t port, std::vector<figure>& out) {
    std::uint64_t sink = 0;
    const auto uri = "iris://demo:demo@127.0.0.1:" + std::to_string(port) + "/USER";
    floor_client floor(port);
    expect_count(floor.walk(rows_measured, sink), rows_measured * 5);
    const auto floor_rate = best_rate(5, rows_measured, [&] { (void)floor.walk(rows_measured, sink); });
    out.push_back({"floor: lengths and types only", floor_rate, "rows/s", "", 0, 0, false});

    connection db{connect_options(uri)};
    auto& session = *db.session();
    expect_count(fetch_bound(session, rows_measured, sink), rows_measured);
    const auto bound_rate = best_rate(5, rows_measured, [&] { (void)fetch_bound(session, rows_measured, sink); });
    out.push_back({"C++ client, bound buffers", bound_rate, "rows/s", "floor", bound_rate / floor_rate, 0.4, false});

    const auto floor_cpu = best_cpu_rate(5, rows_measured, [&] { (void)floor.walk(rows_measured, sink); });
    const auto bound_cpu = best_cpu_rate(5, rows_measured, [&] { (void)fetch_bound(session, rows_measured, sink); });
    out.push_back({"floor, per second of processor time", floor_cpu, "rows/s", "", 0, 0, false});
    out.push_back({"C++ client, bound buffers, processor time", bound_cpu, "rows/s", "floor", bound_cpu / floor_cpu, 0.4, false});

    expect_count(fetch_public(db, rows_measured, sink), rows_measured);
    const auto public_rate = best_rate(3, rows_measured, [&] { (void)fetch_public(db, rows_measured, sink); });
    out.push_back({"C++ client, row.get<T>", public_rate, "rows/s", "floor", public_rate / floor_rate, 0, false});

    expect_count(fetch_bound(session, 1'000, sink), 1'000);
    const auto before = resident_mib();
    expect_count(fetch_bound(session, 10'000'000, sink), 10'000'000);
    out.push_back({"memory growth from 1 thousand to 10 million rows", resident_mib() - before, "MiB", "bound", 0, 16, true});
    if (sink == 1) out.clear(); // never: the results are used
}

} // namespace irislink::bench
