#include "driver/auth/gss_initiator.hpp"

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <krb5/krb5.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "driver/auth/gss_handles.hpp"

namespace irislink::driver {
namespace {

constexpr OM_uint32 wanted_flags = GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG;

std::string reason_of(OM_uint32 major, OM_uint32 minor) {
    std::string out;
    const auto add = [&](OM_uint32 code, int kind) {
        OM_uint32 more = 0;
        do {
            OM_uint32 ignored = 0;
            gss_buffer text;
            if (gss_display_status(&ignored, code, kind, gss_mech_krb5, &more, &text.value) != GSS_S_COMPLETE) return;
            out += (out.empty() ? "" : ": ") + text.text();
        } while (more != 0);
    };
    add(major, GSS_C_GSS_CODE);
    if (minor != 0) add(minor, GSS_C_MECH_CODE);
    return out;
}

// What to change. MIT keeps the codes of its library as minor statuses.
std::string hint_of_failure(OM_uint32 major, OM_uint32 minor, const std::string& service) {
    if (auto known = advice_of(static_cast<std::int32_t>(minor), service); !known.empty()) return known;
    switch (GSS_ROUTINE_ERROR(major)) {
    case GSS_S_NO_CRED: return "There is no ticket: run kinit, or set KerberosCcache or KerberosKeytab.";
    case GSS_S_CREDENTIALS_EXPIRED: return "The ticket has expired: run kinit.";
    case GSS_S_DEFECTIVE_TOKEN:
    case GSS_S_DEFECTIVE_CREDENTIAL: return "What answers is no Kerberos service, or its answer was changed on the way.";
    default: return "`kinit` and `kvno " + service + "` show whether Kerberos itself works here.";
    }
}

// The part of a principal behind its last @.
std::string realm_of(const std::string& principal) {
    const auto at = principal.rfind('@');
    return at == std::string::npos ? std::string() : principal.substr(at + 1);
}

// Where the user's realm has no key for the service's, the KDC speaks of a server it does not know.
std::string hint_of_realms(void* credential, void* service) {
    OM_uint32 minor = 0;
    gss_name user;
    gss_name wanted;
    if (gss_inquire_cred(&minor, static_cast<gss_cred_id_t>(credential), &user.value, nullptr, nullptr, nullptr) != GSS_S_COMPLETE) return {};
    if (gss_duplicate_name(&minor, static_cast<gss_name_t>(service), &wanted.value) != GSS_S_COMPLETE) return {};
    const auto from = realm_of(user.text());
    const auto to = realm_of(wanted.text());
    if (from.empty() || to.empty() || from == to) return {};
    return "The ticket is of realm " + from + ", which has no trust with realm " + to +
           " of the server: get a ticket of that realm, have the administrators set up cross-realm keys, or correct the realm in Service Principal Name.";
}

[[noreturn]] void fail(const std::string& what, OM_uint32 major, OM_uint32 minor, const std::string& service) {
    throw kerberos_fault(what + ": " + reason_of(major, minor), hint_of_failure(major, minor, service));
}

void import(const std::string& text, const char* keyword, gss_name& into) {
    auto in = borrow(wire::as_bytes(text));
    OM_uint32 minor = 0;
    const auto major = gss_import_name(&minor, &in, GSS_KRB5_NT_PRINCIPAL_NAME, &into.value);
    if (GSS_ERROR(major))
        throw kerberos_fault(std::string(keyword) + " '" + text + "' is no Kerberos principal: " + reason_of(major, minor), "It has the form name/host@REALM.");
}

// Credentials to start a context with, from a cache or a keytab (whose tickets go into the cache); empty
// strings stand for the system's. The major status; `out` is the caller's to release.
OM_uint32 acquire_from(const std::string& ccache, const std::string& keytab, gss_name_t user, gss_cred_id_t& out, OM_uint32& minor, OM_uint32& seconds_left) {
    const auto file = "FILE:" + keytab;
    std::array<gss_key_value_element_desc, 2> elements{};
    gss_key_value_set_desc store{0, elements.data()};
    if (!ccache.empty()) elements[store.count++] = {"ccache", ccache.c_str()};
    if (!keytab.empty()) elements[store.count++] = {"client_keytab", file.c_str()};
    gss_OID_set_desc mechanisms{1, gss_mech_krb5};
    return gss_acquire_cred_from(
        &minor, user, GSS_C_INDEFINITE, &mechanisms, GSS_C_INITIATE, store.count == 0 ? GSS_C_NO_CRED_STORE : &store, &out, nullptr, &seconds_left
    );
}

} // namespace

bool has_ticket(const std::string& ccache, const std::string& principal) {
    gss_name user;
    if (!principal.empty()) import(principal, "KerberosPrincipal", user);
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;
    OM_uint32 minor = 0;
    OM_uint32 left = 0;
    auto major = acquire_from(ccache, {}, user.value, credential, minor, left);
    // Without a name the cache is looked at no sooner than it is needed: here.
    if (major == GSS_S_COMPLETE) major = gss_inquire_cred(&minor, credential, nullptr, &left, nullptr, nullptr);
    gss_release_cred(&minor, &credential);
    return major == GSS_S_COMPLETE && left > 0;
}

gss_initiator::gss_initiator(const kerberos_settings& settings, kerberos_lease tickets, const std::string& host, security_level level)
    : tickets_(std::move(tickets)), principal_(settings.source == kerberos_source::cache ? settings.principal : settings.user), ccache_(settings.ccache),
      keytab_(settings.keytab), level_(level), context_(level == security_level::encryption) {
    facts_.service = settings.service_principal.empty() ? "iris/" + host : settings.service_principal;
    facts_.level = static_cast<int>(level);
    if (!keytab_.empty() && ccache_.empty()) {
        tickets_.keeper = std::make_shared<memory_cache>();
        tickets_.ccache = tickets_.keeper->name();
    }
    if (!tickets_.ccache.empty()) {
        ccache_ = tickets_.ccache;
        // Got for somebody already: the cache knows for whom.
        if (keytab_.empty()) principal_.clear();
    }
}

gss_initiator::~gss_initiator() {
    OM_uint32 minor = 0;
    auto credential = static_cast<gss_cred_id_t>(credential_);
    gss_release_cred(&minor, &credential);
    auto service = static_cast<gss_name_t>(service_);
    gss_release_name(&minor, &service);
}

void gss_initiator::acquire() {
    gss_name service;
    import(facts_.service, "Service Principal Name", service);
    service_ = std::exchange(service.value, GSS_C_NO_NAME);
    gss_name user;
    if (!principal_.empty()) import(principal_, "KerberosPrincipal", user);
    if (!keytab_.empty() && ::access(keytab_.c_str(), R_OK) != 0)
        throw kerberos_fault("KerberosKeytab '" + keytab_ + "' cannot be read: " + std::strerror(errno), "Correct the path, or the rights of the file.");
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;
    OM_uint32 minor = 0;
    OM_uint32 left = 0;
    const auto major = acquire_from(ccache_, keytab_, user.value, credential, minor, left);
    credential_ = credential;
    // The library looks into the cache after the keytab, and names that alone.
    if (GSS_ROUTINE_ERROR(major) == GSS_S_NO_CRED && !keytab_.empty() && advice_of(static_cast<std::int32_t>(minor), {}).empty())
        throw kerberos_fault(
            "KerberosKeytab '" + keytab_ + "' has no key of " + (principal_.empty() ? "anybody" : principal_), advice_of(KRB5_KT_NOTFOUND, {})
        );
    if (GSS_ERROR(major)) fail("No Kerberos credentials", major, minor, facts_.service);
}

bool gss_initiator::step(wire::bytes_view from_server, wire::byte_buffer& to_server) {
    if (service_ == nullptr) acquire();
    auto in = borrow(from_server);
    gss_buffer out;
    OM_uint32 minor = 0;
    OM_uint32 flags = 0;
    const auto major = gss_init_sec_context(
        &minor, static_cast<gss_cred_id_t>(credential_), &context_.handle(), static_cast<gss_name_t>(service_), gss_mech_krb5, wanted_flags, GSS_C_INDEFINITE,
        GSS_C_NO_CHANNEL_BINDINGS, from_server.empty() ? GSS_C_NO_BUFFER : &in, nullptr, &out.value, &flags, nullptr
    );
    if (GSS_ERROR(major) && static_cast<krb5_error_code>(minor) == KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN)
        if (const auto hint = hint_of_realms(credential_, service_); !hint.empty())
            throw kerberos_fault("No ticket for " + facts_.service + ": " + reason_of(major, minor), hint);
    if (GSS_ERROR(major))
        fail(from_server.empty() ? "No ticket for " + facts_.service : "The server " + facts_.service + " did not prove itself", major, minor, facts_.service);
    to_server.assign(out.view().begin(), out.view().end());
    if (major == GSS_S_CONTINUE_NEEDED) return false;
    finish(flags);
    return true;
}

// The context must be what the level promises; nothing less is used.
void gss_initiator::finish(unsigned flags) {
    OM_uint32 needed = GSS_C_MUTUAL_FLAG;
    if (level_ != security_level::kerberos) needed |= GSS_C_INTEG_FLAG;
    if (level_ == security_level::encryption) needed |= GSS_C_CONF_FLAG;
    if ((flags & needed) != needed)
        throw kerberos_fault("The Kerberos context lacks what security level " + std::to_string(facts_.level) + " needs", "Ask the server's administrator.");
    OM_uint32 minor = 0;
    OM_uint32 left = 0;
    gss_name user;
    if (gss_inquire_context(&minor, context_.handle(), &user.value, nullptr, &left, nullptr, nullptr, nullptr, nullptr) == GSS_S_COMPLETE) {
        facts_.principal = user.text();
        facts_.seconds_left = left;
    }
}

} // namespace irislink::driver
