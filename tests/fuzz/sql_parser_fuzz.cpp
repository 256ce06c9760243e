// The sandbox's SQL parser on arbitrary text: a tree or an sql_error, never anything else.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "samples/sandbox/sql/parser.hpp"
#include "samples/sandbox/sql/sql_error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        (void)irislink::sandbox::sql::parse({reinterpret_cast<const char*>(data), size});
    } catch (const irislink::sandbox::sql::sql_error&) {
        // What is not SQL is said to be none.
    }
    return 0;
}
