#include "tests/integration/driver/login_matrix/login_cell.hpp"

#include <algorithm>
#include <array>

namespace irislink::test::matrix {
namespace {

constexpr std::array lines{line_kind::near_clear, line_kind::clear, line_kind::level1, line_kind::level2, line_kind::level3, line_kind::tls};
constexpr std::array line_names{"near", "clear", "level1", "level2", "level3", "tls"};
constexpr std::array proofs{proof::password, proof::wrong_password, proof::kerberos, proof::token, proof::forged_token, proof::nothing};
constexpr std::array proof_names{"password", "wrongPassword", "kerberos", "token", "forgedToken", "nothing"};
constexpr std::array fates{factor_fate::right, factor_fate::wrong, factor_fate::reused, factor_fate::late, factor_fate::missing};
constexpr std::array fate_names{"Right", "Wrong", "Reused", "Late", "Missing"};
constexpr std::array tls_names{"tlsDisabled", "tlsEnabled", "tlsRequired"};
constexpr std::array switch_names{"", "NoService", "NoPassword", "NoKerberos", "NoToken", "NoUnauthenticated", "NoTotp", "NoSms", "FactorRequired"};

constexpr const char* service = "%Service_Bindings";
constexpr const char* unknown_user = "UnknownUser";

template <class E> std::size_t index(E value) {
    return static_cast<std::size_t>(value);
}

expectation refused(const char* sqlstate, int native, irislink::step at) {
    expectation out;
    out.sqlstate = sqlstate;
    out.native = native;
    out.step = at;
    return out;
}

// Decision 3, first half: in the set, or above its lowest member.
bool accepts(const server_policy& policy, int level) {
    return !policy.levels.empty() && level >= *std::ranges::min_element(policy.levels);
}

// Decision 18: tokens of both kinds cross level 3, TLS and loopback alone.
bool is_private(const cell& in) {
    return in.line == line_kind::near_clear || in.line == line_kind::level3 || in.line == line_kind::tls;
}

// What the server makes of the login message, before the second factor.
struct identity {
    std::string user;
    std::string mechanism;
    std::string reason; // of a refusal; empty: accepted
};

identity identify(const cell& in, switched off) {
    const auto mine = in.user();
    const bool token = in.by == proof::token || in.by == proof::forged_token;
    // Decision 4: with Kerberos user and password are never sent; nor are they beside a token.
    const bool named = !in.kerberos_line() && (in.by == proof::password || in.by == proof::wrong_password);
    const auto disabled = [](const std::string& mechanism) { return "authentication by " + mechanism + " is not enabled for Service " + service; };
    if (off == switched::service) return {named ? mine : "", "", std::string("Logins for Service ") + service + " are disabled"};
    if (token) {
        // Decision 29: a null user beside a password is a token, whatever the line proves.
        if (off == switched::token) return {"", "", disabled("AccessToken")};
        if (in.by == proof::forged_token) return {"", "AccessToken", "the signature of the access token is wrong"};
        return {mine, "AccessToken", ""};
    }
    // Section 3.4: the ticket first, unauthenticated last.
    if (in.kerberos_line() && off != switched::kerberos) return {mine, "Kerberos", ""};
    if (named) {
        if (off == switched::password) return {mine, "", disabled("Password")};
        return {mine, "Password", in.by == proof::password ? "" : "User " + mine + " invalid name or password"};
    }
    if (off != switched::unauthenticated) return {unknown_user, "Unauthenticated", ""};
    // Section 3.4: nobody is a wrong password of UnknownUser when only passwords are on.
    return {unknown_user, "Password", std::string("User ") + unknown_user + " invalid name or password"};
}

// One connection, on a line that stands.
expectation attempt(const cell& in, const server_policy& policy, factor_fate fate) {
    const auto who = identify(in, policy.off);
    const auto level = in.level();
    const auto failed = [&](const std::string& authentication, int status, const std::string& reason) {
        return expected_record{"LoginFailure", who.user, authentication, level, status, reason};
    };
    if (!who.reason.empty()) {
        // Decision 24: one answer for all.
        auto out = refused("28000", 417, step::login);
        out.records = {failed(who.mechanism, 417, who.reason)};
        return out;
    }
    // Section 3.10: instance, service and user must all have the kind. UnknownUser has none.
    const bool kind_on = (in.factor == factor_kind::totp && policy.off != switched::totp) || (in.factor == factor_kind::sms && policy.off != switched::sms);
    const bool due = kind_on && who.user != unknown_user;
    if (!due && policy.off == switched::factor_required) {
        auto out = refused("28000", 417, step::login); // decision 22
        out.records = {failed(who.mechanism, 417, "a second factor is required and the user has none")};
        return out;
    }
    const auto authentication = who.mechanism + (!due ? "" : in.factor == factor_kind::totp ? "+TOTP" : "+SMS");
    expectation in_it;
    in_it.logged_in = true;
    in_it.user = who.user;
    in_it.code_due = due;
    in_it.records = {{"Login", who.user, authentication, level, 0, ""}, {"Logout", who.user, authentication, level, 0, ""}};
    if (!due) return in_it;
    expectation out;
    if (fate == factor_fate::missing) {
        // The client has nothing to answer with; whoever does not answer is dropped (section 2.9).
        out = refused("28000", -417, step::statement);
        out.records = {failed(authentication, 417, "no two-factor code came before ")};
    } else if (!is_private(in)) {
        out = refused("28000", 90022, step::second_factor);
        out.records = {failed(authentication, 0, "no two-factor code came")};
    } else if (fate == factor_fate::right) {
        return in_it;
    } else {
        // Decision 17, with the reasons of decisions 19 and 20: a code of an earlier message is wrong, the
        // authenticator's is known to be used.
        out = refused("28000", 417, step::second_factor);
        const std::string wrong = "the two-factor code is wrong";
        out.records = {failed(
            authentication, 417,
            fate == factor_fate::late                                       ? "the two-factor code came too late"
            : fate == factor_fate::reused && in.factor == factor_kind::totp ? "the two-factor code was used before"
                                                                            : wrong
        )};
    }
    out.code_due = true;
    return out;
}

} // namespace

std::string server_policy::name() const {
    std::string out = std::string(tls_names[index(tls)]) + "_levels";
    for (const int each : levels) out += std::to_string(each);
    return out + (off == switched::nothing ? "" : "_" + std::string(switch_names[index(off)]));
}

std::string cell::name() const {
    const auto code =
        factor == factor_kind::none ? std::string("noFactor") : (factor == factor_kind::totp ? "totp" : "sms") + std::string(fate_names[index(fate)]);
    return std::string(line_names[index(line)]) + "_" + proof_names[index(by)] + "_" + code + "_on_" + policies()[policy].name();
}

int cell::level() const noexcept {
    switch (line) {
    case line_kind::level1: return 1;
    case line_kind::level2: return 2;
    case line_kind::level3: return 3;
    case line_kind::tls: return 10;
    default: return 0;
    }
}

const std::vector<server_policy>& policies() {
    static const auto all = [] {
        std::vector<server_policy> out;
        for (const auto tls : {tls_mode::disabled, tls_mode::enabled, tls_mode::required})
            for (const auto& levels : {std::vector<int>{1, 2, 3}, {2}, {1, 3}, {3}, {}}) out.push_back({tls, levels, switched::nothing});
        // Switches do not depend on how a line is protected; each is thrown on a server that takes every line.
        for (const auto off :
             {switched::service, switched::password, switched::kerberos, switched::token, switched::unauthenticated, switched::totp, switched::sms,
              switched::factor_required})
            out.push_back({tls_mode::enabled, {1, 2, 3}, off});
        return out;
    }();
    return all;
}

const std::vector<cell>& cells() {
    static const auto all = [] {
        std::vector<cell> out;
        for (std::size_t policy = 0; policy < policies().size(); ++policy) {
            std::size_t account = 0;
            for (const auto line : lines)
                for (const auto by : proofs)
                    for (const auto factor : {factor_kind::none, factor_kind::totp, factor_kind::sms})
                        for (const auto fate : fates) {
                            // Without a factor there is no code that could have a fate.
                            if (factor == factor_kind::none && fate != factor_fate::right) continue;
                            out.push_back({policy, line, by, factor, fate, account++});
                        }
        }
        return out;
    }();
    return all;
}

std::size_t cells_per_policy() {
    return cells().size() / policies().size();
}

expectation expect(const cell& in) {
    const auto& policy = policies()[in.policy];
    // Decisions 2 and 8: a contradiction is an error before connecting.
    if (in.by == proof::kerberos && !in.kerberos_line()) return refused("HY000", 90002, step::settings);
    // Decision 3 and wire-session 2.3: what the server takes on its line. Never anything less.
    if (in.line == line_kind::tls && policy.tls == tls_mode::disabled) return refused("08S01", 459, step::tls);
    if (in.kerberos_line() && (policy.tls == tls_mode::required || !accepts(policy, in.level()))) return refused("08S01", 459, step::kerberos);
    if (in.level() == 0 && policy.tls == tls_mode::required) {
        auto out = refused("28000", 417, step::hello);
        out.hello_refused = true;
        return out;
    }
    if ((in.by == proof::token || in.by == proof::forged_token) && !is_private(in)) return refused("28000", 90022, step::login);
    if (in.fate != factor_fate::reused) return attempt(in, policy, in.fate);
    // Used once, and then again.
    auto first = attempt(in, policy, factor_fate::right);
    if (!first.logged_in) return first;
    auto second = attempt(in, policy, factor_fate::reused);
    second.records.insert(second.records.begin(), first.records.begin(), first.records.end());
    return second;
}

} // namespace irislink::test::matrix
