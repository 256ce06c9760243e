#include "odbc/config/profile.hpp"

#include <algorithm>

#include "odbc/text/odbc_types.hpp"

#include <odbcinst.h>

namespace irislink::odbc {
namespace {

constexpr std::size_t longest_buffer = std::size_t{1} << 20U;

// What the library has to say, however long: it cuts without telling, so a buffer that came back full
// is asked for again with more room.
wire::secret ask(const char* file, const char* section, const char* key) {
    for (std::size_t size = 4096;; size *= 4) {
        std::vector<char> out(size);
        const int got = SQLGetPrivateProfileString(section, key, "", out.data(), static_cast<int>(size), file);
        const auto length = got < 0 ? 0 : static_cast<std::size_t>(got);
        wire::secret answer({out.data(), std::min(length, size)});
        wire::secure_zero(out.data(), out.size());
        if (length + 2 < size || size >= longest_buffer) return answer;
    }
}

// Names come in one text, each with a zero behind it.
std::vector<std::string> names(const wire::secret& listed) {
    std::vector<std::string> out;
    const auto text = listed.reveal();
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\0', at), text.size());
        if (end > at) out.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

} // namespace

wire::secret profile_text(const char* file, const std::string& section, const std::string& key) {
    const auto answer = ask(file, section.c_str(), key.c_str());
    const auto whole = answer.reveal();
    return wire::secret(whole.substr(0, whole.find('\0')));
}

std::vector<std::string> profile_keys(const char* file, const std::string& section) {
    return names(ask(file, section.c_str(), nullptr));
}

std::vector<std::string> profile_sections(const char* file) {
    return names(ask(file, nullptr, nullptr));
}

} // namespace irislink::odbc
