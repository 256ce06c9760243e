// The second factor: by keyword, by attribute 1002 in narrow and wide form, and what a program hears that
// knows nothing of it.

#include "tests/integration/odbc/odbc_module.hpp"
#include "tests/support/scripted_peer/factor_peer.hpp"

namespace irislink::test {
namespace {

class OdbcTwoFactor : public OdbcHandles {
protected:
    SQLRETURN open(const std::string& more = {}) {
        const auto target = target_at(peer_.peer.port(), more);
        return SQLDriverConnect(connection_, nullptr, text(target), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT);
    }

    [[nodiscard]] std::string why_not() const { return problems(SQL_HANDLE_DBC, connection_); }

    [[nodiscard]] SQLINTEGER due() const {
        SQLINTEGER out = -1;
        EXPECT_EQ(SQLGetConnectAttr(connection_, 1002, &out, sizeof out, nullptr), SQL_SUCCESS) << why_not();
        return out;
    }

    factor_peer peer_;
};

TEST_F(OdbcTwoFactor, TokenByKeyword) {
    ASSERT_EQ(open("TwoFactorToken=246810;"), SQL_SUCCESS) << why_not();
    EXPECT_EQ(peer_.codes, 1);
    EXPECT_EQ(due(), 1) << "the server wanted one, and has it";
}

TEST_F(OdbcTwoFactor, TokenByCommand) {
    ASSERT_EQ(open("TwoFactorCommand={/bin/echo 246810};"), SQL_SUCCESS) << why_not();
    EXPECT_EQ(peer_.codes, 1);
}

TEST_F(OdbcTwoFactor, ProgramsThatKnowNothingOfItAreToldWhatToDo) {
    ASSERT_EQ(open(), SQL_SUCCESS_WITH_INFO);
    EXPECT_NE(why_not().find("1002"), std::string::npos) << why_not();
    ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &statement_), SQL_SUCCESS);
    EXPECT_EQ(SQLExecDirect(statement_, text("select 1"), SQL_NTS), SQL_ERROR);
    EXPECT_EQ(state(), "28000") << why();
    EXPECT_NE(why().find("TwoFactorToken"), std::string::npos) << why();
    EXPECT_EQ(peer_.others, 0) << "nothing was sent";
}

TEST_F(OdbcTwoFactor, TokenByNarrowAttribute) {
    ASSERT_EQ(open(), SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(due(), 1);
    ASSERT_EQ(SQLSetConnectAttr(connection_, 1002, text("246810"), SQL_NTS), SQL_SUCCESS) << why_not();
    EXPECT_EQ(peer_.codes, 1);
    EXPECT_EQ(due(), 1) << "also afterwards";
    ASSERT_EQ(SQLSetConnectAttr(connection_, 1002, text("246810"), 6), SQL_SUCCESS);
    EXPECT_EQ(peer_.codes, 1) << "a code is never sent twice";
}

TEST_F(OdbcTwoFactor, TokenByWideAttribute) {
    ASSERT_EQ(open(), SQL_SUCCESS_WITH_INFO);
    ASSERT_EQ(SQLSetConnectAttrW(connection_, 1002, wide(u"246810"), 12), SQL_SUCCESS) << why_not();
    EXPECT_EQ(peer_.codes, 1);
}

TEST_F(OdbcTwoFactor, RefusedTokenEndsTheConnection) {
    ASSERT_EQ(open(), SQL_SUCCESS_WITH_INFO);
    ASSERT_EQ(SQLSetConnectAttr(connection_, 1002, text("987123"), SQL_NTS), SQL_ERROR);
    EXPECT_EQ(why_not().substr(0, 9), "28000 417") << why_not();
    EXPECT_EQ(why_not().find("987123"), std::string::npos);
    SQLUINTEGER dead = 0;
    ASSERT_EQ(SQLGetConnectAttr(connection_, SQL_ATTR_CONNECTION_DEAD, &dead, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(dead, SQLUINTEGER{SQL_CD_TRUE});
}

TEST_F(OdbcTwoFactor, AttributeBeforeConnectingIs08003) {
    SQLINTEGER out = 0;
    EXPECT_EQ(SQLGetConnectAttr(connection_, 1002, &out, sizeof out, nullptr), SQL_ERROR);
    EXPECT_EQ(why_not().substr(0, 5), "08003") << why_not();
}

// Counts how often it is asked whether a code is due; the first time it hangs up, if it is told to.
class OdbcFactorQuestion : public OdbcInside {
protected:
    SQLRETURN open(const std::string& more = {}) {
        const auto target = target_at(peer_.port(), more);
        return IN_DRIVER(SQLDriverConnect, inner_connection_, nullptr, text(target), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT);
    }

    std::atomic<int> questions_{0};
    std::atomic<bool> hang_up_{false};

    scripted_peer peer_{[this](peer_line& line) {
        line.log_in();
        for (;;) {
            const auto request = line.read();
            if (request.code() == "2E") {
                ++questions_;
                if (hang_up_.exchange(false)) return line.close();
                line.answer(request, wire::second_factor_query_reply{});
            } else if (request.code() == "DC") {
                return line.close();
            } else {
                line.answer_empty(request);
            }
        }
    }};
};

TEST_F(OdbcFactorQuestion, FailureLeavesTheHandleUnconnected) {
    hang_up_ = true;
    ASSERT_EQ(open(), SQL_ERROR);
    ASSERT_EQ(open(), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLDisconnect, inner_connection_), SQL_SUCCESS);
    hang_up_ = true;
    ASSERT_EQ(open(), SQL_ERROR);
    EXPECT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_DBC, inner_connection_), SQL_SUCCESS);
    // For the end of the test.
    ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_DBC, inner_environment_, &inner_connection_), SQL_SUCCESS);
}

TEST_F(OdbcFactorQuestion, IsAskedOnce) {
    ASSERT_EQ(open(), SQL_SUCCESS);
    EXPECT_EQ(questions_, 1);
    ASSERT_EQ(IN_DRIVER(SQLDisconnect, inner_connection_), SQL_SUCCESS);
    ASSERT_EQ(open("FetchBytes=100000;"), SQL_SUCCESS);
    EXPECT_EQ(questions_, 2) << "connecting asked already";
    ASSERT_EQ(IN_DRIVER(SQLDisconnect, inner_connection_), SQL_SUCCESS);
    ASSERT_EQ(open("TwoFactorToken=246810;"), SQL_SUCCESS);
    EXPECT_EQ(questions_, 3) << "connecting asked already";
}

} // namespace
} // namespace irislink::test
