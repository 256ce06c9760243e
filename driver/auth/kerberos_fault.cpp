#include "driver/auth/kerberos_fault.hpp"

#include <krb5/krb5.h>

#include "driver/error/sqlstate_table.hpp"

namespace irislink::driver {

std::string advice_of(std::int32_t krb5_code, const std::string& service) {
    switch (krb5_code) {
    case KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN:
        return "The KDC does not know the server as '" + service + "': set Service Principal Name to the principal the server was registered with.";
    case KRB5KRB_AP_ERR_SKEW:
    case KRB5_KDCREP_SKEW: return "The clocks of this machine, the server and the KDC are too far apart: set them right.";
    case KRB5KRB_AP_ERR_TKT_EXPIRED: return "The ticket has expired: run kinit.";
    case KRB5KRB_AP_ERR_TKT_NYV:
    case KRB5KRB_AP_ERR_TKT_INVALID:
    case KRB5KDC_ERR_NEVER_VALID: return "The ticket is not valid yet: check the clocks, then run kinit (kinit -v for a postdated one).";
    case KRB5_KDC_UNREACH:
    case KRB5_REALM_UNKNOWN:
    case KRB5_REALM_CANT_RESOLVE: return "No KDC of the realm answers: check [realms] in krb5.conf, and that the KDC runs.";
    case KRB5KRB_AP_ERR_BADKEYVER:
    case KRB5KRB_AP_ERR_NOKEY:
    case KRB5KRB_AP_WRONG_PRINC:
    case KRB5KRB_AP_ERR_BAD_INTEGRITY:
    case KRB5KRB_AP_ERR_MODIFIED: return "The server has another key than the KDC: its keytab must be made anew, or Service Principal Name corrected.";
    case KRB5_KT_NOTFOUND: return "The keytab has no key of the principal: `klist -k` shows what it has; set KerberosPrincipal to one of these.";
    case KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN: return "The KDC does not know the user: check KerberosPrincipal.";
    case KRB5KDC_ERR_PREAUTH_FAILED: return "The KDC refused the keytab's key: it is older than the user's password.";
    default: return {};
    }
}

kerberos_fault password_fault(std::int32_t krb5_code, const std::string& words, const std::string& principal) {
    const auto refused = [&](const std::string& what, const std::string& hint) {
        return kerberos_fault(what + ": " + words, hint, errc::login_refused, native::security);
    };
    switch (krb5_code) {
    // Which of the two it is depends on whether the KDC wants proof beforehand.
    case KRB5KDC_ERR_PREAUTH_FAILED:
    case KRB5KRB_AP_ERR_BAD_INTEGRITY:
        return refused("The password of " + principal + " is wrong", "Correct the password (PWD); too many wrong ones may lock the account.");
    case KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN:
        return refused("The KDC does not know " + principal, "Check UID, or KerberosPrincipal; name@REALM when the account is in another realm.");
    case KRB5KDC_ERR_CLIENT_REVOKED: return refused("The account " + principal + " is locked or disabled", "Ask the administrator of the KDC.");
    case KRB5KDC_ERR_NAME_EXP: return refused("The account " + principal + " has expired", "Ask the administrator of the KDC.");
    case KRB5KDC_ERR_KEY_EXP:
        return {
            "The password of " + principal + " has expired: " + words, "Change it with kpasswd, then connect with the new one.", errc::password_change_required,
            native::password_change_required};
    default: break;
    }
    auto hint = advice_of(krb5_code, {});
    if (hint.empty()) hint = "`kinit " + principal + "` shows whether Kerberos itself works here.";
    return {"No ticket for " + principal + " by its password: " + words, std::move(hint)};
}

} // namespace irislink::driver
