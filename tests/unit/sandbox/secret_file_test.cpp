#include "samples/sandbox/auth/secret_file.hpp"

#include <gtest/gtest.h>
#include <malloc.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <new>
#include <string>

namespace {

constexpr std::string_view key_piece = "shared key of the test, ";
bool watching = false;
int left_behind = 0;

} // namespace

// The allocator of this program looks into what is given back while a test asks it to.
void* operator new(std::size_t size) {
    if (void* const out = std::malloc(size)) return out;
    throw std::bad_alloc();
}

void operator delete(void* memory) noexcept {
    if (watching && memory != nullptr) {
        const std::string_view bytes(static_cast<const char*>(memory), ::malloc_usable_size(memory));
        if (bytes.find(key_piece) != std::string_view::npos) ++left_behind;
    }
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
    operator delete(memory);
}

namespace irislink::sandbox {
namespace {

// Written without a stream, whose buffer would keep what this test looks for.
class file_of {
public:
    explicit file_of(std::string_view text) {
        const int file = ::mkstemp(name_.data());
        EXPECT_EQ(::write(file, text.data(), text.size()), static_cast<ssize_t>(text.size()));
        ::close(file);
    }

    ~file_of() { std::filesystem::remove(name_); }

    file_of(const file_of&) = delete;
    file_of& operator=(const file_of&) = delete;

    [[nodiscard]] const std::string& name() const { return name_; }

private:
    std::string name_{"/tmp/irislink-secret-XXXXXX"};
};

TEST(SecretFile, IsReadWhole) {
    for (const std::size_t size : {0U, 1U, 4095U, 4096U, 4097U, 100'000U}) {
        std::string text(size, 'x');
        for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 31 % 256);
        const auto got = read_secret_file(file_of(text).name());
        ASSERT_TRUE(got);
        EXPECT_EQ(got->reveal(), text);
    }
}

TEST(SecretFile, ThatCannotBeReadIsNone) {
    EXPECT_FALSE(read_secret_file("/tmp/irislink-no-such-file"));
    EXPECT_FALSE(read_secret_file("/tmp"));
}

TEST(SecretFile, IsOverwrittenBeforeItsMemoryIsGivenBack) {
    // Longer than one step of the buffer that it is read into.
    std::string text;
    while (text.size() < 6000) text += key_piece;
    const file_of file(text);
    wire::secure_zero(text.data(), text.size());
    left_behind = 0;
    watching = true;
    const auto got = read_secret_file(file.name());
    watching = false;
    ASSERT_TRUE(got);
    EXPECT_TRUE(got->reveal().starts_with(key_piece));
    EXPECT_EQ(left_behind, 0);
    // The watch itself works.
    auto copy = std::make_unique<std::string>(got->reveal());
    watching = true;
    copy.reset();
    watching = false;
    EXPECT_EQ(left_behind, 1);
}

} // namespace
} // namespace irislink::sandbox
