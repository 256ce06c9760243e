#pragma once
// One value in pieces, for LONGVARCHAR and LONGVARBINARY columns of any length: memory holds one piece
// of at most 64 Ki characters. Made by result::open_stream(); good until the next row is read, after
// which reading is error 24000. Blocking connections only. Belongs to the thread of its result. Source: wire-sql 4.2.

#include <cstddef>
#include <memory>
#include <span>

#include "irislink/error.hpp"

namespace irislink {

class connection;

namespace driver {
class session;
struct long_value;
} // namespace driver

class value_stream {
public:
    value_stream() = default;

    // The number of bytes put into `into`; 0 at the end. Text is UTF-8 and comes in whole characters: a
    // buffer that has no room for the next one is error HY090. Throws error.
    std::size_t read(std::span<char> into);

    std::size_t read(std::span<std::byte> into) { return read(std::span<char>(reinterpret_cast<char*>(into.data()), into.size())); }

    std::size_t read(std::span<char> into, std::error_code& failed, diagnostics& why) {
        return detail::returning_errors(failed, why, [&] { return read(into); });
    }

    std::size_t read(std::span<std::byte> into, std::error_code& failed, diagnostics& why) {
        return detail::returning_errors(failed, why, [&] { return read(into); });
    }

    // Bytes as they are, not text.
    [[nodiscard]] bool is_binary() const noexcept;
    // Certain after the first read.
    [[nodiscard]] bool is_null() const noexcept;

private:
    friend class connection;
    friend class result;
    value_stream(std::shared_ptr<driver::session> session, std::shared_ptr<driver::long_value> source);

    std::shared_ptr<driver::session> session_;
    std::shared_ptr<driver::long_value> value_;
};

} // namespace irislink
