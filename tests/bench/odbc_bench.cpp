#include <sql.h>
#include <sqlext.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>

#include "tests/bench/bench.hpp"
#include "tests/bench/floor_client.hpp"
#include "tests/bench/replay_server.hpp"

namespace irislink::bench {
namespace {

constexpr std::uint64_t rows_measured = rows_per_cycle;
constexpr SQLULEN rowset = 1000; // rows of one SQLFetch
constexpr SQLULEN sets = 1000;   // parameter sets of one SQLExecute
constexpr int rounds = 9;
constexpr int array_executions = 50;

// A private ODBCSYSINI that has every driver on the same terms.
class driver_folder {
public:
    explicit driver_folder(const std::vector<odbc_peer>& drivers) {
        char name[] = "/tmp/irislink-bench-XXXXXX";
        if (::mkdtemp(name) == nullptr) throw std::runtime_error("cannot make a folder");
        path = name;
        std::ofstream ini(path / "odbcinst.ini");
        for (const auto& each : drivers) ini << "[" << each.name << "]\nDriver=" << each.driver << "\nThreading=0\n";
        ::setenv("ODBCSYSINI", name, 1);
        ::setenv("ODBCINI", (path / "odbc.ini").c_str(), 1);
    }

    ~driver_folder() { std::filesystem::remove_all(path); }

    driver_folder(const driver_folder&) = delete;
    driver_folder& operator=(const driver_folder&) = delete;

    std::filesystem::path path;
};

std::string string_of(const odbc_peer& source) {
    return "DRIVER={" + source.name + "};" + source.target;
}

// A connection as a C program has it, and what such programs do. Throws what the driver says.
class odbc_program {
public:
    explicit odbc_program(const odbc_peer& source) {
        SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment_);
        SQLSetEnvAttr(environment_, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3), 0);
        SQLAllocHandle(SQL_HANDLE_DBC, environment_, &connection_);
        const auto target = string_of(source);
        check(SQLDriverConnect(connection_, nullptr, text(target), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT), SQL_HANDLE_DBC, connection_);
        check(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &statement_), SQL_HANDLE_DBC, connection_);
    }

    ~odbc_program() {
        SQLFreeHandle(SQL_HANDLE_STMT, statement_);
        SQLDisconnect(connection_);
        SQLFreeHandle(SQL_HANDLE_DBC, connection_);
        SQLFreeHandle(SQL_HANDLE_ENV, environment_);
    }

    odbc_program(const odbc_program&) = delete;
    odbc_program& operator=(const odbc_program&) = delete;

    // Binds the five columns column-wise, text as `text_type` (SQL_C_CHAR or SQL_C_WCHAR).
    void bind_columns(SQLSMALLINT text_type) {
        attribute(SQL_ATTR_ROW_ARRAY_SIZE, rowset);
        check(SQLSetStmtAttr(statement_, SQL_ATTR_ROWS_FETCHED_PTR, &fetched_, 0));
        check(SQLSetStmtAttr(statement_, SQL_ATTR_ROW_STATUS_PTR, status_.data(), 0));
        check(SQLBindCol(statement_, 1, SQL_C_SLONG, id_.data(), 0, lengths_[0].data()));
        check(SQLBindCol(statement_, 2, SQL_C_SBIGINT, big_.data(), 0, lengths_[1].data()));
        check(SQLBindCol(statement_, 3, SQL_C_CHAR, amount_.data(), sizeof amount_[0], lengths_[2].data()));
        check(SQLBindCol(statement_, 4, text_type, name_.data(), sizeof name_[0], lengths_[3].data()));
        check(SQLBindCol(statement_, 5, SQL_C_TYPE_TIMESTAMP, at_.data(), 0, lengths_[4].data()));
    }

    // Reads all rows of the table of so many, and their bytes of text.
    std::uint64_t fetch_bound(std::uint64_t rows, std::uint64_t& sink) {
        const auto query = "SELECT * FROM replay_" + std::to_string(rows);
        check(SQLExecDirect(statement_, text(query), SQL_NTS));
        std::uint64_t count = 0;
        while (true) {
            const auto done = SQLFetch(statement_);
            if (done == SQL_NO_DATA) break;
            if (done != SQL_SUCCESS) fail(SQL_HANDLE_STMT, statement_); // nothing is cut either
            for (SQLULEN i = 0; i < fetched_; ++i) sink += static_cast<std::uint64_t>(id_[i] + big_[i] % 2 + lengths_[2][i] + lengths_[3][i]) + at_[i].second;
            count += fetched_;
        }
        check(SQLFreeStmt(statement_, SQL_CLOSE));
        return count;
    }

    // The first rows as text, for comparing what drivers deliver.
    std::string first_rows(std::uint64_t rows) {
        const auto query = "SELECT * FROM replay_" + std::to_string(rows);
        check(SQLExecDirect(statement_, text(query), SQL_NTS));
        check(SQLFetch(statement_));
        std::string out;
        for (std::size_t i = 0; i < 8; ++i)
            out += std::to_string(id_[i]) + " " + amount_[i].data() + " " + std::to_string(lengths_[3][i]) + " " +
                   std::string(name_[i].data(), static_cast<std::size_t>(lengths_[3][i])) + " " + std::to_string(at_[i].second) + " " +
                   std::to_string(at_[i].fraction) + "\n";
        check(SQLFreeStmt(statement_, SQL_CLOSE));
        return out;
    }

    // Prepares an insert of a number and twenty characters, of so many sets each time.
    void prepare_insert(const std::string& table, SQLULEN sets_at_once) {
        const auto sql = "INSERT INTO " + table + " VALUES (?, ?)";
        attribute(SQL_ATTR_PARAMSET_SIZE, sets_at_once);
        check(SQLPrepare(statement_, text(sql), SQL_NTS));
        for (SQLULEN i = 0; i < sets_at_once; ++i) {
            id_[i] = static_cast<SQLINTEGER>(i);
            std::snprintf(name_[i].data(), name_[i].size(), "twenty characters ..");
            lengths_[0][i] = 0;
            lengths_[3][i] = 20;
        }
        check(SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 10, 0, id_.data(), 0, lengths_[0].data()));
        check(SQLBindParameter(statement_, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, name_.data(), sizeof name_[0], lengths_[3].data()));
    }

    void execute(int times) {
        for (int i = 0; i < times; ++i) check(SQLExecute(statement_));
    }

    void run(const std::string& sql) { check(SQLExecDirect(statement_, text(sql), SQL_NTS)); }

private:
    static SQLCHAR* text(const std::string& in) { return reinterpret_cast<SQLCHAR*>(const_cast<char*>(in.c_str())); }

    void attribute(SQLINTEGER which, SQLULEN value) { check(SQLSetStmtAttr(statement_, which, reinterpret_cast<SQLPOINTER>(value), 0)); }

    void check(SQLRETURN done) { check(done, SQL_HANDLE_STMT, statement_); }

    static void check(SQLRETURN done, SQLSMALLINT type, SQLHANDLE handle) {
        if (!SQL_SUCCEEDED(done)) fail(type, handle);
    }

    [[noreturn]] static void fail(SQLSMALLINT type, SQLHANDLE handle) {
        SQLCHAR state[6]{};
        SQLCHAR message[1000]{};
        SQLGetDiagRec(type, handle, 1, state, nullptr, message, sizeof message, nullptr);
        throw std::runtime_error(std::string(reinterpret_cast<char*>(state)) + " " + reinterpret_cast<char*>(message));
    }

    SQLHENV environment_{nullptr};
    SQLHDBC connection_{nullptr};
    SQLHSTMT statement_{nullptr};
    SQLULEN fetched_{0};
    std::array<SQLUSMALLINT, rowset> status_{};
    std::array<SQLINTEGER, rowset> id_{};
    std::array<SQLBIGINT, rowset> big_{};
    std::array<std::array<char, 20>, rowset> amount_{};
    std::array<std::array<char, 64>, rowset> name_{};
    std::array<SQL_TIMESTAMP_STRUCT, rowset> at_{};
    std::array<std::array<SQLLEN, rowset>, 5> lengths_{};
};

// The driver's share of the floor, and how many times as fast as each peer it fetches.
void run_bound_fetch(std::uint16_t port, const std::vector<odbc_peer>& sources, std::vector<figure>& out) {
    std::uint64_t sink = 0;
    floor_client floor(port);
    std::vector<std::unique_ptr<odbc_program>> programs;
    std::vector<std::function<void()>> works{[&] { (void)floor.walk(rows_measured, sink); }};
    std::vector<std::string> names{"floor: lengths and types only"};
    std::string rows;
    for (const auto text_type : {SQL_C_CHAR, SQL_C_WCHAR})
        for (const auto& each : sources) {
            auto& program = *programs.emplace_back(std::make_unique<odbc_program>(each));
            program.bind_columns(static_cast<SQLSMALLINT>(text_type));
            const auto first = text_type == SQL_C_CHAR ? program.first_rows(rows_measured) : std::string();
            if (rows.empty()) rows = first;
            if (!first.empty() && first != rows) throw std::runtime_error(each.name + " delivers other rows:\n" + first + "where ours are\n" + rows);
            works.emplace_back([&program, &sink] { expect_count(program.fetch_bound(rows_measured, sink), rows_measured); });
            names.push_back("ODBC bound fetch, " + each.name + (text_type == SQL_C_CHAR ? "" : ", text as SQL_C_WCHAR"));
        }
    (void)compare(1, rows_measured, works);
    const auto measured = compare(rounds, rows_measured, works);
    out.push_back({names[0] + ", processor time", measured[0].cpu, "rows/s", "", 0, 0, false});
    for (std::size_t k = 1; k < works.size(); ++k) {
        const auto ours = (k - 1) / sources.size() * sources.size() + 1; // with the same type of text
        const bool wide = ours != 1;
        if (k == ours) {
            out.push_back(
                {names[k] + ", processor time", measured[k].cpu, "rows/s", "floor", measured[k].cpu / measured[0].cpu, wide ? 0 : 0.3, false, wide ? 0 : 0.2}
            );
            out.push_back({names[k] + ", elapsed time", measured[k].wall, "rows/s", "", 0, 0, false});
            continue;
        }
        // The ratio is ours to theirs.
        out.push_back({names[k] + ", processor time", measured[k].cpu, "rows/s", "irislink", measured[ours].cpu / measured[k].cpu, wide ? 0 : 1.5, false});
        out.push_back({names[k] + ", elapsed time", measured[k].wall, "rows/s", "irislink", measured[ours].wall / measured[k].wall, wide ? 0 : 1.5, false});
    }
    if (sink == 1) out.clear(); // never: the results are used
}

void run_arrays(const odbc_peer& source, std::vector<figure>& out) {
    odbc_program single(source);
    odbc_program array(source);
    single.prepare_insert("t", 1);
    array.prepare_insert("t", sets);
    const auto one_by_one = compare(3, sets, {[&] { single.execute(static_cast<int>(sets)); }}).front();
    const auto at_once = compare(3, sets * array_executions, {[&] { array.execute(array_executions); }}).front();
    out.push_back({"ODBC inserts one by one, elapsed time", one_by_one.wall, "rows/s", "", 0, 0, false});
    figure arrays{
        "ODBC arrays of 1000 parameter sets, elapsed time", at_once.wall, "rows/s", "inserts one by one", at_once.wall / one_by_one.wall, 20, false, 20};
    out.push_back(std::move(arrays));
}

void run_memory(const odbc_peer& source, std::vector<figure>& out) {
    constexpr std::uint64_t many = 10'000'000;
    std::uint64_t sink = 0;
    odbc_program program(source);
    program.bind_columns(SQL_C_CHAR);
    expect_count(program.fetch_bound(1'000, sink), 1'000);
    const auto before = resident_mib();
    expect_count(program.fetch_bound(many, sink), many);
    out.push_back({"ODBC memory growth from 1 thousand to 10 million rows", resident_mib() - before, "MiB", "bound", 0, 16, true, 16});
    if (sink == 1) out.clear(); // never: the results are used
}

// fetchall() of a Python that has pyodbc over each driver.
void run_pyodbc(const std::filesystem::path& folder, const std::vector<odbc_peer>& sources, std::vector<figure>& out) {
    const auto file = folder / "targets";
    {
        std::ofstream targets(file);
        for (const auto& each : sources) targets << string_of(each) << "\n";
    }
    const std::string command = "PYTHONDONTWRITEBYTECODE=1 '" IRISLINK_BENCH_PYODBC "' '" IRISLINK_BENCH_DIR "/pyodbc_peers.py' " +
                                std::to_string(rows_measured) + " '" + file.string() + "'";
    auto* const answer = ::popen(command.c_str(), "r");
    if (answer == nullptr) throw std::runtime_error("cannot run Python");
    std::vector<double> rates(sources.size());
    bool read = true;
    for (auto& each : rates) read = read && std::fscanf(answer, "%lf", &each) == 1;
    if (::pclose(answer) != 0 || !read) throw std::runtime_error("pyodbc failed");
    for (std::size_t k = 0; k < sources.size(); ++k)
        out.push_back(
            {"pyodbc fetchall(), " + sources[k].name, rates[k], "rows/s", k == 0 ? "" : "irislink", k == 0 ? 0 : rates[0] / rates[k], k == 0 ? 0. : 1., false}
        );
}

} // namespace

std::vector<odbc_peer> read_odbc_peers(const std::string& file) {
    std::vector<odbc_peer> out;
    std::ifstream in(file);
    for (odbc_peer each; std::getline(in, each.name, '\t') && std::getline(in, each.driver, '\t') && std::getline(in, each.target);) out.push_back(each);
    if (out.empty()) throw std::runtime_error("there are no data sources in " + file);
    return out;
}

void run_odbc(std::uint16_t port, const std::vector<odbc_peer>& peers, bool bounds, std::vector<figure>& out) {
    std::vector<odbc_peer> sources{
        {"irislink", IRISLINK_BENCH_ODBC_DRIVER, "Server=127.0.0.1;Port=" + std::to_string(port) + ";Database=USER;UID=demo;PWD=demo"}};
    sources.insert(sources.end(), peers.begin(), peers.end());
    const driver_folder folder(sources);
    run_bound_fetch(port, sources, out);
    run_arrays(sources.front(), out);
    run_memory(sources.front(), out);
    if (!bounds) run_pyodbc(folder.path, sources, out);
}

} // namespace irislink::bench
