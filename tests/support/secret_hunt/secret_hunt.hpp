#pragma once
// Looks for secrets where none may be: logs, traces, error texts, recorded bytes, memory. Each secret is
// looked for in every shape it could have taken on its way: as it is, scrambled as the login message
// does it (wire-session 4.4.1), in UTF-16, in base 64 at all three alignments, and each of these in
// hexadecimal.
//
// What is looked for is kept XORed, so that a scan of this process's own memory finds copies of others
// and not this one. Not thread-safe while secrets are added; hunts may run side by side.

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "wire/codec/secret.hpp"

namespace irislink::test {

class secret_hunt {
public:
    // `name` is what a finding is called by. The caller's text is the caller's to wipe. Shapes shorter
    // than `shortest` bytes are not looked for: they would turn up by chance.
    void add(const std::string& name, std::string_view secret, std::size_t shortest = 5);

    // Parts of it as well, in all shapes but base 64 and hexadecimal: whatever is left of a copy that was
    // partly overwritten, as freed memory is, if it has `size` + 3 characters in a row.
    void add_pieces(const std::string& name, std::string_view secret, std::size_t size);

    // The names and shapes of what is in `bytes`, each once: "password (UTF-16)". Empty: nothing is.
    [[nodiscard]] std::vector<std::string> found_in(std::string_view bytes) const;

    // The name of something that is in `bytes`, or null. Takes no memory: an allocator may ask it.
    [[nodiscard]] const char* first_in(std::string_view bytes) const noexcept;

    // The same for all writable memory of a process, this one when `process` is 0. Says where, too:
    // "password (plain) in [heap] at 5581...". Mappings beyond 16 GiB, which are a sanitizer's books, are
    // left out. Reads /proc; throws std::runtime_error.
    [[nodiscard]] std::vector<std::string> found_in_memory(pid_t process = 0) const;

private:
    struct shape {
        std::string name;
        std::string masked;
    };

    void add_shape(const std::string& name, std::string& bytes, std::size_t shortest);
    // Calls `found(shape's number, where)` for every one of them in one pass, until that says false.
    template <class Found> void search(std::string_view in, Found found) const;

    std::vector<shape> shapes_;
    std::unordered_map<std::uint16_t, std::vector<std::uint32_t>> by_start_; // by the first two bytes
    std::vector<std::uint8_t> starts_ = std::vector<std::uint8_t>(65'536);   // whether there is one in there
};

// A secret that a test plants and then looks for in its own memory: it is kept XORed, and lives in plain
// only while it is used, in memory that is wiped.
class planted_secret {
public:
    // `size` characters that begin with `start`.
    planted_secret(std::string_view start, std::size_t size);
    // The caller wipes its text.
    explicit planted_secret(std::string_view text);

    template <class Use> auto use(Use how) const {
        const wire::secret plain = reveal();
        return how(plain.reveal());
    }

private:
    [[nodiscard]] wire::secret reveal() const;

    std::string masked_;
};

// What a test plants `size` random letters and digits that begin with `start`, the same only by chance
// elsewhere.
[[nodiscard]] std::string planted_text(std::string_view start, std::size_t size);

} // namespace irislink::test
