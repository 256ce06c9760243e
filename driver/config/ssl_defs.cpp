#include "driver/config/ssl_defs.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "driver/config/values.hpp"

namespace irislink::driver {
namespace {

constexpr std::size_t longest_line = 4096;
constexpr std::size_t most_sections = 1000;
constexpr std::size_t most_entries = 100;

std::string without_blanks(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != ' ' && c != '\t' && c != '\r') out.push_back(c);
    return out;
}

bool same_key(std::string_view left, std::string_view right) {
    return same_text(without_blanks(left), without_blanks(right));
}

std::string at_line(std::size_t line) {
    return "line " + std::to_string(line) + ": ";
}

std::optional<int> small_number(std::string_view text) {
    const auto plain = without_blanks(text);
    int out = 0;
    const auto [end, failure] = std::from_chars(plain.data(), plain.data() + plain.size(), out);
    if (failure != std::errc{} || end != plain.data() + plain.size() || out < 0) return std::nullopt;
    return out;
}

std::string_view bare_host(std::string_view host) {
    host = trimmed(host);
    if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    if (!host.empty() && host.back() == '.') host.remove_suffix(1);
    return host;
}

// 16 bytes of an IP literal (IPv4 as mapped), or nothing.
std::optional<std::array<unsigned char, 16>> literal(std::string_view host) {
    const std::string text(host);
    std::array<unsigned char, 16> out{};
    if (::inet_pton(AF_INET6, text.c_str(), out.data()) == 1) return out;
    out = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    if (::inet_pton(AF_INET, text.c_str(), out.data() + 12) == 1) return out;
    return std::nullopt;
}

// What a configuration or connection section may hold.
constexpr auto configuration_keys = std::to_array<std::string_view>(
    {"Protocols", "TLSMinVersion", "TLSMaxVersion", "VerifyPeer", "VerifyDepth", "VerifyHost", "CipherList", "Ciphersuites", "CertFile", "KeyFile", "KeyType",
     "Password", "CAfile"}
);

// Reads one section; every complaint goes to one of two lists.
class interpreter {
public:
    explicit interpreter(const ssl_defs_section& section) : section_(&section) {}

    bool run() {
        check_keys();
        return versions() && verification() && certificates() && ciphers();
    }

    ssl_defs_meaning meaning;
    std::string failure;

private:
    bool fail(const ssl_defs_entry* at, const std::string& text) {
        failure = at_line(at != nullptr ? at->line : section_->line) + text;
        return false;
    }

    void give(const char* keyword, std::string_view value) { meaning.settings.emplace_back(keyword, wire::secret(value)); }

    void warn(std::size_t line, const std::string& text) { meaning.warnings.push_back(at_line(line) + text); }

    void check_keys() {
        for (const auto& each : section_->entries) {
            const bool known = std::ranges::any_of(configuration_keys, [&](auto key) { return same_key(key, each.key); });
            if (!known) warn(each.line, "unknown key '" + each.key.substr(0, 40) + "' is skipped");
        }
    }

    // Nothing when absent or empty; `bad` when it is not a number.
    std::optional<int> number(std::string_view key, bool& bad) {
        const auto* const entry = section_->find(key);
        if (entry == nullptr || trimmed(entry->value.reveal()).empty()) return std::nullopt;
        const auto out = small_number(entry->value.reveal());
        if (!out) {
            bad = true;
            fail(entry, std::string(key) + " is not a number");
        }
        return out;
    }

    std::optional<bool> flag(std::string_view key, bool& bad) {
        const auto out = number(key, bad);
        if (!out) return std::nullopt;
        if (*out > 1) {
            bad = true;
            fail(section_->find(key), std::string(key) + " must be 0 or 1");
            return std::nullopt;
        }
        return *out == 1;
    }

    // TLSMinVersion and TLSMaxVersion beat Protocols; with neither, 1.2 to 1.3 (decision 11).
    bool versions() {
        bool bad = false;
        auto low = number("TLSMinVersion", bad);
        auto high = number("TLSMaxVersion", bad);
        const auto mask = number("Protocols", bad);
        if (bad) return false;
        for (const auto* const key : {"TLSMinVersion", "TLSMaxVersion"}) {
            const auto value = number(key, bad);
            if (value && *value != 4 && *value != 8 && *value != 16 && *value != 32)
                return fail(section_->find(key), std::string(key) + " must be 4, 8, 16 or 32 (TLS 1.0, 1.1, 1.2, 1.3)");
        }
        if (!low && !high && mask) {
            const int usable = *mask & 0x3C;
            if (usable == 0) return fail(section_->find("Protocols"), "Protocols names no version that can be used: SSL 2 and 3 are not spoken");
            low = usable & -usable;
            high = 32;
            while ((*high & usable) == 0) *high /= 2;
        }
        const int lowest = low.value_or(std::min(16, high.value_or(16)));
        const int highest = high.value_or(32);
        if (lowest > highest) return fail(section_->find("TLSMinVersion"), "TLSMinVersion is above TLSMaxVersion");
        give("TlsMinVersion", std::to_string(lowest));
        give("TlsMaxVersion", std::to_string(highest));
        return true;
    }

    bool verification() {
        bool bad = false;
        const auto peer = flag("VerifyPeer", bad);
        const auto host = number("VerifyHost", bad); // any number but 0 means yes
        const auto depth = number("VerifyDepth", bad);
        if (bad) return false;
        if (depth && (*depth < 1 || *depth > 100)) return fail(section_->find("VerifyDepth"), "VerifyDepth must be 1 to 100");
        if (depth) give("TlsVerifyDepth", std::to_string(*depth));
        const auto authorities = trimmed(section_->text("CAfile"));
        if (!peer.value_or(true)) {
            if (host.value_or(0) != 0)
                return fail(section_->find("VerifyHost"), "VerifyHost needs VerifyPeer=1: a name in a certificate that is not verified proves nothing");
            give("TlsMode", "require");
        } else {
            if (authorities.empty())
                return fail(section_->find("VerifyPeer"), "VerifyPeer=1 needs CAfile: name a PEM file, or %OSCertificateStore for the system's certificates");
            give("TlsMode", host.value_or(1) != 0 ? "verify-full" : "verify-ca");
        }
        if (!authorities.empty()) give("TlsCaFile", authorities);
        return true;
    }

    bool certificates() {
        const auto certificate = trimmed(section_->text("CertFile"));
        const auto key = trimmed(section_->text("KeyFile"));
        if (certificate.empty() && !key.empty()) return fail(section_->find("KeyFile"), "KeyFile without CertFile");
        if (!certificate.empty()) give("TlsCertFile", certificate);
        if (!key.empty()) give("TlsKeyFile", key);
        const auto password = section_->text("Password");
        if (!password.empty() && !certificate.empty()) give("TlsKeyPassword", password);
        // EC and Ed25519 keys have no number; the file format says what a key is (decision 14).
        bool bad = false;
        const auto type = number("KeyType", bad);
        if (bad) return false;
        if (type && *type != 1 && *type != 2) warn(section_->find("KeyType")->line, "KeyType is neither 1 (DSA) nor 2 (RSA); the key file itself decides");
        return true;
    }

    bool ciphers() {
        const auto list = without_blanks(section_->text("CipherList"));
        const auto suites = without_blanks(section_->text("Ciphersuites"));
        if (!list.empty()) give("TlsCipherList", list);
        if (!suites.empty()) give("TlsCiphersuites", suites);
        return true;
    }

    const ssl_defs_section* section_;
};

} // namespace

const ssl_defs_entry* ssl_defs_section::find(std::string_view key) const {
    const auto at = std::ranges::find_if(entries, [&](const auto& each) { return same_key(each.key, key); });
    return at == entries.end() ? nullptr : &*at;
}

std::string_view ssl_defs_section::text(std::string_view key) const {
    const auto* const entry = find(key);
    return entry == nullptr ? std::string_view{} : entry->value.reveal();
}

const ssl_defs_section* ssl_defs::find(std::string_view name) const {
    const auto at = std::ranges::find_if(sections, [&](const auto& each) { return same_key(each.name, name); });
    return at == sections.end() ? nullptr : &*at;
}

std::optional<ssl_defs> parse_ssl_defs(std::string_view text, ssl_defs_error& failure) {
    ssl_defs out;
    std::size_t number = 0;
    const auto fail = [&](const char* why) {
        failure.text = at_line(number) + why;
        return std::nullopt;
    };
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto whole = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
        if (whole.size() > longest_line) return fail("the line is longer than 4096 characters");
        if (whole.find('\0') != std::string_view::npos) return fail("the line holds a zero byte; this is not a text file");
        const auto line = trimmed(whole);
        if (line.empty() || line.front() == ';' || line.front() == '#') continue;
        if (line.front() == '[') {
            const auto name = line.back() == ']' ? trimmed(line.substr(1, line.size() - 2)) : std::string_view{};
            if (name.empty()) return fail("a section is written [name]");
            if (out.sections.size() == most_sections) return fail("more than 1000 sections");
            out.sections.push_back({std::string(name), number, {}});
            continue;
        }
        const auto equals = line.find('=');
        if (equals == std::string_view::npos || equals == 0) return fail("neither [section] nor key=value");
        if (out.sections.empty()) return fail("a key before the first section");
        auto& section = out.sections.back();
        const auto key = trimmed(line.substr(0, equals));
        if (section.entries.size() == most_entries) return fail("more than 100 keys in one section");
        section.entries.push_back({std::string(key), wire::secret(trimmed(line.substr(equals + 1))), number});
    }
    return out;
}

bool same_host(std::string_view left, std::string_view right) {
    left = bare_host(left);
    right = bare_host(right);
    if (left.empty() || right.empty()) return false;
    if (same_text(left, right)) return true;
    const auto a = literal(left);
    const auto b = literal(right);
    return a && b && *a == *b;
}

const ssl_defs_section* match_ssl_defs(const ssl_defs& in, std::string_view host, std::uint16_t port) {
    for (const auto& each : in.sections) {
        const auto address = each.text("Address");
        if (address.empty() || !same_host(address, host)) continue;
        const auto number = small_number(each.text("Port"));
        if (number && *number == port) return &each;
    }
    return nullptr;
}

std::optional<ssl_defs_meaning> interpret_ssl_defs(const ssl_defs_section& section, ssl_defs_error& failure) {
    interpreter reading(section);
    if (!reading.run()) {
        failure.text = reading.failure;
        return std::nullopt;
    }
    return std::move(reading.meaning);
}

} // namespace irislink::driver
