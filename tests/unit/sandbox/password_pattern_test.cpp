#include "samples/sandbox/auth/password_pattern.hpp"

#include <gtest/gtest.h>

namespace irislink::sandbox {
namespace {

password_pattern pattern(std::string_view text) {
    const auto out = parse_password_pattern(text);
    EXPECT_TRUE(out) << text;
    return out.value_or(password_pattern{});
}

TEST(PasswordPattern, LengthIsCountedInCharacters) {
    const auto rule = pattern("3.5ANP");
    EXPECT_NE(rule.fault("ab"), "");
    EXPECT_EQ(rule.fault("abc"), "");
    EXPECT_EQ(rule.fault("abcde"), "");
    EXPECT_NE(rule.fault("abcdef"), "");
    EXPECT_EQ(rule.fault("äöüßé"), "") << "ten bytes, five characters";
    EXPECT_NE(rule.fault("äö"), "") << "four bytes, two characters";
}

TEST(PasswordPattern, OnlyNamedClassesAreAllowed) {
    EXPECT_EQ(pattern("3.32A").fault("abcZé"), "");
    EXPECT_NE(pattern("3.32A").fault("abc1"), "");
    EXPECT_NE(pattern("3.32A").fault("abc!"), "");
    EXPECT_EQ(pattern("3.32N").fault("1234"), "");
    EXPECT_NE(pattern("3.32N").fault("123a"), "");
    EXPECT_EQ(pattern("3.32NP").fault("1 2-3"), "");
    EXPECT_NE(pattern("3.32AN").fault("a b c"), "");
}

TEST(PasswordPattern, ControlCharactersAreNeverAllowed) {
    EXPECT_NE(pattern("1.32ANP").fault("abc\tdef"), "");
    EXPECT_NE(pattern("1.32ANP").fault(std::string_view("abc\0def", 7)), "");
    EXPECT_NE(pattern("1.32ANP").fault("abc\x7F"), "");
}

TEST(PasswordPattern, TheFaultHoldsNothingOfThePassword) {
    EXPECT_EQ(pattern("8.32AN").fault("xyz!q").find("xyz"), std::string::npos);
}

TEST(PasswordPattern, IsWrittenAsItIsRead) {
    for (const auto* const text : {"3.32ANP", "8.128A", "1.1P", "12.12NP"}) EXPECT_EQ(pattern(text).text(), text);
}

TEST(PasswordPattern, WhatIsNoPatternIsRefused) {
    for (const auto* const text :
         {"", "3", "3.", "3.32", ".32ANP", "32.3ANP", "0.8ANP", "3.32ANX", "3.32AA", "3.32anp", "3.129A", "99999999999.3A", "3.32ANP ", "-3.32A", "3,32ANP"})
        EXPECT_FALSE(parse_password_pattern(text)) << text;
}

} // namespace
} // namespace irislink::sandbox
