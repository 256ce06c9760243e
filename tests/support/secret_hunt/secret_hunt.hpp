#pragma once
// Looks for secrets where none may be: logs, traces, error texts, recorded bytes, memory. Each secret is
// looked for in every shape it could have taken on its way: as it is, scrambled as the login message
// does it (wire-session 4.4.1), in UTF-16, in base 64 at all three alignments, and each of these in
// hexadecimal.
//
// What is looked for is kept XORed, so that a scan of this process's own memory finds copies of others
// and not this one. Not thread-safe while secrets are added; hunts may run side by side.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace irislink::test {

class secret_hunt {
public:
    // `name` is what a finding is called by. The caller's text is the caller's to wipe. Shapes shorter
    // than `shortest` bytes are not looked for: they would turn up by chance.
    void add(const std::string& name, std::string_view secret, std::size_t shortest = 5);

    // The names and shapes of what is in `bytes`, each once: "password (UTF-16)". Empty: nothing is.
    [[nodiscard]] std::vector<std::string> found_in(std::string_view bytes) const;

    // The same for all writable memory of this process that was not mapped from a file read-only.
    // Lists where, too: "password (plain) in [heap]". Reads /proc/self; throws std::runtime_error.
    [[nodiscard]] std::vector<std::string> found_in_memory() const;

    // The memory this object keeps what it looks for in.
    [[nodiscard]] std::size_t shapes() const noexcept { return shapes_.size(); }

private:
    struct shape {
        std::string name;
        std::string masked;
    };

    void add_shape(const std::string& name, std::string& bytes, std::size_t shortest);
    [[nodiscard]] static std::size_t find(std::string_view in, const shape& wanted, std::size_t from = 0);

    std::vector<shape> shapes_;
};

// What a test plants: `size` random letters and digits that begin with `start`, the same only by chance
// elsewhere.
[[nodiscard]] std::string planted_text(std::string_view start, std::size_t size);

} // namespace irislink::test
