#include "samples/sandbox/auth/account.hpp"

#include <gtest/gtest.h>

#include "samples/sandbox/auth/password_hash.hpp"

namespace irislink::sandbox {
namespace {

TEST(Account, NamesHaveLimits) {
    for (const auto* const name : {"alice", "_SYSTEM", "%x", "Ünal", "a b", "a.b"}) EXPECT_TRUE(is_user_name(name, false)) << name;
    EXPECT_TRUE(is_user_name(std::string(128, 'x'), false));
    std::string wide;
    for (int i = 0; i < 128; ++i) wide += "ü";
    EXPECT_TRUE(is_user_name(wide, false));
    for (const auto& name : {std::string(), std::string(129, 'x'), wide + "x", std::string("a*"), std::string("a\nb"), std::string("a@b")})
        EXPECT_FALSE(is_user_name(name, false)) << name;
    EXPECT_TRUE(is_user_name("a@b", true));
    EXPECT_TRUE(is_user_name("a", true));
    for (const auto* const name : {"@b", "a@", "a@b@c", "@"}) EXPECT_FALSE(is_user_name(name, true)) << name;
}

TEST(Account, WhatClientsSayIsMadeFitForALine) {
    EXPECT_EQ(printable("a\r\nb\x7F"), "a??b?");
    EXPECT_EQ(printable("abcdef", 3), "abc...");
    EXPECT_EQ(printable("äöü", 3), "äö...") << "no character is cut in two";
    EXPECT_LE(printable(std::string(10000, '\x80'), 10).size(), 20U);
    EXPECT_EQ(printable("Ünal"), "Ünal");
}

TEST(Account, DaysAreReadAndShown) {
    EXPECT_EQ(parse_day("1970-01-02"), 86400);
    EXPECT_EQ(parse_day("2024-02-29"), 1709164800);
    EXPECT_EQ(show_day(1709164800), "2024-02-29");
    EXPECT_EQ(show_day(1709164800 + 86399), "2024-02-29");
    for (const auto* const text : {"", "2023-02-29", "2024-13-01", "2024-00-10", "2024-1-01", "24-01-01", "2024/01/01", "2024-01-0x", "2024-01-011"})
        EXPECT_FALSE(parse_day(text)) << text;
}

TEST(Account, TypesHaveNames) {
    for (const auto type : {account_type::password, account_type::kerberos, account_type::delegated, account_type::ldap, account_type::os})
        EXPECT_EQ(type_named(type_name(type)), type);
    EXPECT_FALSE(type_named("token"));
}

TEST(PasswordHash, TheSameWorkIsDoneForEveryHash) {
    const auto cheap = hash_password("right", 1000);
    const auto dear = hash_password("right", 3000);
    EXPECT_EQ(hash_work(cheap), 1000);
    for (const auto& hash : {cheap, dear, dummy_hash(2000)})
        for (const auto* const word : {"right", "wrong", ""}) {
            const auto before = hash_work_done();
            EXPECT_EQ(verify_password(word, hash, 3000), hash != dummy_hash(2000) && word == std::string("right") && hash_work(hash) != 2000);
            EXPECT_EQ(hash_work_done() - before, 3000U);
        }
    EXPECT_EQ(hash_work(""), 0);
    EXPECT_EQ(hash_work("pbkdf2-sha512$0$00$00"), 0);
    EXPECT_FALSE(verify_password("", "", 3000));
}

} // namespace
} // namespace irislink::sandbox
