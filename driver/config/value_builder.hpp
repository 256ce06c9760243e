#pragma once
// Where the parsers of settings put a value together: any value may be a password.

#include <cstddef>
#include <vector>

#include "wire/codec/secret.hpp"

namespace irislink::driver {

// A value while it is put together. It never grows, and is wiped.
class value_builder {
public:
    explicit value_builder(std::size_t longest) { text_.reserve(longest); }

    ~value_builder() { wire::secure_zero(text_.data(), text_.size()); }

    value_builder(const value_builder&) = delete;
    value_builder& operator=(const value_builder&) = delete;

    void push_back(char c) { text_.push_back(c); }

    [[nodiscard]] wire::secret take() const { return wire::secret({text_.data(), text_.size()}); }

private:
    std::vector<char> text_;
};

} // namespace irislink::driver
