#include "tests/support/secret_hunt/secret_hunt.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

#include "wire/codec/secret.hpp"
#include "wire/messages/obfuscation.hpp"

namespace irislink::test {
namespace {

constexpr char mask = 0x5A;

// A string of at most 15 characters lives in the object itself, and moves leave copies of it behind.
constexpr std::size_t beyond_small = 32;

constexpr std::size_t most_findings = 100;

constexpr std::uintptr_t largest_mapping = std::uintptr_t{16} << 30U;

char masked_char(char c) noexcept {
    return static_cast<char>(c ^ mask);
}

void wipe(std::string& text) noexcept {
    wire::secure_zero(text.data(), text.size());
}

std::string hex(std::string_view bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(2 * bytes.size() + beyond_small);
    for (const char each : bytes) {
        out.push_back(digits[static_cast<unsigned char>(each) >> 4U]);
        out.push_back(digits[static_cast<unsigned char>(each) & 15U]);
    }
    return out;
}

// The characters that do not depend on what stands before and behind.
std::string base64(std::string_view bytes, std::size_t before) {
    std::string padded;
    padded.reserve(bytes.size() + beyond_small);
    padded.append(before, '\0').append(bytes);
    std::string out((padded.size() + 2) / 3 * 4 + beyond_small, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(padded.data()), static_cast<int>(padded.size()));
    wipe(padded);
    const std::size_t first = before == 0 ? 0 : before + 1;
    const std::size_t last = padded.size() * 8 / 6;
    std::string kept;
    kept.reserve(static_cast<std::size_t>(size) + beyond_small);
    for (std::size_t i = first; i < last; ++i) kept.push_back(out[i]);
    wipe(out);
    return kept;
}

std::string utf16(std::string_view text) {
    std::string out;
    out.reserve(2 * text.size() + beyond_small);
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
    kept.reserve(text.size() + beyond_small);
    for (auto i = item.size() - text.size(); i < item.size(); ++i) kept.push_back(static_cast<char>(item[i]));
    wire::secure_zero(item.data(), item.size());
    return kept;
}

} // namespace

void secret_hunt::add_shape(const std::string& name, std::string& bytes, std::size_t shortest) {
    if (bytes.size() >= std::max<std::size_t>(shortest, 2)) {
        shape made{name, {}};
        made.masked.reserve(bytes.size());
        for (const char each : bytes) made.masked.push_back(masked_char(each));
        const auto start = static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[0]) | static_cast<unsigned char>(bytes[1]) << 8U);
        starts_[start] = 1;
        by_start_[start].push_back(static_cast<std::uint32_t>(shapes_.size()));
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
    plain.reserve(secret.size() + beyond_small);
    plain.append(secret);
    both("plain", std::move(plain));
    both("scrambled", scrambled(secret));
    both("UTF-16", utf16(secret));
    for (std::size_t before = 0; before < 3; ++before) {
        auto text = base64(secret, before);
        add_shape(name + " (base 64)", text, shortest + 1);
    }
}

void secret_hunt::add_pieces(const std::string& name, std::string_view secret, std::size_t size) {
    const auto cut = [&](const std::string& shape_name, std::string bytes, std::size_t width) {
        for (std::size_t at = 0; at + width * size <= bytes.size(); at += width * 4) {
            std::string piece;
            piece.reserve(width * size + beyond_small);
            piece.append(bytes, at, width * size);
            add_shape(name + " from character " + std::to_string(at / width) + " (" + shape_name + ")", piece, 1);
        }
        wipe(bytes);
    };
    std::string plain;
    plain.reserve(secret.size() + beyond_small);
    plain.append(secret);
    cut("plain", std::move(plain), 1);
    cut("scrambled", scrambled(secret), 1);
    cut("UTF-16", utf16(secret), 2);
}

template <class Found> void secret_hunt::search(std::string_view in, Found found) const {
    for (std::size_t at = 0; at + 1 < in.size(); ++at) {
        const auto start = static_cast<std::uint16_t>(static_cast<unsigned char>(in[at]) | static_cast<unsigned char>(in[at + 1]) << 8U);
        if (starts_[start] == 0) continue;
        for (const auto number : by_start_.find(start)->second) {
            const auto& masked = shapes_[number].masked;
            if (in.size() - at < masked.size()) continue;
            std::size_t same = 2;
            while (same < masked.size() && in[at + same] == masked_char(masked[same])) ++same;
            if (same == masked.size() && !found(number, at)) return;
        }
    }
}

std::vector<std::string> secret_hunt::found_in(std::string_view bytes) const {
    std::set<std::uint32_t> numbers;
    search(bytes, [&](std::uint32_t number, std::size_t) {
        numbers.insert(number);
        return true;
    });
    std::vector<std::string> out;
    for (const auto each : numbers)
        if (out.empty() || out.back() != shapes_[each].name) out.push_back(shapes_[each].name);
    return out;
}

const char* secret_hunt::first_in(std::string_view bytes) const noexcept {
    const char* out = nullptr;
    search(bytes, [&](std::uint32_t number, std::size_t) {
        out = shapes_[number].name.c_str();
        return false;
    });
    return out;
}

std::vector<std::string> secret_hunt::found_in_memory(pid_t process) const {
    const auto folder = "/proc/" + (process == 0 ? std::string("self") : std::to_string(process));
    const int memory = ::open((folder + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
    if (memory < 0) throw std::runtime_error("the process's memory cannot be read");
    constexpr std::size_t piece = std::size_t{1} << 20U;
    std::size_t longest = 0;
    for (const auto& each : shapes_) longest = std::max(longest, each.masked.size());
    // Taken before the list of mappings, so that it is in it, and left out of the search.
    std::vector<char> window(piece + longest);
    const auto own_start = reinterpret_cast<std::uintptr_t>(window.data());
    const auto own_end = own_start + window.size();
    std::ifstream maps(folder + "/maps");
    std::vector<std::string> out;
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t start = 0;
        std::uintptr_t end = 0;
        std::array<char, 5> rights{};
        int name_at = 0;
        if (std::sscanf(line.c_str(), "%lx-%lx %4s %*s %*s %*s %n", &start, &end, rights.data(), &name_at) < 3 || rights[1] != 'w') continue;
        if (end - start > largest_mapping) continue;
        const auto where = line.substr(std::min(line.size(), static_cast<std::size_t>(name_at)));
        for (auto at = start; at < end; at += piece) {
            const auto size = std::min<std::size_t>(window.size(), end - at);
            const auto got = ::pread(memory, window.data(), size, static_cast<off_t>(at));
            if (got <= 0) continue; // guard pages and the like
            const std::string_view bytes(window.data(), static_cast<std::size_t>(got));
            search(bytes, [&](std::uint32_t number, std::size_t found) {
                const auto address = at + found;
                // The overlap of two windows is looked at once.
                if (found >= piece || (process == 0 && address >= own_start && address < own_end)) return true;
                std::ostringstream text;
                text << shapes_[number].name << " in " << (where.empty() ? "anonymous memory" : where) << " at " << std::hex << address;
                out.push_back(text.str());
                return out.size() < most_findings;
            });
        }
    }
    ::close(memory);
    wire::secure_zero(window.data(), window.size());
    return out;
}

planted_secret::planted_secret(std::string_view start, std::size_t size) {
    masked_.reserve(size + beyond_small);
    for (std::size_t i = 0; i < size; ++i) {
        // One character at a time, so that no plain copy comes to be.
        auto one = i < start.size() ? std::string(1, start[i]) : planted_text({}, 1);
        masked_.push_back(masked_char(one.front()));
    }
}

planted_secret::planted_secret(std::string_view text) {
    masked_.reserve(text.size() + beyond_small);
    for (const char each : text) masked_.push_back(masked_char(each));
}

wire::secret planted_secret::reveal() const {
    wire::secret masked(masked_);
    // The secret's own memory, turned over in place.
    auto* const at = const_cast<char*>(masked.reveal().data());
    for (std::size_t i = 0; i < masked_.size(); ++i) at[i] = masked_char(at[i]);
    return masked;
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
