#include "irislink/value_stream.hpp"

#include "driver/session/long_value.hpp"
#include "driver/session/session.hpp"

namespace irislink {

value_stream::value_stream(std::shared_ptr<driver::session> session, std::shared_ptr<driver::long_value> source)
    : session_(std::move(session)), value_(std::move(source)) {}

std::size_t value_stream::read(std::span<char> into) {
    if (!value_) throw error(diagnostic{errc::out_of_sequence, "24000", 0, step::fetch, "The stream is not open", "Use result::open_stream().", false, 0});
    if (value_->ended && value_->left().empty()) return 0;
    return session_->run<std::size_t>(session_->read_long_some(value_, into), step::fetch);
}

bool value_stream::is_binary() const noexcept {
    return value_ && value_->binary;
}

bool value_stream::is_null() const noexcept {
    return value_ && value_->null;
}

} // namespace irislink
