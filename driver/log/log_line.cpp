#include "driver/log/log_line.hpp"

namespace irislink::driver {
namespace {

constexpr std::size_t longest_value = 1000;

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

} // namespace

void log_line::append(std::string_view key, std::string_view value) {
    static constexpr char digits[] = "0123456789abcdef";
    if (!text_.empty()) text_.push_back(' ');
    text_.append(key).push_back('=');
    const bool cut = value.size() > longest_value;
    value = value.substr(0, longest_value);
    bool plain = !value.empty();
    for (const char c : value) plain = plain && !is_control(c) && c != ' ' && c != '"' && c != '=' && c != '\\';
    if (plain) {
        text_.append(value);
    } else {
        text_.push_back('"');
        for (const char c : value) {
            if (c == '"' || c == '\\') text_.push_back('\\');
            if (is_control(c)) {
                text_.append("\\x");
                text_.push_back(digits[static_cast<unsigned char>(c) >> 4U]);
                text_.push_back(digits[static_cast<unsigned char>(c) & 0xFU]);
            } else {
                text_.push_back(c);
            }
        }
        text_.push_back('"');
    }
    if (cut) text_.append("...");
}

} // namespace irislink::driver
