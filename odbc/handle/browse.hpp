#pragma once
// What SQLBrowseConnect has been told so far, and what it asks for next. Its two strings are those of the
// reference's page on SQLBrowseConnect: requests are KEYWORD=value;..., results [*]KEYWORD:words=?;... with
// {one,of,these} in place of ? where there is a choice and a star where an answer is not needed. No value
// that was given is ever repeated. Not thread-safe: the connection's lock protects it.

#include <string>
#include <string_view>
#include <vector>

#include "irislink/options.hpp"
#include "odbc/diag/diag_area.hpp"
#include "wire/codec/secret.hpp"

namespace irislink::driver {
struct keyword;
}

namespace irislink::odbc {

class browse_dialogue {
public:
    // The first request; it may hold any keyword. Throws error for what cannot be used, such as a data
    // source that there is none of.
    explicit browse_dialogue(std::string_view request, diag_area& diag);

    // A later one. What was not asked for is left out, with 01S00.
    void answer(std::string_view request, diag_area& diag);

    // The result string; empty when the connection can be made. Throws error for settings that contradict
    // each other.
    [[nodiscard]] std::string ask();

    // From now on the code alone is missing: what to ask for, and the code of a request, empty when it
    // holds none.
    [[nodiscard]] std::string ask_for_code();
    [[nodiscard]] wire::secret code(std::string_view request, diag_area& diag) const;

    [[nodiscard]] bool code_is_due() const noexcept { return code_is_due_; }

    [[nodiscard]] const connect_options& options() const noexcept { return options_; }

private:
    struct question;

    [[nodiscard]] std::string put(const std::vector<question>& questions);
    [[nodiscard]] bool is_asked(const driver::keyword& row) const;
    void leave_out(std::string_view keyword, diag_area& diag) const;

    connect_options options_;
    std::vector<const driver::keyword*> asked_;
    bool code_is_due_{false};
};

} // namespace irislink::odbc
