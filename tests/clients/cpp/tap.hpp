#pragma once
// TAP for the clients written in C++.
#include <cstdio>
#include <functional>
#include <sstream>
#include <string>

namespace tap {

inline int cases = 0;
inline int bad = 0;

template <class A, class B> void check(const char* name, const A& got, const B& wanted) {
    ++cases;
    if (got == wanted) {
        std::printf("ok %d - %s\n", cases, name);
    } else {
        ++bad;
        std::ostringstream told;
        told << "# got " << got << "\n# wanted " << wanted;
        std::printf("not ok %d - %s\n%.600s\n", cases, name, told.str().c_str());
    }
    std::fflush(stdout);
}

// Over 1 MiB of UTF-8, with letters of one, two and four bytes.
inline std::string big() {
    std::string out;
    for (int i = 0; i < 60'000; ++i) out += "line " + std::to_string(i) + " Ж😀;";
    return out;
}

inline int done(int planned) {
    std::printf("1..%d\n", planned);
    return bad == 0 ? 0 : 1;
}

} // namespace tap
