// SQLCancelHandle while a connection is being made, SQLCancel between two answers of the server, and other things for which
// the server must answer as a test says.

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/integration/odbc/odbc_module.hpp"
#include "tests/support/scripted_peer/scripted_peer.hpp"
#include "wire/messages/execute.hpp"
#include "wire/messages/procedure.hpp"
#include "wire/messages/second_factor.hpp"

namespace irislink::test {
namespace {

using namespace std::chrono_literals;

class OdbcCancel : public OdbcInside {
protected:
    // Calls `again` until `work` is through, ten seconds at most; what it returned.
    static SQLRETURN cancelled_meanwhile(const std::function<SQLRETURN()>& work, const std::function<void()>& again) {
        auto done = std::async(std::launch::async, work);
        for (int i = 0; i < 200 && done.wait_for(50ms) != std::future_status::ready; ++i) again();
        return done.get();
    }

    [[nodiscard]] std::string inner_state(SQLSMALLINT type, SQLHANDLE of) const {
        SQLCHAR state[6]{};
        (void)IN_DRIVER(SQLGetDiagRec, type, of, 1, state, nullptr, nullptr, 0, nullptr);
        return reinterpret_cast<char*>(state);
    }

    // A server with one table: `give_rows` answers DQ, whose text has so many parameters, after its columns, and FD.
    static void serve(peer_line& line, const std::function<void(const peer_line::request&)>& give_rows, std::size_t parameters = 0) {
        line.log_in();
        for (;;) {
            const auto request = line.read();
            const auto code = request.code();
            if (code == "DQ") line.send_raw(peer_line::columns(request, parameters));
            if (code == "DQ" || code == "FD") {
                give_rows(request);
            } else if (code == "2E") {
                line.answer(request, wire::second_factor_query_reply{});
            } else if (code == "DC") {
                return line.close();
            } else {
                line.answer_empty(request);
            }
        }
    }

    SQLRETURN connect_to(const scripted_peer& peer) {
        SQLSMALLINT length = 0;
        const auto target = target_at(peer.port(), "LoginTimeout=60;ConnectTimeout=60;");
        return IN_DRIVER(SQLDriverConnect, inner_connection_, nullptr, text(target), SQL_NTS, nullptr, 0, &length, SQL_DRIVER_NOPROMPT);
    }
};

// The server takes the line and says nothing, or nothing about a second factor.
TEST_F(OdbcCancel, ConnectUnderWay) {
    for (const bool greets : {false, true}) {
        std::atomic<bool> reached{false};
        scripted_peer peer([&](peer_line& line) {
            if (greets) {
                line.log_in();
            } else {
                (void)line.read();
            }
            reached = true;
            line.drain();
        });
        const auto start = std::chrono::steady_clock::now();
        const auto done = cancelled_meanwhile(
            [&] { return connect_to(peer); },
            [&] {
                if (reached) {
                    EXPECT_EQ(IN_DRIVER(SQLCancelHandle, SQL_HANDLE_DBC, inner_connection_), SQL_SUCCESS);
                }
            }
        );
        EXPECT_EQ(done, SQL_ERROR);
        EXPECT_EQ(inner_state(SQL_HANDLE_DBC, inner_connection_), "HY008");
        EXPECT_LT(std::chrono::steady_clock::now() - start, 8s);
    }
    // A wish of the past stops nothing.
    EXPECT_EQ(IN_DRIVER(SQLCancelHandle, SQL_HANDLE_DBC, inner_connection_), SQL_SUCCESS);
    scripted_peer good([](peer_line& line) {
        line.log_in();
        for (;;) {
            const auto request = line.read();
            if (request.code() == "DC") return line.close();
            if (request.code() == "2E") line.answer(request, wire::second_factor_query_reply{});
        }
    });
    EXPECT_EQ(connect_to(good), SQL_SUCCESS) << inner_state(SQL_HANDLE_DBC, inner_connection_);
}

// unixODBC hands both calls on.
TEST_F(OdbcCancel, ConnectUnderWayThroughTheDriverManager) {
    std::atomic<bool> reached{false};
    scripted_peer peer([&](peer_line& line) {
        (void)line.read();
        reached = true;
        line.drain();
    });
    SQLHENV environment = nullptr;
    SQLHDBC connection = nullptr;
    ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment), SQL_SUCCESS);
    ASSERT_EQ(SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3_80), 0), SQL_SUCCESS);
    ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_DBC, environment, &connection), SQL_SUCCESS);
    const auto target = target_at(peer.port(), "LoginTimeout=5;");
    SQLSMALLINT length = 0;
    const auto done = cancelled_meanwhile(
        [&] { return SQLDriverConnect(connection, nullptr, text(target), SQL_NTS, nullptr, 0, &length, SQL_DRIVER_NOPROMPT); },
        [&] {
            if (reached) (void)SQLCancelHandle(SQL_HANDLE_DBC, connection);
        }
    );
    EXPECT_EQ(done, SQL_ERROR);
    EXPECT_EQ(state_of(SQL_HANDLE_DBC, connection), "HY008") << problems(SQL_HANDLE_DBC, connection);
    SQLFreeHandle(SQL_HANDLE_DBC, connection);
    SQLFreeHandle(SQL_HANDLE_ENV, environment);
}

// A static cursor is read block by block when it is opened. This server has nothing to stop whenever it is asked to,
// and always another block.
TEST_F(OdbcCancel, BetweenTwoBlocks) {
    std::atomic<int> blocks{0};
    scripted_peer peer([&](peer_line& line) {
        serve(line, [&](const peer_line::request& request) {
            line.send_raw(peer_line::rows(request, {1, 2}, 0));
            ++blocks;
            std::this_thread::sleep_for(1ms);
        });
    });
    ASSERT_EQ(connect_to(peer), SQL_SUCCESS) << inner_state(SQL_HANDLE_DBC, inner_connection_);
    ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_STMT, inner_connection_, &inner_statement_), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLSetStmtAttr, inner_statement_, SQL_ATTR_CURSOR_TYPE, reinterpret_cast<SQLPOINTER>(SQL_CURSOR_STATIC), 0), SQL_SUCCESS);
    std::atomic<bool> asked{false};
    const auto done = cancelled_meanwhile(
        [&] { return IN_DRIVER(SQLExecDirect, inner_statement_, text("select N from T"), SQL_NTS); },
        [&] {
            if (blocks > 20 && !asked.exchange(true)) (void)IN_DRIVER(SQLCancel, inner_statement_);
        }
    );
    EXPECT_EQ(done, SQL_ERROR);
    EXPECT_EQ(inner_state(SQL_HANDLE_STMT, inner_statement_), "HY008");
}

// The sets of an array of parameters for a query: here each but the first fails, and the next one follows at once.
TEST_F(OdbcCancel, BetweenTwoSets) {
    std::atomic<int> sets{0};
    scripted_peer peer([&](peer_line& line) {
        const auto give_rows = [&](const peer_line::request& request) {
            if (sets++ == 0) return line.send_raw(peer_line::rows(request, {1}, 100));
            line.answer_empty(request, 400);
            line.explain("Not with these");
            std::this_thread::sleep_for(1ms);
        };
        serve(line, give_rows, 1);
    });
    ASSERT_EQ(connect_to(peer), SQL_SUCCESS) << inner_state(SQL_HANDLE_DBC, inner_connection_);
    ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_STMT, inner_connection_, &inner_statement_), SQL_SUCCESS);
    constexpr SQLULEN size = 20'000;
    std::vector<SQLINTEGER> numbers(size);
    SQLULEN processed = 0;
    ASSERT_EQ(IN_DRIVER(SQLSetStmtAttr, inner_statement_, SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(size), 0), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLSetStmtAttr, inner_statement_, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed, 0), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLBindParameter, inner_statement_, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 10, 0, numbers.data(), 0, nullptr), SQL_SUCCESS);
    std::vector<SQLUSMALLINT> status(size, 999);
    ASSERT_EQ(IN_DRIVER(SQLSetStmtAttr, inner_statement_, SQL_ATTR_PARAM_STATUS_PTR, status.data(), 0), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text("select N from T where N = ?"), SQL_NTS), SQL_SUCCESS);
    std::atomic<bool> asked{false};
    const auto done = cancelled_meanwhile(
        [&] { return ZEROS(SQLMoreResults, inner_statement_); },
        [&] {
            if (sets > 20 && !asked.exchange(true)) (void)IN_DRIVER(SQLCancel, inner_statement_);
        }
    );
    EXPECT_EQ(done, SQL_ERROR);
    EXPECT_LT(sets, 10'000);
    EXPECT_EQ(inner_state(SQL_HANDLE_STMT, inner_statement_), "HY008") << "of no row, so the first";
    EXPECT_EQ(std::ranges::count(status, SQL_PARAM_ERROR), sets - 1) << "the others were not tried";
    EXPECT_EQ(processed, static_cast<SQLULEN>(sets));
    EXPECT_EQ(ZEROS(SQLMoreResults, inner_statement_), SQL_NO_DATA) << "the others are given up";
}

// An INSERT whose sets fill two messages, cancelled while the first is with the server: it is done, the second is not sent.
TEST_F(OdbcCancel, BetweenTwoMessages) {
    std::atomic<int> messages{0};
    std::atomic<bool> go_on{false};
    scripted_peer peer([&](peer_line& line) {
        line.log_in();
        for (;;) {
            const auto request = line.read();
            if (request.code() == "DU") {
                wire::direct_update_request update;
                ASSERT_FALSE(wire::decode_body(request.body, wire::default_format, update));
                ++messages;
                while (!go_on) std::this_thread::sleep_for(1ms);
                wire::direct_update_reply reply;
                reply.parameters.parameters.resize(update.values.count);
                reply.counts.assign(update.values.sets, 1);
                line.answer(request, reply);
            } else if (request.code() == "2E") {
                line.answer(request, wire::second_factor_query_reply{});
            } else if (request.code() == "DC") {
                return line.close();
            } else {
                line.answer_empty(request);
            }
        }
    });
    ASSERT_EQ(connect_to(peer), SQL_SUCCESS) << inner_state(SQL_HANDLE_DBC, inner_connection_);
    ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_STMT, inner_connection_, &inner_statement_), SQL_SUCCESS);
    constexpr SQLULEN size = 8;
    constexpr SQLULEN in_first = 6; // of 200'000 bytes
    std::vector<char> values(size * 200'000, 'v');
    std::vector<SQLLEN> lengths(size, 200'000);
    std::vector<SQLUSMALLINT> status(size, 999);
    SQLULEN processed = 0;
    ASSERT_EQ(IN_DRIVER(SQLSetStmtAttr, inner_statement_, SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(size), 0), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLSetStmtAttr, inner_statement_, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed, 0), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLSetStmtAttr, inner_statement_, SQL_ATTR_PARAM_STATUS_PTR, status.data(), 0), SQL_SUCCESS);
    ASSERT_EQ(
        IN_DRIVER(SQLBindParameter, inner_statement_, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 200'000, 0, values.data(), 200'000, lengths.data()),
        SQL_SUCCESS
    );
    const auto done = cancelled_meanwhile(
        [&] { return IN_DRIVER(SQLExecDirect, inner_statement_, text("insert into T (V) values (?)"), SQL_NTS); },
        [&] {
            if (messages == 0 || go_on) return;
            (void)IN_DRIVER(SQLCancel, inner_statement_);
            go_on = true;
        }
    );
    EXPECT_EQ(done, SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(inner_state(SQL_HANDLE_STMT, inner_statement_), "HY008");
    EXPECT_EQ(messages, 1);
    EXPECT_EQ(std::ranges::count(status, SQL_PARAM_SUCCESS), in_first);
    EXPECT_EQ(std::ranges::count(status, SQL_PARAM_UNUSED), size - in_first);
    EXPECT_EQ(processed, in_first);
    SQLLEN changed = 0;
    EXPECT_EQ(IN_DRIVER(SQLRowCount, inner_statement_, &changed), SQL_SUCCESS);
    EXPECT_EQ(changed, SQLLEN{in_first});
}

// All rows of a call are there at once, but not the long value that comes out: the server keeps it under the call's statement
// id, so the next set has another one.
TEST_F(OdbcCancel, HeldResultsKeepTheirStatementIds) {
    std::mutex mutex;
    std::string said;
    scripted_peer peer([&](peer_line& line) {
        line.log_in();
        for (;;) {
            const auto request = line.read();
            const auto code = request.code();
            if (code == "SP" || code == "SQ") {
                const std::lock_guard lock(mutex);
                said += code + std::to_string(request.header.statement) + " ";
            }
            if (code == "SP") {
                wire::describe_procedure_reply described;
                described.shape.ret = 1;
                described.parameters = {{4, 10, 0, 1, "n", 1}, {-1, 0, 0, 1, "long", 4}};
                auto& column = described.columns.emplace_back();
                column.name = column.label = "N";
                column.type = 4;
                line.answer(request, described);
            } else if (code == "SQ") {
                wire::byte_buffer output;
                wire::writer to(output);
                to.null();
                to.null();
                wire::procedure_query_reply reply;
                reply.output = output;
                line.answer(request, reply);
                line.send_raw(peer_line::rows(request, {1}, wire::status::end_of_data));
            } else if (code == "2E") {
                line.answer(request, wire::second_factor_query_reply{});
            } else if (code == "DC") {
                return line.close();
            } else if (code != "CC") {
                line.answer_empty(request);
            }
        }
    });
    ASSERT_EQ(connect_to(peer), SQL_SUCCESS) << inner_state(SQL_HANDLE_DBC, inner_connection_);
    ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_STMT, inner_connection_, &inner_statement_), SQL_SUCCESS);
    std::array<SQLINTEGER, 3> numbers{1, 2, 3};
    std::array<std::array<char, 8>, 3> longs{};
    ASSERT_EQ(IN_DRIVER(SQLSetStmtAttr, inner_statement_, SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(SQLULEN{3}), 0), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLBindParameter, inner_statement_, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 10, 0, numbers.data(), 0, nullptr), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLBindParameter, inner_statement_, 2, SQL_PARAM_OUTPUT, SQL_C_CHAR, SQL_LONGVARCHAR, 0, 0, longs.data(), 8, nullptr), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text("{call P(?, ?)}"), SQL_NTS), SQL_SUCCESS) << inner_state(SQL_HANDLE_STMT, inner_statement_);
    const std::lock_guard lock(mutex);
    EXPECT_EQ(said, "SP1 SQ1 SP2 SQ2 SP3 SQ3 ");
}

// A rowset whose next block does not come has the rows that came, and one that failed: the latter cannot be stood on.
// So with a block that has the end and nothing else.
TEST_F(OdbcCancel, RowsBeforeABlockThatFails) {
    for (const bool fails : {true, false}) {
        scripted_peer peer([&](peer_line& line) {
            serve(line, [&](const peer_line::request& request) {
                if (request.code() == "DQ") return line.send_raw(peer_line::rows(request, {11, 12}, 0));
                if (!fails) return line.send_raw(peer_line::rows(request, {}, 100));
                line.answer_empty(request, 400);
                line.explain("No more of them");
            });
        });
        ASSERT_EQ(connect_to(peer), SQL_SUCCESS) << inner_state(SQL_HANDLE_DBC, inner_connection_);
        ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_STMT, inner_connection_, &inner_statement_), SQL_SUCCESS);
        ASSERT_EQ(IN_DRIVER(SQLSetStmtAttr, inner_statement_, SQL_ATTR_ROW_ARRAY_SIZE, reinterpret_cast<SQLPOINTER>(SQLULEN{10}), 0), SQL_SUCCESS);
        SQLULEN fetched = 0;
        ASSERT_EQ(IN_DRIVER(SQLSetStmtAttr, inner_statement_, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0), SQL_SUCCESS);
        ASSERT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text("select N from T"), SQL_NTS), SQL_SUCCESS);
        ASSERT_EQ(IN_DRIVER(SQLFetch, inner_statement_), fails ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS) << inner_state(SQL_HANDLE_STMT, inner_statement_);
        EXPECT_EQ(fetched, fails ? 3U : 2U);
        SQLINTEGER value = 0;
        const auto read = [&](SQLULEN row) {
            value = 0;
            const auto done = IN_DRIVER(SQLSetPos, inner_statement_, row, SQL_POSITION, SQL_LOCK_NO_CHANGE);
            return done == SQL_SUCCESS ? IN_DRIVER(SQLGetData, inner_statement_, 1, SQL_C_SLONG, &value, 0, nullptr) : done;
        };
        for (const SQLULEN row : {2, 1, 2}) {
            EXPECT_EQ(read(row), SQL_SUCCESS) << inner_state(SQL_HANDLE_STMT, inner_statement_);
            EXPECT_EQ(value, static_cast<SQLINTEGER>(10 + row));
        }
        EXPECT_EQ(read(3), SQL_ERROR);
        EXPECT_EQ(inner_state(SQL_HANDLE_STMT, inner_statement_), "HY109");
        EXPECT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_STMT, inner_statement_), SQL_SUCCESS);
        inner_statement_ = nullptr;
        EXPECT_EQ(IN_DRIVER(SQLDisconnect, inner_connection_), SQL_SUCCESS);
    }
}

// The rows of a rowset that are to be stood on again take memory; beyond the limit only the last one can be.
TEST_F(OdbcCancel, RowsetsBeyondTheLimitKeepNoRows) {
    scripted_peer peer([](peer_line& line) {
        serve(line, [&](const peer_line::request& request) { line.send_raw(peer_line::rows(request, std::vector<std::int64_t>(100, 7), 0)); });
    });
    SQLSMALLINT length = 0;
    const auto target = target_at(peer.port(), "StaticCursorLimit=1000;");
    ASSERT_EQ(IN_DRIVER(SQLDriverConnect, inner_connection_, nullptr, text(target), SQL_NTS, nullptr, 0, &length, SQL_DRIVER_NOPROMPT), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_STMT, inner_connection_, &inner_statement_), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLSetStmtAttr, inner_statement_, SQL_ATTR_ROW_ARRAY_SIZE, reinterpret_cast<SQLPOINTER>(SQLULEN{1000}), 0), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text("select N from T"), SQL_NTS), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLFetch, inner_statement_), SQL_SUCCESS) << inner_state(SQL_HANDLE_STMT, inner_statement_);
    SQLINTEGER value = 0;
    ASSERT_EQ(IN_DRIVER(SQLSetPos, inner_statement_, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE), SQL_SUCCESS);
    EXPECT_EQ(IN_DRIVER(SQLGetData, inner_statement_, 1, SQL_C_SLONG, &value, 0, nullptr), SQL_ERROR);
    EXPECT_EQ(inner_state(SQL_HANDLE_STMT, inner_statement_), "HY001");
    ASSERT_EQ(IN_DRIVER(SQLSetPos, inner_statement_, 1000, SQL_POSITION, SQL_LOCK_NO_CHANGE), SQL_SUCCESS);
    EXPECT_EQ(IN_DRIVER(SQLGetData, inner_statement_, 1, SQL_C_SLONG, &value, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(value, 7);
}

} // namespace
} // namespace irislink::test
