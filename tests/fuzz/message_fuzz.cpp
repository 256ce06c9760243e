// Every decoder of one exchange (IRISLINK_EXCHANGE): what it accepts can be written and read again, and
// memory stays in proportion to the input.
//
// Input: format bits (fuzz_support.hpp; bits 4 and 5 are the OUTPUT items of an MS reply), the number of
// the message in its exchange, then the body.

#include "tests/fuzz/fuzz_support.hpp"
#include "tests/support/wire/exchanges.hpp"

namespace {

using exchange = irislink::test::exchanges::IRISLINK_EXCHANGE;

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace irislink;
    fuzz::input in(data, size);
    const unsigned bits = in.byte();
    const auto format = fuzz::format_of(bits);
    const std::size_t wanted = in.byte() % std::tuple_size_v<exchange>;
    std::size_t number = 0;
    test::for_each_message<exchange>([&]<class M>() {
        if (number++ != wanted) return;
        bool accepted = false;
        const auto problem = test::round_trip_problem<M>(in.rest(), format, accepted, bits >> 4U & 3U);
        fuzz::require(problem.empty(), problem.c_str());
    });
    return 0;
}
