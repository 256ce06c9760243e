#include "wire/codec/secret.hpp"

#include <gtest/gtest.h>

#include <concepts>
#include <ostream>
#include <string>

namespace irislink::wire {
namespace {

template <class T>
concept printable = requires(std::ostream& out, const T& value) {
    out << value;
};

static_assert(!std::copyable<secret>);
static_assert(!std::convertible_to<secret, std::string>);
static_assert(!std::convertible_to<secret, std::string_view>);
static_assert(!printable<secret>);

TEST(Secret, RevealsWhatItHolds) {
    const secret value("s3cret");
    EXPECT_EQ(value.reveal(), "s3cret");
    EXPECT_FALSE(value.empty());
    EXPECT_TRUE(secret().empty());
    EXPECT_TRUE(secret("").empty());
}

TEST(Secret, MovingLeavesNothingBehind) {
    secret from("s3cret");
    secret to(std::move(from));
    EXPECT_TRUE(from.empty()); // NOLINT(bugprone-use-after-move): that is the point
    EXPECT_EQ(to.reveal(), "s3cret");
    secret third("other");
    third = std::move(to);
    EXPECT_EQ(third.reveal(), "s3cret");
    EXPECT_TRUE(to.empty()); // NOLINT(bugprone-use-after-move)
}

TEST(Secret, CopiesAreExplicit) {
    const secret one("x");
    const secret two = one.clone();
    EXPECT_TRUE(one == two);
    EXPECT_FALSE(one == secret("y"));
}

TEST(Secret, WipeOverwritesTheMemoryItHeld) {
    secret value("abcdef");
    // The storage stays the secret's own after wipe(), so its bytes may be looked at.
    const char* const at = value.reveal().data();
    value.wipe();
    EXPECT_TRUE(value.empty());
    for (int i = 0; i < 6; ++i) EXPECT_EQ(at[i], 0);
}

TEST(Secret, SecureZeroOverwritesExactlyWhatItIsTold) {
    char memory[6] = {'a', 'b', 'c', 'd', 'e', 'f'};
    secure_zero(memory + 1, 4);
    EXPECT_EQ(std::string(memory, sizeof memory), std::string("a\0\0\0\0f", 6));
}

} // namespace
} // namespace irislink::wire
