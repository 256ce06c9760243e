#include "driver/log/log_line.hpp"

#include <gtest/gtest.h>

namespace irislink::driver {
namespace {

TEST(LogLine, IsEventAndPairs) {
    EXPECT_EQ(log_line("login").add("user", "demo").add("job", 12).text(), "event=login user=demo job=12");
}

TEST(LogLine, QuotesWhatWouldBeReadWrongly) {
    EXPECT_EQ(log_line("x").add("a", "two words").text(), "event=x a=\"two words\"");
    EXPECT_EQ(log_line("x").add("a", "").text(), "event=x a=\"\"");
    EXPECT_EQ(log_line("x").add("a", "say \"hi\" \\").text(), R"(event=x a="say \"hi\" \\")");
    EXPECT_EQ(log_line("x").add("a", "b=c").text(), "event=x a=\"b=c\"");
}

TEST(LogLine, NobodyForgesASecondLine) {
    const auto text = log_line("x").add("a", "1\nevent=login user=root").text();
    EXPECT_EQ(text, "event=x a=\"1\\x0aevent=login user=root\"");
}

TEST(LogLine, SecretsAreNamedAndNotShown) {
    EXPECT_EQ(log_line("x").add("password", wire::secret("geheim")).text(), "event=x password=(set)");
    EXPECT_EQ(log_line("x").add("password", wire::secret()).text(), "event=x password=(none)");
}

TEST(LogLine, LongValuesAreCut) {
    EXPECT_LT(log_line("x").add("a", std::string(100'000, 'y')).text().size(), 1100U);
}

TEST(LogLine, GoesToTheSinkWithItsLevel) {
    int level = -1;
    std::string line;
    log_line("x").write(
        [&](int severity, std::string_view text) {
            level = severity;
            line = text;
        },
        log_level::warning
    );
    EXPECT_EQ(level, 1);
    EXPECT_EQ(line, "event=x");
    log_line("x").write({}, log_level::error); // off by default
}

} // namespace
} // namespace irislink::driver
