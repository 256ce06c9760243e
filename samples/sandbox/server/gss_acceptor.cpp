#include "samples/sandbox/server/gss_acceptor.hpp"

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <krb5/krb5.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "samples/sandbox/config/config.hpp"
#include "samples/sandbox/server/line.hpp"
#include "wire/codec/secret.hpp"

namespace irislink::sandbox {
namespace {

constexpr std::size_t context_token_limit = std::size_t{64} << 10U; // tickets with many groups included
constexpr std::size_t data_token_limit = std::size_t{16} << 20U;    // wire-session 3.3
constexpr std::size_t plain_piece = 48'000;                         // the vendor's own messages stay below 50,000
constexpr int most_rounds = 8;

struct gss_buffer {
    gss_buffer() = default;

    gss_buffer(const gss_buffer&) = delete;
    gss_buffer& operator=(const gss_buffer&) = delete;

    ~gss_buffer() { clear(); }

    // The library gives its memory back as it is; a password or a code may have been in it.
    void clear() noexcept {
        if (value.value != nullptr) wire::secure_zero(value.value, value.length);
        OM_uint32 minor = 0;
        gss_release_buffer(&minor, &value);
    }

    [[nodiscard]] wire::bytes_view view() const noexcept { return {static_cast<const std::byte*>(value.value), value.length}; }

    [[nodiscard]] std::string text() const { return std::string(wire::as_text(view())); }

    gss_buffer_desc value{0, nullptr};
};

struct gss_name {
    gss_name() = default;
    gss_name(const gss_name&) = delete;
    gss_name& operator=(const gss_name&) = delete;

    ~gss_name() {
        OM_uint32 minor = 0;
        gss_release_name(&minor, &value);
    }

    [[nodiscard]] std::string text() const {
        OM_uint32 minor = 0;
        gss_buffer out;
        return gss_display_name(&minor, value, &out.value, nullptr) == GSS_S_COMPLETE ? out.text() : std::string();
    }

    gss_name_t value{GSS_C_NO_NAME};
};

gss_buffer_desc borrow(wire::bytes_view bytes) noexcept {
    // The library does not write through it.
    return {bytes.size(), const_cast<std::byte*>(bytes.data())};
}

std::string gss_reason(OM_uint32 major, OM_uint32 minor) {
    std::string out;
    const auto add = [&](OM_uint32 code, int kind) {
        OM_uint32 more = 0;
        do {
            OM_uint32 ignored = 0;
            gss_buffer text;
            if (gss_display_status(&ignored, code, kind, gss_mech_krb5, &more, &text.value) != GSS_S_COMPLETE) return;
            out += (out.empty() ? "" : "; ") + text.text();
        } while (more != 0);
    };
    add(major, GSS_C_GSS_CODE);
    if (minor != 0) add(minor, GSS_C_MECH_CODE);
    return out;
}

std::array<std::byte, 4> length_of(std::size_t size) {
    std::array<std::byte, 4> out;
    for (std::size_t i = 0; i < 4; ++i) out[i] = static_cast<std::byte>(size >> (24 - 8 * i) & 0xFFU);
    return out;
}

bool send_token(transport& line, wire::bytes_view token, deadline until) {
    const auto head = length_of(token.size());
    wire::byte_buffer out(head.begin(), head.end());
    out.insert(out.end(), token.begin(), token.end());
    return line.write(out, until);
}

// Memory grows with what arrives, not with what is announced.
bool receive_token(transport& line, wire::byte_buffer& token, std::size_t limit, deadline until) {
    std::array<std::byte, 4> head;
    if (!read_exactly(line, head, until)) return false;
    std::size_t size = 0;
    for (const auto each : head) size = size << 8U | std::to_integer<std::size_t>(each);
    if (size == 0 || size > limit) return false;
    token.clear();
    while (token.size() < size) {
        const auto have = token.size();
        token.resize(have + std::min<std::size_t>(size - have, 65'536));
        if (!read_exactly(line, std::span(token).subspan(have), until)) return false;
    }
    return true;
}

class gss_line final : public transport {
public:
    gss_line(std::shared_ptr<transport> lower, std::string peer) : lower_(std::move(lower)), peer_(std::move(peer)) {}

    ~gss_line() override {
        OM_uint32 minor = 0;
        gss_delete_sec_context(&minor, &context_, GSS_C_NO_BUFFER);
    }

    [[nodiscard]] bool establish(gss_cred_id_t credential, int level, deadline until, connection_facts& facts, bool multi_domain) {
        level_ = level;
        gss_name initiator;
        OM_uint32 flags = 0;
        OM_uint32 major = GSS_S_CONTINUE_NEEDED;
        for (int round = 0; major == GSS_S_CONTINUE_NEEDED; ++round) {
            if (round == most_rounds || !receive_token(*lower_, token_, context_token_limit, until)) return failed("no usable Kerberos token came");
            auto in = borrow(token_);
            gss_buffer answer;
            OM_uint32 minor = 0;
            OM_uint32 ignored = 0;
            gss_release_name(&ignored, &initiator.value);
            major = gss_accept_sec_context(
                &minor, &context_, credential, &in, GSS_C_NO_CHANNEL_BINDINGS, &initiator.value, nullptr, &answer.value, &flags, nullptr, nullptr
            );
            if (answer.value.length != 0 && !send_token(*lower_, answer.view(), until)) return false;
            if (GSS_ERROR(major)) {
                if (answer.value.length != 0) let_go(*lower_, until);
                return failed(gss_reason(major, minor));
            }
        }
        // SEQUENCE is not demanded: the vendor's ODBC driver does not ask for it (3.2).
        OM_uint32 needed = GSS_C_MUTUAL_FLAG;
        if (level >= 2) needed |= GSS_C_INTEG_FLAG;
        if (level == 3) needed |= GSS_C_CONF_FLAG;
        if ((flags & needed) != needed || (flags & GSS_C_ANON_FLAG) != 0) return failed("the context lacks mutual authentication, protection or a name");
        gss_name service;
        OM_uint32 minor = 0;
        gss_inquire_context(&minor, context_, nullptr, &service.value, nullptr, nullptr, nullptr, nullptr, nullptr);
        facts.protection = line_protection::kerberos;
        facts.kerberos_level = level;
        facts.kerberos_principal = initiator.text();
        facts.kerberos_account = account_of(facts.kerberos_principal, service.text(), multi_domain);
        return !facts.kerberos_account.empty() || failed("the initiator has no name");
    }

    std::size_t read(std::span<std::byte> into, deadline until) override {
        if (level_ == 1) return lower_->read(into, until);
        if (into.empty()) return 0;
        // Token boundaries carry no meaning, and a token may be empty inside.
        while (given_ == plain_.value.length)
            if (broken_ || !unwrap_next(until)) return 0;
        const auto rest = plain_.view().subspan(given_);
        const auto count = std::min(into.size(), rest.size());
        std::ranges::copy(rest.first(count), into.begin());
        given_ += count;
        if (given_ == plain_.value.length) {
            plain_.clear();
            given_ = 0;
        }
        return count;
    }

    bool write(wire::bytes_view data, deadline until) override {
        if (level_ == 1) return lower_->write(data, until);
        while (!data.empty()) {
            const auto piece = data.first(std::min(data.size(), plain_piece));
            auto in = borrow(piece);
            gss_buffer sealed;
            OM_uint32 minor = 0;
            int confidential = 0;
            const auto major = gss_wrap(&minor, context_, level_ == 3 ? 1 : 0, GSS_C_QOP_DEFAULT, &in, &confidential, &sealed.value);
            if (major != GSS_S_COMPLETE) return failed(gss_reason(major, minor));
            if (level_ == 3 && confidential == 0) return failed("the answer could not be encrypted");
            if (!send_token(*lower_, sealed.view(), until)) return false;
            data = data.subspan(piece.size());
        }
        return true;
    }

    void shut_down() noexcept override { lower_->shut_down(); }

    bool peer_gone() noexcept override { return lower_->peer_gone(); }

private:
    bool unwrap_next(deadline until) {
        OM_uint32 minor = 0;
        plain_.clear();
        given_ = 0;
        broken_ = true; // until this token has proved good
        if (!receive_token(*lower_, token_, data_token_limit, until)) return false;
        auto in = borrow(token_);
        int confidential = 0;
        const auto major = gss_unwrap(&minor, context_, &in, &plain_.value, &confidential, nullptr);
        // At level 2 it can be read without the key.
        wire::secure_zero(token_.data(), token_.size());
        // Anything but COMPLETE, the notes about replay and order among it, ends the line.
        if (major != GSS_S_COMPLETE) return failed(gss_reason(major, minor));
        if (level_ == 3 && confidential == 0) return failed("a message came unencrypted at level 3");
        broken_ = false;
        return true;
    }

    bool failed(const std::string& why) const {
        spdlog::warn("peer={} Kerberos level {} failed: {}", peer_, level_, why);
        return false;
    }

    std::shared_ptr<transport> lower_;
    std::string peer_;
    gss_ctx_id_t context_{GSS_C_NO_CONTEXT};
    int level_{0};
    wire::byte_buffer token_;
    gss_buffer plain_;
    std::size_t given_{0};
    bool broken_{false};
};

// Why a keytab has no key of a principal; empty when it has one. Asked before the library is: where the
// key is missing, gss_acquire_cred_from of MIT krb5 1.20 loses its copy of the name.
std::string missing_key(const std::string& location, const std::string& principal) {
    krb5_context context = nullptr;
    if (krb5_init_context(&context) != 0) return "the Kerberos library cannot be started";
    krb5_keytab keytab = nullptr;
    krb5_principal name = nullptr;
    krb5_keytab_entry entry{};
    auto code = krb5_parse_name(context, principal.c_str(), &name);
    if (code == 0) code = krb5_kt_resolve(context, location.c_str(), &keytab);
    if (code == 0) code = krb5_kt_get_entry(context, keytab, name, 0, 0, &entry);
    std::string reason;
    if (code == 0) {
        krb5_free_keytab_entry_contents(context, &entry);
    } else {
        const char* const text = krb5_get_error_message(context, code);
        reason = text;
        krb5_free_error_message(context, text);
    }
    if (keytab != nullptr) krb5_kt_close(context, keytab);
    krb5_free_principal(context, name);
    krb5_free_context(context);
    return reason;
}

} // namespace

std::string account_of(const std::string& principal, const std::string& service, bool multi_domain) {
    const auto at = principal.rfind('@');
    if (multi_domain || at == std::string::npos) return principal;
    const auto own = service.rfind('@');
    if (own == std::string::npos || principal.substr(at) != service.substr(own)) return principal;
    return principal.substr(0, at);
}

gss_acceptor::gss_acceptor(const kerberos_settings& settings) : multi_domain_(settings.multi_domain) {
    if (::access(settings.keytab.c_str(), R_OK) != 0) throw config_error("[kerberos] keytab '" + settings.keytab + "': " + std::strerror(errno));
    const auto location = "FILE:" + settings.keytab;
    gss_name principal;
    OM_uint32 minor = 0;
    if (!settings.principal.empty()) {
        if (const auto reason = missing_key(location, settings.principal); !reason.empty())
            throw config_error("[kerberos] keytab '" + settings.keytab + "', principal '" + settings.principal + "': " + reason);
        auto text = borrow(wire::as_bytes(settings.principal));
        const auto major = gss_import_name(&minor, &text, GSS_KRB5_NT_PRINCIPAL_NAME, &principal.value);
        if (GSS_ERROR(major)) throw config_error("[kerberos] principal '" + settings.principal + "': " + gss_reason(major, minor));
    }
    gss_key_value_element_desc element{"keytab", location.c_str()};
    const gss_key_value_set_desc store{1, &element};
    gss_OID_set_desc mechanisms{1, gss_mech_krb5};
    const auto major = gss_acquire_cred_from(&minor, principal.value, GSS_C_INDEFINITE, &mechanisms, GSS_C_ACCEPT, &store, &credential_, nullptr, nullptr);
    if (GSS_ERROR(major)) throw config_error("[kerberos] keytab '" + settings.keytab + "': " + gss_reason(major, minor));
}

gss_acceptor::~gss_acceptor() {
    OM_uint32 minor = 0;
    gss_release_cred(&minor, &credential_);
}

std::unique_ptr<transport> gss_acceptor::accept(std::shared_ptr<transport> line, int level, deadline until, connection_facts& facts) const {
    auto made = std::make_unique<gss_line>(std::move(line), facts.address);
    if (!made->establish(credential_, level, until, facts, multi_domain_)) return nullptr;
    return made;
}

} // namespace irislink::sandbox
