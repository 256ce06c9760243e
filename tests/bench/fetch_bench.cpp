#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

#include "bindings/columnar/batch_reader.hpp"
#include "tests/bench/bench.hpp"
#include "tests/bench/replay_server.hpp"
#include "wire/frame/frame_assembler.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/execute.hpp"
#include "wire/messages/fetch.hpp"
#include "wire/messages/hello.hpp"
#include "wire/messages/login.hpp"

namespace irislink::bench {
namespace {

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

struct record {
    std::int64_t id{0};
    std::int64_t big{0};
    decimal amount;
    std::string name;
    timestamp at;
};

// All rows kept, as structs: 100 000 at a time, as a program would.
std::uint64_t fetch_structs(connection& db, std::uint64_t rows, std::uint64_t& sink) {
    std::uint64_t count = 0;
    for (; count < rows; count += rows_per_cycle) {
        auto result = db.query("SELECT * FROM replay_" + std::to_string(rows_per_cycle));
        const auto all = result.into<record, std::int64_t, std::int64_t, decimal, std::string, timestamp>();
        if (all.size() != rows_per_cycle) return count + all.size();
        for (const auto& each : all) sink += each.name.size();
    }
    return count;
}

std::uint64_t fetch_cells(connection& db, std::uint64_t rows, std::uint64_t& sink) {
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

// As Arrow batches of the default size, each released when the next one comes.
std::uint64_t fetch_arrow(connection& db, std::uint64_t rows, std::uint64_t& sink, bool dictionary) {
    columnar::options how;
    how.dictionary = dictionary;
    columnar::batch_reader reader(db.query("SELECT * FROM replay_" + std::to_string(rows)), how);
    std::uint64_t count = 0;
    for (columnar::owned_array batch; reader.next(batch.out());) {
        count += static_cast<std::uint64_t>(batch->length);
        sink += reinterpret_cast<std::uintptr_t>(batch->children[0]->buffers[1]) / columnar::memory::alignment;
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

} // namespace

void run_fetch(std::uint16_t port, std::vector<figure>& out) {
    std::uint64_t sink = 0;
    floor_client floor(port);
    connection db{connect_options("iris://demo:demo@127.0.0.1:" + std::to_string(port) + "/USER")};
    expect_count(floor.walk(rows_measured, sink), rows_measured * 5);
    expect_count(fetch_variables(db, rows_measured, sink), rows_measured);
    expect_count(fetch_structs(db, rows_measured, sink), rows_measured);
    expect_count(fetch_cells(db, rows_measured, sink), rows_measured);
    expect_count(fetch_arrow(db, rows_measured, sink, false), rows_measured);
    const auto measured = compare(
        9, rows_measured,
        {[&] { (void)floor.walk(rows_measured, sink); }, [&] { (void)fetch_variables(db, rows_measured, sink); },
         [&] { (void)fetch_structs(db, rows_measured, sink); }, [&] { (void)fetch_cells(db, rows_measured, sink); },
         [&] { (void)fetch_arrow(db, rows_measured, sink, false); }, [&] { (void)fetch_arrow(db, rows_measured, sink, true); }}
    );
    const auto add = [&](const std::string& name, std::size_t which, double wanted, double bound) {
        const auto& base = measured[0];
        const auto& each = measured[which];
        out.push_back({name + ", processor time", each.cpu, "rows/s", which == 0 ? "" : "floor", which == 0 ? 0 : each.cpu / base.cpu, wanted, false, bound});
        out.push_back({name + ", elapsed time", each.wall, "rows/s", which == 0 ? "" : "floor", which == 0 ? 0 : each.wall / base.wall, wanted, false});
    };
    add("floor: lengths and types only", 0, 0, 0);
    add("C++ client into variables", 1, 0.4, 0.3);
    add("C++ client into vectors of structs", 2, 0, 0);
    add("C++ client by row.get<T>", 3, 0, 0);
    add("Arrow batches", 4, 0.16, 0.12);
    add("Arrow batches, text as a dictionary", 5, 0, 0);

    expect_count(fetch_variables(db, 1'000, sink), 1'000);
    const auto before = resident_mib();
    expect_count(fetch_variables(db, 10'000'000, sink), 10'000'000);
    out.push_back({"memory growth from 1 thousand to 10 million rows", resident_mib() - before, "MiB", "bound", 0, 16, true, 16});
    if (sink == 1) out.clear(); // never: the results are used
}

} // namespace irislink::bench
