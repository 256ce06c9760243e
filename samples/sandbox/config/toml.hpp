#pragma once
// toml++, which asserts, and in a release build assumes, what a broken file can violate (3.x, the start of
// a key within an unfinished array). Here such a file is an error like any other.

#include <stdexcept>

namespace irislink::sandbox {

struct broken_toml : std::runtime_error {
    broken_toml() : std::runtime_error("the file is broken: an array, table or text is not closed") {}
};

[[noreturn]] inline void throw_broken_toml() {
    throw broken_toml();
}

} // namespace irislink::sandbox

#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_HEADER_ONLY 1 // the library in Debian is built without what follows
#define TOML_ASSERT(expr) (static_cast<bool>(expr) ? void() : ::irislink::sandbox::throw_broken_toml())
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")
