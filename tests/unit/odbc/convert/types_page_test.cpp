// docs/types.md is what the tables say. With IRISLINK_WRITE_DOCS set, the page is written anew.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "odbc/convert/table.hpp"

namespace irislink::odbc {
namespace {

TEST(TypesPage, IsWhatTheTablesSay) {
    const std::string path = std::string(IRISLINK_SOURCE_DIR) + "/docs/types.md";
    if (std::getenv("IRISLINK_WRITE_DOCS") != nullptr) std::ofstream(path) << types_page();
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    EXPECT_EQ(text.str(), types_page()) << "write it anew: IRISLINK_WRITE_DOCS=1 odbc_convert_tests --gtest_filter='TypesPage.*'";
}

} // namespace
} // namespace irislink::odbc
