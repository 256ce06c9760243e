// Statements as programs write them: what the client looks at before it sends them.

#include <algorithm>
#include <string_view>

#include "driver/sql/call_scanner.hpp"
#include "driver/sql/scanner.hpp"
#include "tests/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace irislink;
    const std::string_view sql(reinterpret_cast<const char*>(data), size);
    const auto marks = static_cast<std::size_t>(std::ranges::count(sql, '?'));
    const auto statement = driver::scan_statement(sql);
    fuzz::require(statement.parameters <= marks, "a statement has no more parameters than question marks");
    const auto call = driver::scan_call(sql);
    if (!call) return 0;
    fuzz::require(!call->name.empty(), "a call names its procedure");
    fuzz::require(call->markers() <= marks, "a call has no more markers than question marks");
    std::size_t text = call->name.size();
    for (const auto& each : call->arguments) {
        fuzz::require(each.kind == driver::call_argument::form::literal || each.text.empty(), "literals alone have a text");
        text += each.text.size();
    }
    fuzz::require(text <= size, "no text comes out that did not go in");
    return 0;
}
