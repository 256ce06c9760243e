// Uses the installed client as a stranger would: package_test TARGET.
#include <cstdint>
#include <iostream>
#include <irislink/irislink.hpp>

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    irislink::connection db{irislink::connect_options(argv[1])};
    auto rows = db.query("SELECT 6 * 7");
    if (!rows.next()) return 1;
    const auto answer = rows.current().get<std::int64_t>(0);
    std::cout << answer << "\n";
    return answer == 42 ? 0 : 1;
}
