// One Python process for all logins, so that what the matrix shows is the time of a login and not of an interpreter.

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>

#include "samples/demo/front.hpp"
#include "samples/demo/process.hpp"

namespace demo {
namespace {

using nlohmann::json;

std::string python_log;

class interpreter {
public:
    // Started by the first login, when the environment of Kerberos is set.
    interpreter() : child_(spawn_talking({IRISLINK_DEMO_PYTHON, IRISLINK_DEMO_PYTHON_FRONT}, python_log)) {}

    ~interpreter() {
        ::close(child_.input);
        ::close(child_.output);
        int status = 0;
        ::waitpid(child_.id, &status, 0);
    }

    interpreter(const interpreter&) = delete;
    interpreter& operator=(const interpreter&) = delete;

    [[nodiscard]] static interpreter& one() {
        static interpreter only;
        return only;
    }

    json ask(const json& request) {
        const auto line = request.dump() + "\n";
        if (::write(child_.input, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
            throw front_error("HY000", "Python has ended; see " + python_log);
        while (heard_.find('\n') == std::string::npos) {
            std::array<char, 4096> text{};
            const auto got = ::read(child_.output, text.data(), text.size());
            if (got <= 0) throw front_error("HY000", "Python has ended; see " + python_log);
            heard_.append(text.data(), static_cast<std::size_t>(got));
        }
        const auto end = heard_.find('\n');
        auto out = json::parse(heard_.substr(0, end));
        heard_.erase(0, end + 1);
        return out;
    }

private:
    child_process child_;
    std::string heard_;
};

std::vector<std::string> rows_of(const json& answer) {
    if (answer.contains("failed")) {
        const auto& failed = answer["failed"];
        throw front_error(failed[0], failed[1], failed[2]);
    }
    return answer.at("rows");
}

class python_session : public session {
public:
    explicit python_session(const login& in) : number_(++sessions) {
        auto answer = interpreter::one().ask({{"open", connection_string(in)}, {"asks", static_cast<bool>(in.code)}, {"session", number_}});
        if (answer.contains("code")) answer = interpreter::one().ask({{"code", in.code()}});
        (void)rows_of(answer);
    }

    ~python_session() override {
        try {
            (void)interpreter::one().ask({{"close", number_}});
        } catch (const std::exception&) {
            // The process has ended, and its connections with it.
        }
    }

    std::vector<std::string> ask(const std::string& sql) override { return rows_of(interpreter::one().ask({{"ask", sql}, {"session", number_}})); }

private:
    static inline int sessions = 0;
    int number_;
};

} // namespace

void declare_python_module(const std::string& path, const std::string& log) {
    ::setenv("PYTHONPATH", path.c_str(), 1);
    ::setenv("PYTHONDONTWRITEBYTECODE", "1", 1);
    python_log = log;
}

std::unique_ptr<session> open_by_python(const login& in) {
    return std::make_unique<python_session>(in);
}

} // namespace demo
