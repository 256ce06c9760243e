// Escape clauses, from a table of texts.

#include "odbc/text/escapes.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "odbc/diag/odbc_error.hpp"

namespace irislink::odbc {
namespace {

TEST(Escapes, AsTheTableSays) {
    std::ifstream table(IRISLINK_SOURCE_DIR "/tests/unit/odbc/escapes.txt");
    std::string line;
    std::size_t cases = 0;
    while (std::getline(table, line)) {
        if (line.empty() || line[0] == '#') continue;
        const auto arrow = line.find(" => ");
        ASSERT_NE(arrow, std::string::npos) << line;
        const auto sql = line.substr(0, arrow);
        const auto expected = line.substr(arrow + 4);
        std::string got;
        try {
            got = rewrite_escapes(sql);
        } catch (const odbc_error& refused) {
            got = "!" + std::string(refused.record().sqlstate);
        }
        EXPECT_EQ(got, expected) << sql;
        ++cases;
    }
    EXPECT_EQ(cases, 27U);
}

} // namespace
} // namespace irislink::odbc
