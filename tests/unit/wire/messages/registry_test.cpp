#include "wire/messages/registry.hpp"

#include <set>

#include "tests/support/wire/golden.hpp"
#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

std::set<std::string> words(std::string_view text) {
    std::set<std::string> out;
    for (std::size_t at = 0; at + 2 <= text.size(); at += 3) out.insert(std::string(text.substr(at, 2)));
    return out;
}

// wire-session 10 and wire-sql appendix A, without what belongs to gateways, XA and the codes of which
// only the name is known.
const auto specified = words("HS CN DC CI 2E 2F PG P2 RN OE EI AN AF TC TR IL IT RU RC SN PB CG GS "
                             "PP DQ DU PQ PU DX EX FX GG EB CU UC PD DD FD SF MD CC SP SU SQ DS MS MR FR "
                             "SS JS GB GP SR CS AS SB SM SZ SX "
                             "TA CO PK IK EK CR II PR PC FN FC SC CA TT TI BR VC TP CP CH UT SY SL AT CF "
                             "ta sc tt ca co c3 pk ik i3 ek e3 cr r3 ii st pr pc p3 br vc ti t3 tp cp");

TEST(Registry, HoldsEveryCodeOfTheSpecificationOnce) {
    std::set<std::string> codes;
    for (const auto& kind : all_messages()) {
        EXPECT_TRUE(codes.insert(kind.code.name()).second) << kind.code.name() << " is there twice";
        EXPECT_FALSE(kind.name.empty());
        EXPECT_FALSE(kind.document.empty());
        EXPECT_EQ(find_message(kind.code), &kind);
    }
    EXPECT_EQ(codes, specified);
}

TEST(Registry, OneWayMessages) {
    std::set<std::string> one_way;
    for (const auto& kind : all_messages())
        if (is_one_way(kind.code)) one_way.insert(kind.code.name());
    EXPECT_EQ(one_way, words("AF AN RC RU CC CS CU RN DC UC"));
    EXPECT_FALSE(is_one_way("zz"_fc));
    EXPECT_EQ(find_message("zz"_fc), nullptr);
}

TEST(Registry, TwoRepliesAtMost) {
    for (const auto& kind : all_messages()) {
        const bool catalog = kind.family == message_family::catalog;
        const bool two = catalog || words("DQ DS SQ").contains(kind.code.name());
        if (kind.replies != 0) {
            EXPECT_EQ(kind.replies, two ? 2 : 1) << kind.code.name();
        }
    }
}

TEST(Registry, MessagesWithSecretsAreMarked) {
    std::set<std::string> secret;
    for (const auto& kind : all_messages())
        if (kind.carries_secret) secret.insert(kind.code.name());
    EXPECT_EQ(secret, words("CN CI 2F"));
}

TEST(Registry, EveryCodeHasAStructAndEveryStructItsCode) {
    std::set<std::string> with_struct;
    for_every_message([&]<class M>() {
        if constexpr (requires { M::code; }) {
            with_struct.insert(M::code.name());
            EXPECT_NE(find_message(M::code), nullptr) << M::code.name();
            static_assert(request_message<M>);
        } else {
            static_assert(reply_message<M>);
        }
    });
    for (const auto& kind : all_messages())
        if (kind.family != message_family::catalog) {
            EXPECT_TRUE(with_struct.contains(kind.code.name())) << kind.code.name();
        }
}

TEST(Registry, EveryClientMessageHasAFixture) {
    std::set<std::string> seen;
    for (const auto& each : all_golden_messages())
        if (each.code) seen.insert(each.code->name());
    for (const auto& kind : all_messages()) EXPECT_TRUE(seen.contains(kind.code.name())) << kind.code.name() << " has no fixture";
}

TEST(Registry, EveryReplyStructHasAFixture) {
    std::set<std::string> seen;
    for (const auto& each : all_golden_messages()) seen.insert(each.reply);
    for_every_message([&]<class M>() {
        if constexpr (!requires { M::code; } && !std::same_as<M, catalog_request>) {
            EXPECT_TRUE(seen.contains(std::string(message_name<M>()))) << message_name<M>() << " has no fixture";
        }
    });
}

} // namespace
} // namespace irislink::wire
