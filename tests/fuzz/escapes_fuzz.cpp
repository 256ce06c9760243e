// ODBC's escape clauses: what is rewritten once is left alone from then on.

#include <string>
#include <string_view>

#include "odbc/diag/odbc_error.hpp"
#include "odbc/text/escapes.hpp"
#include "tests/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace irislink;
    const std::string_view sql(reinterpret_cast<const char*>(data), size);
    std::string once;
    try {
        once = odbc::rewrite_escapes(sql);
    } catch (const odbc::odbc_error&) {
        return 0;
    }
    fuzz::require(once.size() <= size, "nothing is added");
    fuzz::require(odbc::rewrite_escapes(once) == once, "what was rewritten stays as it is");
    return 0;
}
