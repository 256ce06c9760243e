#include "driver/sql/call_scanner.hpp"

#include <gtest/gtest.h>

namespace irislink::driver {
namespace {

// "name(arguments)": ? a marker, 'x' a literal, NULL, - what is left out; "R " before it with a return value.
std::string shown(std::string_view sql) {
    const auto call = scan_call(sql);
    if (!call) return "none";
    std::string out = (call->returns ? "R " : "") + call->name + "(";
    for (const auto& each : call->arguments) {
        if (out.back() != '(') out += ",";
        switch (each.kind) {
        case call_argument::form::marker: out += "?"; break;
        case call_argument::form::literal: out += "'" + each.text + "'"; break;
        case call_argument::form::null: out += "NULL"; break;
        case call_argument::form::omitted: out += "-"; break;
        }
    }
    return out + ")";
}

TEST(CallScanner, FindsNameAndArguments) {
    EXPECT_EQ(shown("{call p}"), "p()");
    EXPECT_EQ(shown(" { call\tS.p ( ) } ; "), "S.p()");
    EXPECT_EQ(shown("{CALL \"a.b\".\"p\"\"q\"(?, 'it''s', -1.5e-3, null, default, )}"), "\"a.b\".\"p\"\"q\"(?,'it's','-1.5e-3',NULL,-,-)");
    EXPECT_EQ(shown("{?=call p(?)}"), "R p(?)");
    EXPECT_EQ(shown("{ ? = call S . p(+7, {d '2024-02-29'}, {ts '2024-02-29 01:02:03'})}"), "R S.p('7','2024-02-29','2024-02-29 01:02:03')");
    EXPECT_EQ(shown("call p(?)"), "p(?)");
    EXPECT_EQ(shown("CALL p()"), "p()");
    EXPECT_EQ(scan_call("{?=call p(?, 1, ?)}")->markers(), 3U);
}

TEST(CallScanner, LeavesOthersAlone) {
    for (const auto* const sql :
         {"",
          "{",
          "select 1",
          "{call}",
          "{call p",
          "{call p(",
          "{call p(?}",
          "{call p(?) x}",
          "{call p(1 + 1)}",
          "call p",
          "call p(f(1))",
          "callp(1)",
          "{?call p}",
          "{? = p(1)}",
          "{call p('x)}",
          "{call p(-)}",
          "{call p(.)}",
          "{call \"p}",
          "{call p(1)} x",
          "{fn p(1)}",
          "{call p({fn now()})}"})
        EXPECT_EQ(shown(sql), "none") << sql;
}

} // namespace
} // namespace irislink::driver
