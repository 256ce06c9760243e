#include "samples/sandbox/auth/access_token.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "samples/sandbox/auth/secret_file.hpp"
#include "wire/codec/secret.hpp"

namespace irislink::sandbox {
namespace {

// Gives memory back overwritten: claims may be as private as the token.
template <class T> struct wiping_allocator {
    using value_type = T;

    wiping_allocator() = default;

    template <class Other> wiping_allocator(const wiping_allocator<Other>&) noexcept {}

    [[nodiscard]] T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }

    void deallocate(T* memory, std::size_t count) noexcept {
        wire::secure_zero(memory, count * sizeof(T));
        std::allocator<T>().deallocate(memory, count);
    }

    friend bool operator==(const wiping_allocator&, const wiping_allocator&) noexcept { return true; }
};

using wiping_string = std::basic_string<char, std::char_traits<char>, wiping_allocator<char>>;
using wiping_json = nlohmann::basic_json<std::map, std::vector, wiping_string, bool, std::int64_t, std::uint64_t, double, wiping_allocator>;

// Overwrites a text when it is no longer needed.
struct wiped_at_end {
    explicit wiped_at_end(std::optional<std::string>& of) : text(of) {}

    ~wiped_at_end() {
        if (!text) return;
        auto& bytes = *text;
        wire::secure_zero(bytes.data(), bytes.size());
    }

    wiped_at_end(const wiped_at_end&) = delete;
    wiped_at_end& operator=(const wiped_at_end&) = delete;

    std::optional<std::string>& text;
};

constexpr int deepest_json = 8;
constexpr std::size_t longest_name = 256;

// One JSON object. Two members of one name, which readers understand differently, are a fault.
std::optional<wiping_json> read_object(std::string_view text) {
    std::vector<std::set<wiping_string>> names;
    bool sound = true;
    const auto look = [&](int depth, wiping_json::parse_event_t event, wiping_json& value) {
        if (depth > deepest_json) sound = false;
        if (event == wiping_json::parse_event_t::object_start) names.emplace_back();
        if (event == wiping_json::parse_event_t::object_end && !names.empty()) names.pop_back();
        if (event == wiping_json::parse_event_t::key && !names.empty() && !names.back().insert(value.get_ref<const wiping_string&>()).second) sound = false;
        return true;
    };
    auto out = wiping_json::parse(text, look, false);
    if (!sound || !out.is_object()) return std::nullopt;
    return out;
}

bool read_text(const wiping_json& from, std::string_view name, std::string& into) {
    const auto found = from.find(wiping_string(name));
    if (found == from.end()) return true;
    if (!found->is_string()) return false;
    into = found->get_ref<const wiping_string&>();
    return into.size() <= longest_name;
}

bool read_time(const wiping_json& from, const char* name, std::optional<double>& into) {
    const auto found = from.find(wiping_string(name));
    if (found == from.end()) return true;
    if (!found->is_number()) return false;
    into = found->get<double>();
    return std::isfinite(*into);
}

bool read_audience(const wiping_json& from, std::vector<std::string>& into) {
    const auto found = from.find(wiping_string("aud"));
    if (found == from.end()) return true;
    if (found->is_string()) {
        into.emplace_back(found->get_ref<const wiping_string&>());
        return true;
    }
    if (!found->is_array()) return false;
    for (const auto& each : *found) {
        if (!each.is_string()) return false;
        into.emplace_back(each.get_ref<const wiping_string&>());
    }
    return true;
}

bool is_token_type(std::string type) {
    for (auto& c : type)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return type.empty() || type == "jwt" || type == "at+jwt" || type == "application/at+jwt";
}

} // namespace

std::optional<access_token_claims> read_access_token(std::string_view token, std::string_view account_claim, std::string& reason) {
    if (token.size() > longest_access_token) {
        reason = "the access token is longer than " + std::to_string(longest_access_token) + " octets";
        return std::nullopt;
    }
    const auto first = token.find('.');
    const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
        reason = "the access token does not have three parts";
        return std::nullopt;
    }
    auto header_text = decode_base64url(token.substr(0, first));
    auto payload_text = decode_base64url(token.substr(first + 1, second - first - 1));
    const wiped_at_end header_goes(header_text);
    const wiped_at_end payload_goes(payload_text);
    auto signature = decode_base64url(token.substr(second + 1));
    if (!header_text || !payload_text || !signature) {
        reason = "a part of the access token is not base64url";
        return std::nullopt;
    }
    const auto header = read_object(*header_text);
    const auto payload = read_object(*payload_text);
    if (!header || !payload) {
        reason = std::string("the ") + (header ? "payload" : "header") + " of the access token is not a proper JSON object";
        return std::nullopt;
    }
    access_token_claims out;
    std::string type;
    if (!read_text(*header, "alg", out.algorithm) || !read_text(*header, "kid", out.key_id) || !read_text(*header, "typ", type) || !is_token_type(type)) {
        reason = "the header of the access token is malformed";
        return std::nullopt;
    }
    if (header->contains(wiping_string("crit"))) {
        reason = "the access token demands extensions that are not known";
        return std::nullopt;
    }
    if (!read_text(*payload, "iss", out.issuer) || !read_audience(*payload, out.audience) || !read_text(*payload, account_claim, out.account) ||
        !read_time(*payload, "exp", out.expires) || !read_time(*payload, "nbf", out.not_before)) {
        reason = "a claim of the access token is malformed";
        return std::nullopt;
    }
    out.signed_text = token.substr(0, second);
    out.signature = std::move(*signature);
    return out;
}

token_checker::token_checker(access_token_settings settings) : settings_(std::move(settings)) {
    if (settings_.issuer.empty() || settings_.audience.empty()) throw std::invalid_argument("access tokens need an issuer and an audience");
    if (settings_.account_claim.empty()) throw std::invalid_argument("access tokens need a claim that names the account");
    seen_ = look();
    keys_ = read();
    if (keys_->empty()) throw std::invalid_argument("access tokens need a key: set key_set, public_keys or shared_key");
}

token_checker::stamps token_checker::look() const {
    stamps out;
    const auto add = [&out](const std::filesystem::path& file) {
        std::error_code missing;
        out.push_back(std::filesystem::last_write_time(file, missing));
    };
    if (!settings_.key_set.empty()) add(settings_.key_set);
    for (const auto& each : settings_.public_keys) add(each);
    if (!settings_.shared_key.empty()) add(settings_.shared_key);
    return out;
}

std::shared_ptr<const key_set> token_checker::read() const {
    const auto from = [](const std::filesystem::path& file, const auto& reader) {
        const auto text = read_secret_file(file);
        if (!text) throw std::invalid_argument("cannot read " + file.string());
        try {
            return reader(text->reveal());
        } catch (const std::invalid_argument& fault) {
            throw std::invalid_argument(file.string() + ": " + fault.what());
        }
    };
    auto out = std::make_shared<key_set>();
    const auto take = [&out](key_set more) { out->insert(out->end(), more.begin(), more.end()); };
    if (!settings_.key_set.empty()) take(from(settings_.key_set, [](std::string_view text) { return read_jwks(text, false); }));
    for (const auto& each : settings_.public_keys) take(from(each, [](std::string_view text) { return read_pem_keys(text); }));
    if (!settings_.shared_key.empty()) {
        take(from(settings_.shared_key, [](std::string_view key) {
            // The line end that editors add is no part of the key.
            while (key.ends_with('\n') || key.ends_with('\r')) key.remove_suffix(1);
            return key_set{make_shared_key(key)};
        }));
    }
    return out;
}

std::shared_ptr<const key_set> token_checker::current() {
    const std::lock_guard lock(mutex_);
    auto stamps_now = look();
    if (stamps_now != seen_) {
        seen_ = std::move(stamps_now);
        try {
            auto fresh = read();
            if (fresh->empty()) throw std::invalid_argument("no key is left");
            keys_ = std::move(fresh);
            spdlog::info("the keys of access tokens were read anew");
        } catch (const std::invalid_argument& fault) {
            spdlog::error("the keys of access tokens stay as they were: {}", fault.what());
        }
    }
    return keys_;
}

token_verdict token_checker::check(std::string_view token, double now) {
    token_verdict out;
    const auto claims = read_access_token(token, settings_.account_claim, out.reason);
    if (!claims) return out;
    const auto algorithm = find_token_algorithm(claims->algorithm);
    if (!algorithm) {
        out.reason = "access tokens of algorithm '" + claims->algorithm + "' are not accepted";
        return out;
    }
    // The key decides what it is used for, never the token: a public key is no secret to make HS256 with.
    bool named = false;
    bool fits = false;
    bool verified = false;
    const auto keys = current();
    for (const auto& key : *keys) {
        if (!key.id.empty() && !claims->key_id.empty() && key.id != claims->key_id) continue;
        named = true;
        if (key.algorithm != *algorithm) continue;
        fits = true;
        verified = verified || verify_signature(key, claims->signed_text, claims->signature);
    }
    const double skew = static_cast<double>(settings_.skew.count());
    if (!named) {
        out.reason = "the access token names a key that is not known";
    } else if (!fits) {
        out.reason = "no key fits the algorithm " + claims->algorithm + " of the access token";
    } else if (!verified) {
        out.reason = "the signature of the access token is wrong";
    } else if (claims->issuer != settings_.issuer) {
        out.reason = "the access token has another issuer";
    } else if (std::ranges::find(claims->audience, settings_.audience) == claims->audience.end()) {
        out.reason = "the access token is for another audience";
    } else if (!claims->expires) {
        out.reason = "the access token has no expiry";
    } else if (now >= *claims->expires + skew) {
        out.reason = "the access token has expired";
    } else if (claims->not_before && now < *claims->not_before - skew) {
        out.reason = "the access token is not valid yet";
    } else if (claims->account.empty()) {
        out.reason = "the access token has no claim '" + settings_.account_claim + "'";
    } else {
        out.accepted = true;
        out.account = claims->account;
    }
    return out;
}

} // namespace irislink::sandbox
