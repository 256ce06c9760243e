// Passwords at the C boundary: what is left of them in memory once the driver is done. They are in
// read-only memory here, which is not looked at.

#include <gtest/gtest.h>

#include "odbc/text/text.hpp"
#include "tests/support/secret_hunt/secret_hunt.hpp"

namespace irislink::odbc {
namespace {

constexpr std::string_view narrow = "Schlüßelwörter, überaus geheim; Ærøskøbing €uro 😀 Ωμέγα";
constexpr std::u16string_view wide = u"Schlüßelwörter, überaus geheim; Ærøskøbing €uro 😀 Ωμέγα";

const SQLWCHAR* wide_text() {
    return reinterpret_cast<const SQLWCHAR*>(wide.data());
}

class OdbcSecretText : public ::testing::Test {
protected:
    OdbcSecretText() { hunt_.add_pieces("password", narrow, 20); }

    [[nodiscard]] std::string left() const {
        std::string out;
        for (const auto& each : hunt_.found_in_memory()) out += each + "\n";
        return out;
    }

    test::secret_hunt hunt_;
};

TEST_F(OdbcSecretText, IsTheSameTextAsAnyOther) {
    EXPECT_EQ(to_secret(wide_text(), SQL_NTS).reveal(), narrow);
    EXPECT_EQ(to_secret(wide_text(), 5).reveal(), "Schlü");
    EXPECT_EQ(to_secret(reinterpret_cast<const SQLCHAR*>(narrow.data()), SQL_NTS).reveal(), narrow);
    EXPECT_TRUE(to_secret(static_cast<const SQLWCHAR*>(nullptr), SQL_NTS).empty());
    EXPECT_THROW((void)to_secret(wide_text(), -7), odbc_error);
}

TEST_F(OdbcSecretText, LeavesNothingBehind) {
    for (int i = 0; i < 10; ++i) {
        (void)to_secret(wide_text(), SQL_NTS);
        (void)to_secret(reinterpret_cast<const SQLCHAR*>(narrow.data()), SQL_NTS);
    }
    EXPECT_EQ(left(), "");
    const auto held = to_secret(wide_text(), SQL_NTS);
    EXPECT_NE(left(), "") << "the hunt finds what is there";
    (void)held;
}

} // namespace
} // namespace irislink::odbc
