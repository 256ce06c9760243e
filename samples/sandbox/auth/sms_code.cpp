#include "samples/sandbox/auth/sms_code.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <array>
#include <cstdint>
#include <stdexcept>

#include "samples/sandbox/sql/lexer.hpp"

namespace irislink::sandbox {
namespace {

constexpr std::size_t code_digits = 6;

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

} // namespace

sms_code sms_code::make(time_point now, std::chrono::seconds life) {
    // What is above the largest multiple of a million is drawn again: every code is as likely as another.
    constexpr std::uint32_t codes = 1'000'000;
    constexpr std::uint32_t limit = UINT32_MAX / codes * codes;
    std::uint32_t number = limit;
    while (number >= limit)
        if (RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof number) != 1) throw std::runtime_error("no random numbers");
    number %= codes;
    std::array<char, code_digits> text{};
    for (std::size_t i = code_digits; i-- > 0; number /= 10) text[i] = static_cast<char>('0' + number % 10);
    sms_code out;
    out.digits_ = wire::secret(std::string_view(text.data(), text.size()));
    out.until_ = now + life;
    OPENSSL_cleanse(text.data(), text.size());
    return out;
}

bool sms_code::use(std::string_view code, time_point now) {
    const auto wanted = digits_.reveal();
    const bool same = code.size() == code_digits && wanted.size() == code_digits && CRYPTO_memcmp(wanted.data(), code.data(), code_digits) == 0;
    digits_.wipe();
    return same && now < until_;
}

provider_table standard_providers() {
    return {
        {"AT&T WIRELESS", "txt.att.net"}, {"ALLTEL", "message.alltel.com"}, {"CELLULAR ONE", "mobile.celloneusa.com"}, {"NEXTEL", "messaging.nextel.com"},
        {"T-MOBILE", "tmomail.net"},      {"VERIZON", "vtext.com"},         {"SPRINT PCS", "messaging.sprintpcs.com"},
    };
}

bool is_gateway(std::string_view host) {
    if (host.empty() || host.size() > 253) return false;
    std::size_t label = 0;
    char last = '.';
    for (const char c : host) {
        if (c == '.' ? last == '.' || last == '-' : !is_letter_or_digit(c) && (c != '-' || last == '.')) return false;
        label = c == '.' ? 0 : label + 1;
        if (label > 63) return false;
        last = c;
    }
    return last != '.' && last != '-';
}

std::optional<std::string> phone_digits(std::string_view number) {
    std::string out;
    for (std::size_t i = 0; i < number.size(); ++i) {
        const char c = number[i];
        if (c >= '0' && c <= '9') {
            out.push_back(c);
        } else if (c == '+' ? i != 0 : c != ' ' && c != '-' && c != '.' && c != '(' && c != ')') {
            return std::nullopt;
        }
    }
    if (out.size() < 4 || out.size() > 15) return std::nullopt;
    return out;
}

std::optional<std::string> message_address(const provider_table& providers, std::string_view number, std::string_view provider) {
    const auto digits = phone_digits(number);
    const auto found = providers.find(sql::to_upper(provider));
    if (!digits || found == providers.end() || !is_gateway(found->second)) return std::nullopt;
    return *digits + "@" + found->second;
}

} // namespace irislink::sandbox
