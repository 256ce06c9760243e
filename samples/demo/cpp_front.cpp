#include "irislink/irislink.hpp"
#include "samples/demo/front.hpp"

namespace demo {
namespace {

irislink::connect_options options_of(const login& in) {
    irislink::connect_options out(connection_string(in));
    if (in.code) out.two_factor(in.code);
    return out;
}

// Runs `work`; what the client says becomes what a front says.
template <class Work> auto told(const Work& work) {
    try {
        return work();
    } catch (const irislink::error& failed) {
        const auto words = failed.hint().empty() ? failed.text() : failed.text() + " (" + failed.hint() + ")";
        throw front_error(failed.sqlstate(), words, std::string(to_string(failed.step())));
    }
}

class cpp_session : public session {
public:
    explicit cpp_session(const login& in) : db_(options_of(in)) {}

    std::vector<std::string> ask(const std::string& sql) override {
        return told([&] {
            std::vector<std::string> lines;
            auto rows = db_.query(sql);
            while (rows.next()) {
                std::string line;
                for (std::size_t i = 0; i < rows.columns().size(); ++i) line += (i > 0 ? ", " : "") + rows.current().text(i).value_or("NULL");
                lines.push_back(std::move(line));
            }
            return lines;
        });
    }

private:
    irislink::connection db_;
};

} // namespace

std::unique_ptr<session> open_by_cpp(const login& in) {
    return told([&]() -> std::unique_ptr<session> { return std::make_unique<cpp_session>(in); });
}

} // namespace demo
