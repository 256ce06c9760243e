#include "wire/error/errc.hpp"

#include <string>

namespace irislink::wire {
namespace {

class category final : public std::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "irislink.wire"; }

    [[nodiscard]] std::string message(int value) const override {
        switch (static_cast<wire_errc>(value)) {
        case wire_errc::truncated: return "the message ends inside an element";
        case wire_errc::trailing_bytes: return "bytes are left over after the end of the message";
        case wire_errc::bad_item: return "malformed list item header";
        case wire_errc::unknown_item_code: return "unknown list item type code";
        case wire_errc::bad_value: return "a list item does not hold the value its field needs";
        case wire_errc::out_of_range: return "a number is outside the range of its field";
        case wire_errc::bad_text: return "text is not valid in its encoding";
        case wire_errc::limit_exceeded: return "a length or count exceeds the configured limit";
        case wire_errc::unexpected_message: return "unexpected message";
        case wire_errc::sequence_mismatch: return "message sequencing error: the reply does not belong to the request";
        case wire_errc::bad_continuation: return "malformed continuation frames";
        case wire_errc::unsupported_version: return "unsupported protocol version";
        }
        return "unknown protocol error";
    }
};

} // namespace

const std::error_category& wire_category() noexcept {
    static const category instance;
    return instance;
}

std::error_code make_error_code(wire_errc code) noexcept {
    return {static_cast<int>(code), wire_category()};
}

} // namespace irislink::wire
