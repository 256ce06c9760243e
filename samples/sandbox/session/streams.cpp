#include "samples/sandbox/session/streams.hpp"

#include "wire/codec/charset.hpp"

namespace irislink::sandbox {

std::string stream_table::add(stream value) {
    auto handle = "%%stream:" + std::to_string(next_++);
    streams_[handle] = std::move(value);
    return handle;
}

stream* stream_table::find(std::string_view handle) {
    const auto found = streams_.find(handle);
    return found == streams_.end() ? nullptr : &found->second;
}

const stream* stream_table::find(std::string_view handle) const {
    const auto found = streams_.find(handle);
    return found == streams_.end() ? nullptr : &found->second;
}

void stream_table::close(std::string_view handle) {
    const auto found = streams_.find(handle);
    if (found != streams_.end()) streams_.erase(found);
}

void stream_table::close_statement(std::uint32_t statement) {
    std::erase_if(streams_, [statement](const auto& each) { return each.second.statement == statement; });
}

void stream_table::close_rows(std::uint32_t statement) {
    std::erase_if(streams_, [statement](const auto& each) { return each.second.statement == statement && !each.second.uploaded; });
}

void stream_table::close_executed(std::uint32_t statement) {
    std::erase_if(streams_, [statement](const auto& each) { return each.second.statement == statement || (each.second.uploaded && each.second.used); });
}

std::size_t text_units(std::string_view utf8) {
    return wire::utf16_length(utf8).value_or(utf8.size());
}

std::size_t bytes_of_units(std::string_view utf8, std::size_t from, std::size_t units) {
    std::size_t at = from;
    while (at < utf8.size() && units > 0) {
        std::size_t after = at;
        const auto c = wire::next_utf8(utf8, after);
        const std::size_t width = c && *c >= 0x10000 ? 2 : 1;
        if (width > units) break;
        units -= width;
        at = c ? after : at + 1;
    }
    return at - from;
}

} // namespace irislink::sandbox
