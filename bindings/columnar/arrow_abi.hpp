#pragma once
// The Arrow C data interface and C stream interface: three structs that every Arrow library knows, so that
// tables pass between libraries without a copy and without linking one. Their layout is a public ABI
// (arrow.apache.org, "The Arrow C data interface"); the include guards are those it asks for, so that a program
// that has another copy of them sees one.
//
// Ownership: whoever fills a struct sets `release`; whoever receives it calls that once, or moves the struct
// (copies it and sets the original's `release` to null). A struct with a null `release` holds nothing.

#include <cstdint>

extern "C" {

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
    const char* format;
    const char* name;
    const char* metadata;
    std::int64_t flags;
    std::int64_t n_children;
    struct ArrowSchema** children;
    struct ArrowSchema* dictionary;
    void (*release)(struct ArrowSchema*);
    void* private_data;
};

struct ArrowArray {
    std::int64_t length;
    std::int64_t null_count;
    std::int64_t offset;
    std::int64_t n_buffers;
    std::int64_t n_children;
    const void** buffers;
    struct ArrowArray** children;
    struct ArrowArray* dictionary;
    void (*release)(struct ArrowArray*);
    void* private_data;
};

#endif

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

// get_schema and get_next give 0 or an errno, get_last_error the words for the last of those.
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
    int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out); // a released array at the end
    const char* (*get_last_error)(struct ArrowArrayStream*);
    void (*release)(struct ArrowArrayStream*);
    void* private_data;
};

#endif
}

namespace irislink::columnar {

// One of the three, released when it goes unless it was given away.
template <class Struct> class owned {
public:
    owned() = default;

    owned(owned&& other) noexcept : held_(other.held_) { other.held_.release = nullptr; }

    owned& operator=(owned&& other) noexcept {
        if (this != &other) {
            reset();
            held_ = other.held_;
            other.held_.release = nullptr;
        }
        return *this;
    }

    owned(const owned&) = delete;
    owned& operator=(const owned&) = delete;

    ~owned() { reset(); }

    void reset() noexcept {
        if (held_.release != nullptr) held_.release(&held_);
        held_ = {};
    }

    // To be filled; what was there is released.
    [[nodiscard]] Struct* out() noexcept {
        reset();
        return &held_;
    }

    // Moves it into `to`, which is overwritten.
    void give(Struct* to) noexcept {
        *to = held_;
        held_ = {};
    }

    [[nodiscard]] bool empty() const noexcept { return held_.release == nullptr; }

    [[nodiscard]] Struct& operator*() noexcept { return held_; }

    [[nodiscard]] Struct* operator->() noexcept { return &held_; }

    [[nodiscard]] const Struct& operator*() const noexcept { return held_; }

    [[nodiscard]] const Struct* operator->() const noexcept { return &held_; }

private:
    Struct held_{};
};

using owned_schema = owned<ArrowSchema>;
using owned_array = owned<ArrowArray>;
using owned_stream = owned<ArrowArrayStream>;

} // namespace irislink::columnar
