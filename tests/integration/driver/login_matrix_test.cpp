// The login matrix: every line of the client, with every proof, every kind and fate of a second factor,
// against every policy of the server. The product is generated and its outcomes are computed
// (login_matrix/login_cell.cpp); here every cell is held against them: outcome, SQLSTATE, native code,
// step, audit, and that no secret is anywhere.
//
// The world is dear to make, so the cells are tried together when the first of them is looked at, and
// CTest runs the program as one test. --gtest_filter tries the chosen cells alone.

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <memory>

#include "tests/integration/driver/login_matrix/login_world.hpp"

namespace irislink::test::matrix {
namespace {

std::vector<std::size_t> numbers() {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < cells().size(); ++i) out.push_back(i);
    return out;
}

std::string name_of(std::size_t number) {
    return cells()[number].name();
}

std::string cell_name(const ::testing::TestParamInfo<std::size_t>& info) {
    return name_of(info.param);
}

class shared_world : public ::testing::Environment {
public:
    static const login_world& get() {
        if (!world) {
            const std::string prefix = "All/LoginMatrix";
            std::vector<std::size_t> wanted;
            std::map<std::string, std::size_t> by_name;
            for (const auto each : numbers()) by_name[name_of(each)] = each;
            const auto& program = *::testing::UnitTest::GetInstance();
            for (int i = 0; i < program.total_test_suite_count(); ++i) {
                const auto& suite = *program.GetTestSuite(i);
                if (suite.name() != prefix) continue;
                for (int k = 0; k < suite.total_test_count(); ++k) {
                    const auto& one = *suite.GetTestInfo(k);
                    if (one.should_run()) wanted.push_back(by_name.at(std::string(one.name()).substr(std::string("Cell/").size())));
                }
            }
            world = std::make_unique<login_world>();
            world->run(wanted);
            tried = wanted;
        }
        return *world;
    }

    void TearDown() override { world.reset(); }

    static inline std::unique_ptr<login_world> world;
    static inline std::vector<std::size_t> tried;
};

const auto* const environment = ::testing::AddGlobalTestEnvironment(new shared_world);

// A code of six digits that stands by itself. Within longer numbers it means nothing.
bool holds_code(const std::string& text, const std::string& code) {
    const auto digit = [&](std::size_t i) { return i < text.size() && std::isdigit(static_cast<unsigned char>(text[i])) != 0; };
    for (auto at = text.find(code); at != std::string::npos; at = text.find(code, at + 1))
        if ((at == 0 || !digit(at - 1)) && !digit(at + code.size())) return true;
    return false;
}

std::string hexadecimal(const std::string& text) {
    std::string out;
    for (const char each : text) {
        out += "3";
        out += each; // of digits
    }
    return out;
}

// Without the time that a line begins with.
std::string without_times(const std::string& log) {
    std::string out;
    for (std::size_t at = 0; at < log.size();) {
        const auto end = std::min(log.find('\n', at), log.size());
        const auto blank = std::min(log.find(' ', at), end);
        out.append(log, blank, end - blank).push_back('\n');
        at = end + 1;
    }
    return out;
}

std::string shown(const std::vector<std::string>& all) {
    std::string out;
    for (const auto& each : all) out += each + "; ";
    return out;
}

class LoginMatrix : public ::testing::TestWithParam<std::size_t> {};

TEST_P(LoginMatrix, Cell) {
    const auto& world = shared_world::get();
    const auto& in = cells()[GetParam()];
    const auto wanted = expect(in);
    const auto& got = world.seen(GetParam());
    const auto& why = got.refusal;

    EXPECT_EQ(got.logged_in, wanted.logged_in) << why.message();
    if (wanted.logged_in) {
        EXPECT_EQ(got.user, wanted.user);
    } else {
        EXPECT_EQ(why.sqlstate, wanted.sqlstate) << why.message();
        EXPECT_EQ(why.native, wanted.native) << why.message();
        EXPECT_EQ(to_string(why.step), to_string(wanted.step)) << why.message();
        EXPECT_FALSE(why.text.empty());
        // Of what the server refuses it tells nothing but this (decision 24); its audit has the reason.
        if (wanted.native == 417) {
            EXPECT_EQ(why.text, wanted.hello_refused ? "TLS is required" : "Access Denied");
        }
        EXPECT_FALSE(why.hint.empty()) << why.message();
    }

    ASSERT_EQ(got.records.size(), wanted.records.size()) << why.message();
    for (std::size_t i = 0; i < wanted.records.size(); ++i) {
        const auto& record = got.records[i];
        const auto& model = wanted.records[i];
        SCOPED_TRACE("audit record " + std::to_string(i + 1) + ": " + record.all_but_time);
        EXPECT_EQ(record.event, model.event);
        EXPECT_EQ(record.user, model.user);
        EXPECT_EQ(record.authentication, model.authentication);
        EXPECT_EQ(record.level, model.level);
        EXPECT_EQ(record.status, model.status);
        EXPECT_EQ(record.address, "127.0.0.1");
        EXPECT_TRUE(record.description.starts_with(model.description) && record.description.empty() == model.description.empty()) << record.description;
    }

    // What the client told people, its log, its trace and the server's audit of it.
    std::string told = why.message() + "\n" + why.hint + "\n" + got.log;
    for (const auto& record : got.records) told += record.all_but_time + "\n";
    EXPECT_EQ(shown(world.secrets().found_in(told)), "");
    EXPECT_EQ(shown(world.secrets().found_in(got.trace)), "");
    for (const auto& code : got.codes) {
        EXPECT_FALSE(holds_code(told, code)) << told;
        EXPECT_EQ(got.trace.find(hexadecimal(code)), std::string::npos) << got.trace;
    }
    // Not for want of a trace: a login message is in it, without its content.
    if (!wanted.records.empty()) {
        EXPECT_NE(got.trace.find("434e\", \"withheld\":"), std::string::npos) << got.trace;
    }
}

INSTANTIATE_TEST_SUITE_P(All, LoginMatrix, ::testing::ValuesIn(numbers()), cell_name);

class LoginMatrixServers : public ::testing::TestWithParam<std::size_t> {};

std::string policy_name(const ::testing::TestParamInfo<std::size_t>& info) {
    return policies()[info.param].name();
}

std::vector<std::size_t> policy_numbers() {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < policies().size(); ++i) out.push_back(i);
    return out;
}

// Nothing is audited that no cell accounts for, and SQL shows the same as the file.
TEST_P(LoginMatrixServers, AuditIsWholeAndTheSameInTheTable) {
    const auto& world = shared_world::get();
    std::size_t wanted = 0;
    std::size_t nameless_wanted = 0;
    for (const auto each : shared_world::tried) {
        if (cells()[each].policy != GetParam()) continue;
        const auto model = expect(cells()[each]);
        wanted += model.records.size();
        nameless_wanted += model.hello_refused ? 1 : 0;
    }
    std::size_t named = 0;
    std::size_t nameless = 0;
    std::vector<std::string> lines;
    for (const auto& each : world.audit(GetParam())) {
        named += each.executable.starts_with("cell-") ? 1 : 0;
        if (each.executable.empty()) {
            ++nameless;
            EXPECT_EQ(each.description, "TLS is required");
            EXPECT_EQ(each.event, "LoginFailure");
            EXPECT_EQ(each.status, 417);
        }
        lines.push_back(
            each.event + "|" + each.user + "|" + each.authentication + "|" + std::to_string(each.level) + "|" + std::to_string(each.status) + "|" +
            each.description
        );
    }
    EXPECT_EQ(named, wanted);
    EXPECT_EQ(nameless, nameless_wanted);
    // The table was read before the auditor's own logout.
    const auto& table = world.audit_table(GetParam());
    const auto off = policies()[GetParam()].off;
    if (off == switched::service || off == switched::password || off == switched::factor_required) {
        EXPECT_TRUE(table.empty());
    } else {
        ASSERT_GE(lines.size(), table.size());
        ASSERT_GE(table.size(), 1U);
        lines.resize(table.size());
        EXPECT_EQ(table, lines);
    }
}

TEST_P(LoginMatrixServers, NoSecretIsInTheLog) {
    const auto& world = shared_world::get();
    const auto log = without_times(world.log(GetParam()));
    EXPECT_EQ(shown(world.secrets().found_in(log)), "");
    EXPECT_NE(log.find("info irislink-sandbox"), std::string::npos) << "this is no log";
    for (const auto each : shared_world::tried) {
        if (cells()[each].policy != GetParam()) continue;
        for (const auto& code : world.seen(each).codes) EXPECT_FALSE(holds_code(log, code)) << code << " of " << name_of(each);
    }
}

INSTANTIATE_TEST_SUITE_P(All, LoginMatrixServers, ::testing::ValuesIn(policy_numbers()), policy_name);

// The product is not one refusal many times over: all that the model can end in is in it.
TEST(LoginMatrixControl, EveryOutcomeIsInTheProduct) {
    std::map<std::string, int> ends;
    for (const auto& each : cells()) {
        const auto model = expect(each);
        ++ends[model.logged_in ? "in" : model.sqlstate + " " + std::to_string(model.native) + " " + std::string(to_string(model.step))];
    }
    EXPECT_GT(ends["in"], 500);
    for (const auto* const each :
         {"HY000 90002 settings", "08S01 459 TLS", "08S01 459 Kerberos", "28000 417 hello", "28000 417 login", "28000 90022 login", "28000 90022 second factor",
          "28000 417 second factor", "28000 -417 statement"})
        EXPECT_GT(ends[each], 50) << each;
    EXPECT_EQ(ends.size(), 10U);
}

// The search finds what it is to find: planted in every shape that it knows.
TEST(LoginMatrixControl, ThePlantedSecretIsFound) {
    secret_hunt hunt;
    hunt.add("word", "S3cret-word");
    EXPECT_EQ(shown(hunt.found_in("nothing to see")), "");
    EXPECT_EQ(hunt.found_in("...S3cret-word...").size(), 1U);
    EXPECT_EQ(hunt.found_in("trace 5333637265742d776f7264").size(), 1U);
    EXPECT_EQ(hunt.found_in(std::string("S\0003\0c\0r\0e\0t\0-\0w\0o\0r\0d\0", 22)).size(), 1U);
    // base64 of "xS3cret-word", "S3cret-word" and "xyS3cret-word!"
    for (const auto* const each : {"eFMzY3JldC13b3Jk", "UzNjcmV0LXdvcmQ=", "eHlTM2NyZXQtd29yZCE="}) EXPECT_EQ(hunt.found_in(each).size(), 1U) << each;
    // As the login message has it: 9E FF DE is SYS (wire-session 4.4.1).
    secret_hunt scrambled;
    scrambled.add("SYS", "SYS", 3);
    EXPECT_EQ(shown(scrambled.found_in("\x05\x01\x9E\xFF\xDE")), "SYS (scrambled); ");
}

} // namespace
} // namespace irislink::test::matrix
