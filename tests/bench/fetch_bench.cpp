#include "bindings/columnar/batch_reader.hpp"
#include "tests/bench/bench.hpp"
#include "tests/bench/floor_client.hpp"
#include "tests/bench/replay_server.hpp"

namespace irislink::bench {
namespace {

constexpr std::uint64_t rows_measured = 1'000'000;

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
