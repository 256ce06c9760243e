#include "driver/auth/kerberos_tickets.hpp"

#include <krb5/krb5.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <vector>

#include "driver/auth/kerberos_fault.hpp"

namespace irislink::driver {
namespace {

// Less than this is left of a ticket: a new one is got before the old one can expire on its way.
constexpr std::chrono::seconds time_to_use{60};

struct context_owner {
    context_owner() {
        if (const auto failed = krb5_init_context(&value)) throw kerberos_fault("Kerberos cannot be used: error " + std::to_string(failed), "Check krb5.conf.");
    }

    ~context_owner() { krb5_free_context(value); }

    context_owner(const context_owner&) = delete;
    context_owner& operator=(const context_owner&) = delete;

    [[nodiscard]] std::string words(krb5_error_code code) const {
        const char* const text = krb5_get_error_message(value, code);
        std::string out = text;
        krb5_free_error_message(value, text);
        return out;
    }

    krb5_context value{nullptr};
};

struct principal_owner {
    principal_owner(const context_owner& in, const std::string& name) : context(in) {
        if (const auto failed = krb5_parse_name(in.value, name.c_str(), &value))
            throw kerberos_fault(
                "'" + name + "' is no Kerberos principal: " + in.words(failed), "UID or KerberosPrincipal has the form name@REALM; the realm may be left out."
            );
    }

    ~principal_owner() { krb5_free_principal(context.value, value); }

    principal_owner(const principal_owner&) = delete;
    principal_owner& operator=(const principal_owner&) = delete;

    [[nodiscard]] std::string text() const {
        char* name = nullptr;
        if (krb5_unparse_name(context.value, value, &name) != 0) return {};
        std::string out = name;
        krb5_free_unparsed_name(context.value, name);
        return out;
    }

    const context_owner& context;
    krb5_principal value{nullptr};
};

// The library wants an end to the text.
class terminated_secret {
public:
    explicit terminated_secret(const wire::secret& from) : text_(from.reveal().size() + 1) {
        std::copy(from.reveal().begin(), from.reveal().end(), text_.begin());
    }

    ~terminated_secret() { wire::secure_zero(text_.data(), text_.size()); }

    terminated_secret(const terminated_secret&) = delete;
    terminated_secret& operator=(const terminated_secret&) = delete;

    [[nodiscard]] const char* text() const noexcept { return text_.data(); }

private:
    std::vector<char> text_;
};

// The ticket-granting ticket of `name` in `into`; how long it is good for.
std::chrono::seconds fill_cache(const memory_cache& into, const std::string& name, const wire::secret& password) {
    if (password.reveal().find('\0') != std::string_view::npos) throw kerberos_fault("A password cannot hold a NUL", "Correct PWD.");
    const context_owner context;
    const principal_owner client(context, name);
    const terminated_secret word(password);
    krb5_get_init_creds_opt* wishes = nullptr;
    auto failed = krb5_get_init_creds_opt_alloc(context.value, &wishes);
    krb5_creds got{};
    if (failed == 0) {
        // For this program alone, whatever krb5.conf has as its default.
        krb5_get_init_creds_opt_set_forwardable(wishes, 0);
        krb5_get_init_creds_opt_set_proxiable(wishes, 0);
        // No prompter: nobody is asked for a new password either.
        failed = krb5_get_init_creds_password(context.value, &got, client.value, word.text(), nullptr, nullptr, 0, nullptr, wishes);
        krb5_get_init_creds_opt_free(context.value, wishes);
    }
    if (failed != 0) throw password_fault(failed, context.words(failed), client.text());
    krb5_timestamp now = 0;
    krb5_ccache cache = nullptr;
    failed = krb5_timeofday(context.value, &now);
    if (failed == 0) failed = krb5_cc_resolve(context.value, into.name().c_str(), &cache);
    if (failed == 0) failed = krb5_cc_initialize(context.value, cache, got.client);
    if (failed == 0) failed = krb5_cc_store_cred(context.value, cache, &got);
    if (cache != nullptr) krb5_cc_close(context.value, cache);
    // Times are 32 bits that wrap.
    const std::chrono::seconds left(static_cast<std::int32_t>(static_cast<std::uint32_t>(got.times.endtime) - static_cast<std::uint32_t>(now)));
    krb5_free_cred_contents(context.value, &got);
    if (failed != 0) throw kerberos_fault("The ticket cannot be kept: " + context.words(failed), "");
    return left;
}

std::string fresh_name() {
    static std::atomic<unsigned> next{0};
    return "MEMORY:irislink-" + std::to_string(::getpid()) + "-" + std::to_string(next.fetch_add(1));
}

} // namespace

memory_cache::memory_cache() : name_(fresh_name()) {}

memory_cache::~memory_cache() {
    krb5_context context = nullptr;
    if (krb5_init_context(&context) != 0) return;
    krb5_ccache cache = nullptr;
    if (krb5_cc_resolve(context, name_.c_str(), &cache) == 0) krb5_cc_destroy(context, cache);
    krb5_free_context(context);
}

kerberos_tickets::kerberos_tickets(std::string principal, wire::secret password, callback ask)
    : principal_(std::move(principal)), password_(std::move(password)), ask_(std::move(ask)) {}

bool kerberos_tickets::good() const {
    return lease_ && (!lease_->keeper || std::chrono::steady_clock::now() + time_to_use < until_);
}

void kerberos_tickets::ask() {
    const std::lock_guard one_at_a_time(asking_);
    {
        // An answer that the KDC is judging may make the question idle.
        const std::lock_guard nothing_in_hand(obtaining_);
        const std::lock_guard hold(mutex_);
        if (good() || answer_ || !ask_) return;
    }
    auto given = ask_();
    wire::secret password(given.password);
    wire::secure_zero(given.password.data(), given.password.size());
    auto name = given.principal.empty() ? principal_ : given.principal;
    if (given.ccache.empty() && (password.empty() || name.empty()))
        throw kerberos_fault("The Kerberos callback gave neither name and password nor a credential cache", "It may have been dismissed; connect again.");
    const std::lock_guard hold(mutex_);
    if (given.ccache.empty()) {
        answer_.emplace(answer{std::move(name), std::move(password)});
    } else {
        lease_.emplace(kerberos_lease{std::move(given.ccache), nullptr});
    }
}

std::optional<kerberos_lease> kerberos_tickets::obtain() {
    // Whoever comes meanwhile waits for the same tickets; who has nothing to do with the KDC waits for nobody.
    const std::lock_guard one_at_a_time(obtaining_);
    std::optional<answer> judged;
    {
        const std::lock_guard hold(mutex_);
        if (good()) return lease_;
        lease_.reset();
        if (ask_ && !answer_) return std::nullopt;
        // A wrong answer is judged once; whoever comes next has the callback asked again.
        judged = std::exchange(answer_, std::nullopt);
    }
    const auto cache = std::make_shared<memory_cache>();
    const auto left = judged ? fill_cache(*cache, judged->principal, judged->password) : fill_cache(*cache, principal_, password_);
    const std::lock_guard hold(mutex_);
    until_ = std::chrono::steady_clock::now() + left;
    lease_.emplace(kerberos_lease{cache->name(), cache});
    return lease_;
}

void kerberos_tickets::forget(const kerberos_lease& useless) {
    const std::lock_guard hold(mutex_);
    if (lease_ && lease_->ccache == useless.ccache) lease_.reset();
}

} // namespace irislink::driver
