#pragma once
// secret: a password, token, one-time code or passphrase. It cannot be copied by accident, printed
// or converted to a string; its memory is overwritten when it goes. reveal() is the one way to the
// text and is easy to search for. Not thread-safe; move it or share it behind a shared_ptr<const>.

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace irislink::wire {

// Overwrites memory in a way the optimiser may not drop.
inline void secure_zero(void* memory, std::size_t size) noexcept {
    auto* at = static_cast<volatile unsigned char*>(memory);
    while (size-- != 0) *at++ = 0;
}

class secret {
public:
    secret() = default;

    explicit secret(std::string_view text) : text_(text.begin(), text.end()) {}

    secret(const secret&) = delete;
    secret& operator=(const secret&) = delete;

    secret(secret&& other) noexcept : text_(std::exchange(other.text_, {})) {}

    secret& operator=(secret&& other) noexcept {
        if (this != &other) {
            wipe();
            text_ = std::exchange(other.text_, {});
        }
        return *this;
    }

    ~secret() { wipe(); }

    // An explicit second copy, for the rare owner that must keep one (a pool's policy).
    [[nodiscard]] secret clone() const { return secret(reveal()); }

    [[nodiscard]] std::string_view reveal() const noexcept { return {text_.data(), text_.size()}; }

    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

    void wipe() noexcept {
        if (!text_.empty()) secure_zero(text_.data(), text_.size());
        text_.clear();
    }

    friend bool operator==(const secret& left, const secret& right) noexcept { return left.text_ == right.text_; }

private:
    // A vector and not a string: a string's small buffer is copied by moves and left behind unwiped.
    std::vector<char> text_;
};

} // namespace irislink::wire
