// Procedures of servers that answer in ways the sandbox does not (wire-sql 3.8).

#include <chrono>
#include <future>

#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/scripted_peer/scripted_peer.hpp"
#include "wire/messages/fetch.hpp"
#include "wire/messages/procedure.hpp"

namespace irislink::test {
namespace {

using request = peer_line::request;

wire::describe_procedure_reply description(int ret, std::size_t parameters) {
    wire::describe_procedure_reply out;
    out.shape.ret = ret;
    for (std::size_t i = 0; i < parameters; ++i) out.parameters.push_back({4, 10, 0, 1, "p" + std::to_string(i), 2});
    return out;
}

wire::byte_buffer items(std::initializer_list<std::int64_t> values) {
    wire::byte_buffer out;
    wire::writer to(out);
    for (const auto each : values) to.integer(each);
    return out;
}

wire::next_result_reply result_of(const wire::byte_buffer& rows) {
    wire::next_result_reply out;
    out.result = wire::next_result_reply::result_set;
    auto& column = out.columns.emplace_back();
    column.name = column.label = "N";
    column.type = 4;
    out.row_items = rows;
    return out;
}

TEST(ProcedurePeer, UpdateCountsBetweenResultSetsArePassedOver) {
    std::string said;
    std::promise<void> farewell;
    const scripted_peer peer([&](peer_line& line) {
        line.log_in();
        int nexts = 0;
        while (true) {
            const auto in = line.read();
            const auto code = in.code();
            said += (said.empty() ? "" : " ") + code;
            if (code == "DC") return farewell.set_value();
            const auto one = items({1});
            const auto two = items({2});
            if (code == "SP") {
                line.answer(in, description(-2, 2));
            } else if (code == "MS") {
                const auto output = items({42, 5});
                wire::multi_result_reply out;
                out.output = output;
                out.first = result_of(one);
                line.answer(in, out, 0); // more of it by MD
            } else if (code == "MD") {
                line.answer(in, wire::rows_reply{two}, wire::status::end_of_data);
            } else if (code == "MR") {
                wire::next_result_reply next;
                ++nexts;
                if (nexts == 1) next.result = 7;
                if (nexts == 2) next = result_of(two);
                line.answer(in, next, wire::status::end_of_data);
            }
        }
    });
    connection db(peer.uri());
    auto done = db.call("P", 4);
    EXPECT_EQ(done.returned<int>(), 42);
    EXPECT_EQ(done.get<int>(0), 5);
    EXPECT_EQ(done.changed(), -1);
    EXPECT_EQ(flat(done.rows()), "1;2");
    ASSERT_TRUE(done.next_result());
    EXPECT_EQ(done.changed(), 7);
    EXPECT_EQ(flat(done.rows()), "2");
    EXPECT_FALSE(done.next_result());
    EXPECT_FALSE(done.next_result());
    done = {};
    db.close();
    // The client does not wait until the server has read it.
    ASSERT_EQ(farewell.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
    EXPECT_EQ(said, "SP MS MD MR MR MR DC");
}

TEST(ProcedurePeer, AForgottenProcedureIsDescribedAgainOnce) {
    std::string said;
    std::promise<void> farewell;
    int gone = 0;
    const scripted_peer peer([&](peer_line& line) {
        line.log_in();
        while (true) {
            const auto in = line.read();
            const auto code = in.code();
            said += (said.empty() ? "" : " ") + code + std::to_string(in.header.statement);
            if (code == "DC") return farewell.set_value();
            if (code == "SP") {
                line.answer(in, description(0, 1));
            } else if (code == "SU" && gone > 0) {
                --gone;
                line.answer_empty(in, wire::status::statement_gone);
            } else if (code == "SU") {
                const auto output = items({9});
                line.answer(in, wire::procedure_update_reply{output, 3});
            } else if (code == "OE") {
                line.answer(in, wire::text_reply{"the procedure is gone"});
            }
        }
    });
    connection db(peer.uri());
    EXPECT_EQ(db.call("P", 1).changed(), 3);
    EXPECT_EQ(db.call("P", 1).get<int>(0), 9); // described once
    gone = 1;
    EXPECT_EQ(db.call("P", 1).changed(), 3);
    gone = 2;
    EXPECT_EQ(failure_of([&] { db.call("P", 1); }).text, "the procedure is gone");
    EXPECT_EQ(db.call("P", 1).changed(), 3);
    db.close();
    // The client does not wait until the server has read it.
    ASSERT_EQ(farewell.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
    EXPECT_EQ(said, "SP1 SU1 SU1 SU1 SP1 SU1 SU1 SP1 SU1 OE0 SP1 SU1 DC0");
}

TEST(ProcedurePeer, ParametersThatDoNotFitTheCallEndTheLine) {
    for (const int ret : {0, 1, -1}) {
        const scripted_peer peer([&](peer_line& line) {
            line.log_in();
            while (true) {
                const auto in = line.read();
                const auto output = items({1, 2, 3});
                if (in.code() == "SP") {
                    auto described = description(ret, 1);
                    if (ret == 1) described.columns = result_of({}).columns;
                    line.answer(in, described);
                } else if (in.code() == "SU") {
                    line.answer(in, wire::procedure_update_reply{output, 3});
                } else if (in.code() == "SQ") {
                    line.answer(in, wire::procedure_query_reply{output});
                } else if (in.code() == "MS") {
                    wire::multi_result_reply out;
                    out.output = output;
                    line.answer(in, out, wire::status::end_of_data);
                } else if (in.code() == "DC") {
                    return;
                }
            }
        });
        connection db(peer.uri());
        const auto why = failure_of([&] { (void)db.call("P", 1); });
        EXPECT_TRUE(why.fatal) << ret << " " << why.text;
        EXPECT_FALSE(db.is_open());
    }
}

TEST(ProcedurePeer, NoRowsWithoutASecondMessage) {
    const scripted_peer peer([&](peer_line& line) {
        line.log_in();
        while (true) {
            const auto in = line.read();
            const auto output = items({8});
            if (in.code() == "SP") {
                auto described = description(1, 1);
                described.columns = result_of({}).columns;
                line.answer(in, described);
            } else if (in.code() == "SQ") {
                line.answer(in, wire::procedure_query_reply{output}, wire::status::end_of_data);
            } else if (in.code() == "PG") {
                line.answer_empty(in);
            } else if (in.code() == "DC") {
                return;
            }
        }
    });
    connection db(peer.uri());
    auto done = db.call("P", 1);
    EXPECT_EQ(done.get<int>(0), 8);
    EXPECT_TRUE(done.has_rows());
    EXPECT_EQ(flat(done.rows()), "");
    db.ping();
}

} // namespace
} // namespace irislink::test
