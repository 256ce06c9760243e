// Runs a fuzz target on files: the corpus as an ordinary test where libFuzzer is not linked. Every
// prefix of every file is run too, from memory of exactly its size.
//
//   fuzz_<target> FILE-OR-DIRECTORY...

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

bool run_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        std::fprintf(stderr, "cannot read %s\n", path.c_str());
        return false;
    }
    const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
    const std::size_t step = bytes.size() > 4096 ? bytes.size() / 256 : 1;
    for (std::size_t size = 0; size < bytes.size(); size += step) {
        const std::vector<std::uint8_t> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
        LLVMFuzzerTestOneInput(cut.data(), cut.size());
    }
    const std::vector<std::uint8_t> whole(bytes.begin(), bytes.end());
    LLVMFuzzerTestOneInput(whole.data(), whole.size());
    return true;
}

} // namespace

int main(int argc, char** argv) {
    namespace fs = std::filesystem;
    std::size_t files = 0;
    for (int i = 1; i < argc; ++i) {
        const fs::path path = argv[i];
        if (fs::is_directory(path)) {
            for (const auto& entry : fs::directory_iterator(path)) {
                if (!entry.is_regular_file()) continue;
                if (!run_file(entry.path())) return 1;
                ++files;
            }
        } else {
            if (!run_file(path)) return 1;
            ++files;
        }
    }
    std::printf("%zu inputs\n", files);
    if (files == 0) std::fprintf(stderr, "no inputs: the corpus is missing\n");
    return files == 0 ? 1 : 0;
}
