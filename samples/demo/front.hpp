#pragma once
// What a program can log in through: one object per front. A login says what a user would write, once for
// all fronts.

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "samples/demo/sandbox_process.hpp"

namespace demo {

struct login {
    std::string user;                                          // who one is once logged in
    std::vector<std::pair<std::string, std::string>> keywords; // of docs/configuration.md
    std::function<std::string()> code;                         // gives the one-time code when the server asks; empty: the keywords do
};

[[nodiscard]] login by_password(const sandbox_process& sandbox, const std::string& user, const std::string& password = "demo-password");

// "Server=127.0.0.1;Port=1972;...": the keywords as every front takes them.
[[nodiscard]] std::string connection_string(const login& in);

// What a front said when something failed.
class front_error : public std::runtime_error {
public:
    // `words` are the text and, in parentheses, what to do about it; `step` is empty where a front does not tell it.
    front_error(std::string sqlstate, const std::string& words, std::string step = {})
        : std::runtime_error(words), sqlstate_(std::move(sqlstate)), step_(std::move(step)) {}

    [[nodiscard]] const std::string& sqlstate() const noexcept { return sqlstate_; }

    [[nodiscard]] const std::string& step() const noexcept { return step_; }

private:
    std::string sqlstate_;
    std::string step_;
};

// A connection that is logged in, and ends with the object. Throws front_error.
class session {
public:
    session() = default;
    virtual ~session() = default;
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    // The rows of the answer as text, each as one line: "WA, 61.5".
    [[nodiscard]] virtual std::vector<std::string> ask(const std::string& sql) = 0;
};

struct front {
    std::string name;
    std::string tag;                                            // of the users that are its own
    std::function<std::unique_ptr<session>(const login&)> open; // throws front_error; empty: not built yet, and shown so
};

// Declares `driver`, a path, to the driver manager of this process in `folder`, by environment variables.
void declare_odbc_driver(const std::string& driver, const std::string& folder);
// Declares the folder of the package `irislink` to Python programs; `log` gets what they say on standard error.
void declare_python_module(const std::string& path, const std::string& log);
[[nodiscard]] std::unique_ptr<session> open_by_python(const login& in);
[[nodiscard]] std::unique_ptr<session> open_by_odbc(const login& in);
[[nodiscard]] std::unique_ptr<session> open_by_cpp(const login& in);

// In the order of the matrix.
[[nodiscard]] const std::vector<front>& fronts();

} // namespace demo
