// Long values by SQLGetData from a server that does not always answer well.

#include "tests/integration/odbc/odbc_fixture.hpp"
#include "tests/support/scripted_peer/scripted_peer.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/execute.hpp"
#include "wire/messages/fetch.hpp"
#include "wire/messages/second_factor.hpp"
#include "wire/messages/stream.hpp"

namespace irislink::test {
namespace {

// One row, one long column; the second request for a piece fails, the others bring "abc" and the end.
void hiccup(peer_line& line) {
    line.log_in();
    int pieces = 0;
    for (;;) {
        const auto asked = line.read();
        if (asked.code() == "DQ") {
            wire::query_reply described;
            wire::column body;
            body.name = body.label = "Body";
            body.type = SQL_LONGVARCHAR;
            described.columns.push_back(body);
            line.answer(asked, described);
            wire::byte_buffer items;
            wire::writer(items).text("handle");
            line.answer(asked, wire::rows_reply{items}, 100);
        } else if (asked.code() == "AS") {
            ++pieces;
            if (pieces == 2) {
                line.answer_empty(asked, 412);
            } else {
                line.answer(asked, wire::stream_piece_reply{3, wire::as_bytes(pieces == 1 ? "abc" : "def")}, pieces == 1 ? 0 : 418);
            }
        } else if (asked.code() == "OE") {
            line.answer(asked, wire::text_reply{"not now"});
        } else if (asked.code() == "2E") {
            line.answer(asked, wire::second_factor_query_reply{});
        } else if (asked.code() == "DC") {
            line.close();
        } else {
            line.answer_empty(asked);
        }
    }
}

class OdbcLongData : public OdbcHandles {};

TEST_F(OdbcLongData, FailedPieceAddsNothing) {
    scripted_peer peer(hiccup);
    const auto target = target_at(peer.port());
    ASSERT_EQ(SQLDriverConnect(connection_, nullptr, text(target), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT), SQL_SUCCESS)
        << problems(SQL_HANDLE_DBC, connection_);
    ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &statement_), SQL_SUCCESS);
    run("select Body from T");
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
    std::vector<char> out(1000, '#');
    SQLLEN length = 0;
    ASSERT_EQ(SQLGetData(statement_, 1, SQL_C_BINARY, out.data(), 1000, &length), SQL_ERROR);
    EXPECT_NE(why().find("not now"), std::string::npos) << why();
    // The line is well, and the value goes on where it was.
    ASSERT_EQ(SQLGetData(statement_, 1, SQL_C_BINARY, out.data(), 1000, &length), SQL_SUCCESS) << why();
    EXPECT_EQ(length, 6);
    EXPECT_EQ(std::string(out.data(), 6), "abcdef");
}

} // namespace
} // namespace irislink::test
