#include "wire/codec/decimal.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "wire/codec/ascii.hpp"

namespace irislink::wire {
namespace {

constexpr std::uint64_t mantissa_limit = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

constexpr std::array<std::uint64_t, 20> make_powers() {
    std::array<std::uint64_t, 20> powers{};
    std::uint64_t power = 1;
    for (auto& entry : powers) {
        entry = power;
        power *= 10;
    }
    return powers;
}

constexpr auto powers_of_ten = make_powers();

std::uint64_t magnitude(std::int64_t value) noexcept {
    return value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

int digits_of(std::uint64_t value) noexcept {
    int digits = 1;
    while (digits < 20 && value >= powers_of_ten[static_cast<std::size_t>(digits)]) ++digits;
    return digits;
}

// What parse_decimal has seen: up to 20 leading significant digits and where the point stands.
struct scanned {
    std::array<char, 20> digits{};
    int stored{0};
    int dropped{0}; // significant digits beyond the stored ones
    int exponent{0};
    bool negative{false};
};

std::optional<scanned> scan(std::string_view text) noexcept {
    scanned out;
    std::size_t at = 0;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) out.negative = text[at++] == '-';
    bool any = false;
    bool point = false;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(c)) break;
        any = true;
        if (point) --out.exponent;
        if (out.stored == 0 && c == '0') continue;
        if (out.stored < 20) {
            out.digits[static_cast<std::size_t>(out.stored++)] = c;
        } else {
            ++out.dropped;
        }
    }
    if (!any) return std::nullopt;
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        bool minus = false;
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) minus = text[at++] == '-';
        const auto* const first = text.data() + at;
        const auto* const last = text.data() + text.size();
        int exponent = 0;
        const auto [end, error] = std::from_chars(first, last, exponent);
        if (end == first || error != std::errc{} || exponent < 0 || exponent > 100000) return std::nullopt;
        out.exponent += minus ? -exponent : exponent;
        at = static_cast<std::size_t>(end - text.data());
    }
    if (at != text.size()) return std::nullopt;
    return out;
}

// The first `keep` of the stored digits, rounded half up by the next one.
std::uint64_t round_to(const scanned& in, int keep) noexcept {
    std::uint64_t value = 0;
    for (int i = 0; i < keep; ++i) value = value * 10 + static_cast<std::uint64_t>(in.digits[static_cast<std::size_t>(i)] - '0');
    if (keep < in.stored && in.digits[static_cast<std::size_t>(keep)] >= '5') ++value;
    return value;
}

// The value without its last `drop` (at most 19) digits, rounded half up.
std::uint64_t drop_digits(std::uint64_t value, int drop) noexcept {
    const auto factor = powers_of_ten[static_cast<std::size_t>(drop)];
    const auto rest = value % factor;
    return value / factor + (rest >= factor - rest ? 1 : 0);
}

} // namespace

std::optional<decimal> parse_decimal(std::string_view text) noexcept {
    const auto in = scan(text);
    if (!in) return std::nullopt;
    if (in->stored == 0) { // zero keeps its scale where the wire can say it
        const int exponent = in->exponent > 0 ? 0 : in->exponent;
        return decimal{0, static_cast<std::int16_t>(exponent < -128 ? -128 : exponent)};
    }
    const int total = in->stored + in->dropped;
    int keep = in->stored < 19 ? in->stored : 19;
    std::uint64_t value = round_to(*in, keep);
    const std::uint64_t limit = mantissa_limit + (in->negative ? 1 : 0);
    if (value > limit) { // then 18 digits, of which none is left over: 19 would have fitted
        keep = 18;
        value = round_to(*in, keep);
    }
    int exponent = in->exponent + total - keep;
    if (exponent < -128) { // digits below 10^-128 are rounded away, once
        const int drop = -128 - exponent;
        value = drop > 19 ? 0 : drop_digits(value, drop);
        exponent = -128;
    }
    while (exponent > 127) {
        if (value > mantissa_limit / 10) return std::nullopt;
        value *= 10;
        --exponent;
    }
    const auto mantissa = in->negative ? static_cast<std::int64_t>(std::uint64_t{0} - value) : static_cast<std::int64_t>(value);
    return decimal{mantissa, static_cast<std::int16_t>(exponent)};
}

std::strong_ordering compare(decimal left, decimal right) noexcept {
    const auto sign = [](std::int64_t v) { return v < 0 ? -1 : v > 0 ? 1 : 0; };
    if (sign(left.mantissa) != sign(right.mantissa)) return sign(left.mantissa) <=> sign(right.mantissa);
    if (left.mantissa == 0) return std::strong_ordering::equal;
    if (left.mantissa < 0) std::swap(left, right); // of two negative numbers the longer one is less
    auto a = magnitude(left.mantissa);
    auto b = magnitude(right.mantissa);
    const int top_a = digits_of(a) + left.exponent;
    const int top_b = digits_of(b) + right.exponent;
    std::strong_ordering order = top_a <=> top_b;
    if (top_a == top_b) {
        // Equal position of the first digit: bring the shorter one to the other's length (< 20 digits).
        while (digits_of(a) < digits_of(b)) a *= 10;
        while (digits_of(b) < digits_of(a)) b *= 10;
        order = a <=> b;
    }
    return order;
}

void append_text(std::string& out, decimal value) {
    if (value.mantissa < 0) out.push_back('-');
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), magnitude(value.mantissa)).ptr;
    const auto count = static_cast<std::size_t>(end - digits.data());
    if (value.exponent >= 0) {
        out.append(digits.data(), count);
        if (value.mantissa != 0) out.append(static_cast<std::size_t>(value.exponent), '0');
        return;
    }
    const auto fraction = static_cast<std::size_t>(-value.exponent);
    if (count > fraction) {
        out.append(digits.data(), count - fraction);
        out.push_back('.');
        out.append(digits.data() + (count - fraction), fraction);
    } else {
        out.append("0.");
        out.append(fraction - count, '0');
        out.append(digits.data(), count);
    }
}

std::string to_text(decimal value) {
    std::string out;
    append_text(out, value);
    return out;
}

std::optional<std::int64_t> rescale(decimal value, int scale, bool& exact) noexcept {
    const int shift = value.exponent + scale;
    auto digits = magnitude(value.mantissa);
    if (digits == 0) return 0;
    if (shift >= 0) {
        if (shift > 19) return std::nullopt;
        const auto factor = powers_of_ten[static_cast<std::size_t>(shift)];
        if (digits > (mantissa_limit + 1) / factor) return std::nullopt;
        digits *= factor;
    } else if (shift < -19) {
        exact = false;
        return 0;
    } else {
        if (digits % powers_of_ten[static_cast<std::size_t>(-shift)] != 0) exact = false;
        digits = drop_digits(digits, -shift);
    }
    const bool negative = value.mantissa < 0;
    if (digits > mantissa_limit + (negative ? 1 : 0)) return std::nullopt;
    return negative ? static_cast<std::int64_t>(std::uint64_t{0} - digits) : static_cast<std::int64_t>(digits);
}

double to_double(decimal value) noexcept {
    // Through text: std::from_chars rounds correctly, a chain of multiplications does not.
    std::array<char, 32> text{};
    auto* at = std::to_chars(text.data(), text.data() + text.size(), value.mantissa).ptr;
    *at++ = 'e';
    at = std::to_chars(at, text.data() + text.size(), value.exponent).ptr;
    double out = 0;
    std::from_chars(text.data(), at, out);
    return out;
}

} // namespace irislink::wire
