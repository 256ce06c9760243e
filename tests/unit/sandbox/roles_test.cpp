#include "samples/sandbox/auth/roles.hpp"

#include <gtest/gtest.h>

namespace irislink::sandbox {
namespace {

using names = std::vector<std::string>;

const role_table& table() {
    static const role_table made({{"Reports", {"%Service_SQL", "%db_user"}}, {"%SQL", {}}}, {"USER", "%SYS"});
    return made;
}

TEST(Roles, UndefinedOnesAreDroppedAndRepeatedOnesTaken) {
    EXPECT_EQ(table().at_login({"reports", "Nowhere", "%manager", "REPORTS"}, {}), (names{"Reports", "%Manager"}));
}

TEST(Roles, ThoseOfEverybodyFollow) {
    EXPECT_EQ(table().at_login({"%Manager"}, {"Reports", "%Manager", "Nowhere"}), (names{"%Manager", "Reports"}));
    EXPECT_EQ(role_list({"%Manager", "Reports"}), "%Manager,Reports");
    EXPECT_EQ(role_list({}), "");
}

TEST(Roles, GiveTheirResources) {
    EXPECT_TRUE(table().grants({"Reports"}, "%DB_USER"));
    EXPECT_FALSE(table().grants({"Reports"}, "%DB_%SYS"));
    EXPECT_TRUE(table().grants({"%DB_%SYS"}, namespace_resource("%sys")));
    EXPECT_TRUE(table().grants({"%Developer"}, service_resource));
    EXPECT_FALSE(table().grants({"%Developer"}, audit_resource));
    EXPECT_TRUE(table().grants({"%Manager"}, audit_resource));
    EXPECT_FALSE(table().grants({}, service_resource));
}

TEST(Roles, AllHasEverything) {
    EXPECT_TRUE(table().grants({"Reports", "%all"}, "%Whatever"));
}

TEST(Roles, PredefinedOnesCanBeGivenAnotherMeaning) {
    EXPECT_FALSE(table().grants({"%SQL"}, service_resource));
    EXPECT_TRUE(role_table({}, {}).grants({"%SQL"}, service_resource));
}

} // namespace
} // namespace irislink::sandbox
