#pragma once
// What the fuzz targets share. A broken promise aborts, which libFuzzer and CTest both see.

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "wire/codec/bytes.hpp"
#include "wire/codec/format.hpp"

namespace irislink::fuzz {

inline void require(bool kept, const char* promise) {
    if (kept) return;
    std::fprintf(stderr, "broken: %s\n", promise);
    std::abort();
}

// The bytes of one input: control bytes from the front, the rest as data.
class input {
public:
    input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

    // The next control byte, 0 when there is none.
    unsigned byte() {
        if (size_ == 0) return 0;
        --size_;
        return *data_++;
    }

    [[nodiscard]] wire::bytes_view rest() const { return {reinterpret_cast<const std::byte*>(data_), size_}; }

private:
    const std::uint8_t* data_;
    std::size_t size_;
};

// The session format a control byte stands for (make_seeds.py writes the same bits).
inline wire::session_format format_of(unsigned bits) {
    wire::session_format out;
    out.unicode = (bits & 1U) == 0;
    out.compact_double = (bits & 2U) != 0;
    if (!out.unicode) out.locale = (bits & 4U) != 0 ? wire::charset::cp1251 : wire::charset::latin9;
    if ((bits & 8U) != 0) out.features |= wire::feature::fast_select;
    if ((bits & 64U) != 0) out.features |= wire::feature::fast_insert;
    return out;
}

} // namespace irislink::fuzz
