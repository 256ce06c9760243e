#include "tests/support/secret_hunt/secret_hunt.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "wire/codec/secret.hpp"
#include "wire/messages/obfuscation.hpp"

namespace irislink::test {
namespace {

constexpr char mask = 0x5A;

char masked_char(char c) noexcept {
    return static_cast<char>(c ^ mask);
}

void wipe(std::string& text) noexcept {
    wire::secure_zero(text.data(), text.size());
}

std::string hex(std::string_view bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(2 * bytes.size());
    for (const char each : bytes) {
        out.push_back(digits[static_cast<unsigned char>(each) >> 4U]);
        out.push_back(digits[static_cast<unsigned char>(each) & 15U]);
    }
    return out;
}

// The characters that do not depend on what stands before and behind.
std::string base64(std::string_view bytes, std::size_t before) {
    std::string padded;
    padded.reserve(bytes.size() + 2);
    padded.append(before, '\0').append(bytes);
    std::string out((padded.size() + 2) / 3 * 4 + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(padded.data()), static_cast<int>(padded.size()));
    wipe(padded);
    const std::size_t first = before == 0 ? 0 : before + 1;
    const std::size_t last = padded.size() * 8 / 6;
    std::string kept;
    kept.reserve(static_cast<std::size_t>(size));
    for (std::size_t i = first; i < last; ++i) kept.push_back(out[i]);
    wipe(out);
    return kept;
}

std::string utf16(std::string_view text) {
    std::string out;
    out.reserve(2 * text.size());
    for (const char each : text) {
        out.push_back(each);
        out.push_back('\0');
    }
    return out;
}

std::string scrambled(std::string_view text) {
    wire::byte_buffer item;
    item.reserve(2 * text.size() + 16);
    wire::writer out(item);
    wire::write_obfuscated(out, text);
    // The last bytes are the content; what stands before them is length and kind.
    std::string kept;
    kept.reserve(text.size());
    for (auto i = item.size() - text.size(); i < item.size(); ++i) kept.push_back(static_cast<char>(item[i]));
    wire::secure_zero(item.data(), item.size());
    return kept;
}

} // namespace

void secret_hunt::add_shape(const std::string& name, std::string& bytes, std::size_t shortest) {
    if (bytes.size() >= shortest) {
        shape made{name, {}};
        made.masked.reserve(bytes.size());
        for (const char each : bytes) made.masked.push_back(masked_char(each));
        shapes_.push_back(std::move(made));
    }
    wipe(bytes);
}

void secret_hunt::add(const std::string& name, std::string_view secret, std::size_t shortest) {
    const auto both = [&](const std::string& shape_name, std::string bytes) {
        auto digits = hex(bytes);
        add_shape(name + " (" + shape_name + ")", bytes, shortest);
        add_shape(name + " (" + shape_name + ", hexadecimal)", digits, 2 * shortest);
    };
    std::string plain;
    plain.reserve(secret.size() + 16); // beyond a string's small buffer, which moves leave behind
    plain.append(secret);
    both("plain", std::move(plain));
    both("scrambled", scrambled(secret));
    both("UTF-16", utf16(secret));
    for (std::size_t before = 0; before < 3; ++before) {
        auto text = base64(secret, before);
        add_shape(name + " (base 64)", text, shortest + 1);
    }
}

std::size_t secret_hunt::find(std::string_view in, const shape& wanted, std::size_t from) {
    const auto& masked = wanted.masked;
    const char first = masked_char(masked.front());
    while (in.size() - from >= masked.size() && from <= in.size()) {
        const auto* const at = static_cast<const char*>(std::memchr(in.data() + from, first, in.size() - from - masked.size() + 1));
        if (at == nullptr) return std::string_view::npos;
        std::size_t same = 1;
        while (same < masked.size() && at[same] == masked_char(masked[same])) ++same;
        if (same == masked.size()) return static_cast<std::size_t>(at - in.data());
        from = static_cast<std::size_t>(at - in.data()) + 1;
    }
    return std::string_view::npos;
}

std::vector<std::string> secret_hunt::found_in(std::string_view bytes) const {
    std::vector<std::string> out;
    for (const auto& each : shapes_)
        if (find(bytes, each) != std::string_view::npos && (out.empty() || out.back() != each.name)) out.push_back(each.name);
    return out;
}

std::vector<std::string> secret_hunt::found_in_memory() const {
    const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    if (memory < 0) throw std::runtime_error("the process's memory cannot be read");
    constexpr std::size_t piece = std::size_t{1} << 20U;
    std::size_t longest = 0;
    for (const auto& each : shapes_) longest = std::max(longest, each.masked.size());
    // Taken before the list of mappings, so that it is in it, and left out of the search.
    std::vector<char> window(piece + longest);
    const auto own_start = reinterpret_cast<std::uintptr_t>(window.data());
    const auto own_end = own_start + window.size();
    std::ifstream maps("/proc/self/maps");
    std::vector<std::string> out;
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t start = 0;
        std::uintptr_t end = 0;
        std::array<char, 5> rights{};
        int name_at = 0;
        if (std::sscanf(line.c_str(), "%lx-%lx %4s %*s %*s %*s %n", &start, &end, rights.data(), &name_at) < 3 || rights[1] != 'w') continue;
        const auto where = line.substr(std::min(line.size(), static_cast<std::size_t>(name_at)));
        for (auto at = start; at < end; at += piece) {
            const auto size = std::min<std::size_t>(window.size(), end - at);
            const auto got = ::pread(memory, window.data(), size, static_cast<off_t>(at));
            if (got <= 0) continue; // guard pages and the like
            const std::string_view bytes(window.data(), static_cast<std::size_t>(got));
            for (const auto& each : shapes_) {
                for (auto found = find(bytes, each); found != std::string_view::npos; found = find(bytes, each, found + 1)) {
                    const auto address = at + found;
                    if (address >= own_start && address < own_end) continue;
                    std::ostringstream text;
                    text << each.name << " in " << (where.empty() ? "anonymous memory" : where) << " at " << std::hex << address;
                    out.push_back(text.str());
                }
            }
        }
    }
    ::close(memory);
    wire::secure_zero(window.data(), window.size());
    return out;
}

std::string planted_text(std::string_view start, std::size_t size) {
    static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    std::vector<unsigned char> random(size);
    if (RAND_bytes(random.data(), static_cast<int>(size)) != 1) throw std::runtime_error("no random numbers");
    std::string out(start);
    for (std::size_t i = out.size(); i < size; ++i) out.push_back(letters[random[i] % letters.size()]);
    return out;
}

} // namespace irislink::test
