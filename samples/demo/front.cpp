#include "samples/demo/front.hpp"

namespace demo {

login by_password(const sandbox_process& sandbox, const std::string& user, const std::string& password) {
    return {user, {{"Server", "127.0.0.1"}, {"Port", std::to_string(sandbox.port())}, {"Database", "USER"}, {"UID", user}, {"PWD", password}}, {}};
}

std::string connection_string(const login& in) {
    std::string out;
    for (const auto& [keyword, value] : in.keywords) {
        out += keyword + "={";
        for (const char c : value) out += c == '}' ? std::string("}}") : std::string(1, c);
        out += "};";
    }
    return out;
}

const std::vector<front>& fronts() {
#ifdef IRISLINK_DEMO_PYTHON_FRONT
    const auto python = open_by_python;
#else
    const decltype(front::open) python;
#endif
    static const std::vector<front> all{{"ODBC", "odbc", open_by_odbc}, {"C++", "cpp", open_by_cpp}, {"Python", "python", python}};
    return all;
}

} // namespace demo
