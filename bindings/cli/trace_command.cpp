// irislink trace: the file of the Trace keyword, or a recorded session in the same form: one JSON object
// a line, {"t": seconds, "dir": "C" or "S", "hex": bytes}, the first with "client" and "what".

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "bindings/cli/commands.hpp"
#include "bindings/cli/trace_reader.hpp"

namespace irislink::cli {
namespace {

bool from_hex(const std::string& text, wire::byte_buffer& out) {
    if (text.size() % 2 != 0) return false;
    const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = digit(text[i]);
        const int low = digit(text[i + 1]);
        if (high < 0 || low < 0) return false;
        out.push_back(static_cast<std::byte>(high * 16 + low));
    }
    return true;
}

std::string text_of(const nlohmann::json& line, const char* name) {
    const auto found = line.find(name);
    return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// An empty text when the line was understood, else what is wrong with it.
std::string read_line(const std::string& text, std::optional<trace_reader>& reader) {
    const auto line = nlohmann::json::parse(text, nullptr, false);
    if (!line.is_object()) return "is not a JSON object";
    if (!line.contains("hex")) {
        if (!line.contains("client") && !line.contains("what")) return "holds no message";
        std::cout << "# " << text_of(line, "client") << ": " << text_of(line, "what") << "\n";
        reader.emplace(std::cout);
        return {};
    }
    wire::byte_buffer bytes;
    if (!from_hex(text_of(line, "hex"), bytes)) return "holds no bytes";
    const auto time = line.contains("t") && line["t"].is_number() ? line["t"].get<double>() : 0.0;
    const auto direction = text_of(line, "dir");
    if (direction != "C" && direction != "S") return "has no direction";
    if (line.contains("withheld")) {
        if (bytes.size() != wire::frame_header_size || !line["withheld"].is_number_unsigned()) return "holds no message";
        reader->withheld(
            time, direction == "C", wire::decode_header(wire::bytes_view(bytes).first<wire::frame_header_size>()), line["withheld"].get<std::size_t>()
        );
        return {};
    }
    return reader->feed(time, direction == "C", bytes) ? std::string() : "holds bytes that are no message";
}

} // namespace

int run_trace(const std::string& file) {
    std::ifstream in(file);
    if (!in) {
        std::cerr << "irislink: cannot read " << file << "\n";
        return 2;
    }
    std::optional<trace_reader> reader;
    reader.emplace(std::cout);
    std::string text;
    for (std::size_t number = 1; std::getline(in, text); ++number) {
        if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
        if (const auto wrong = read_line(text, reader); !wrong.empty()) {
            std::cout.flush();
            std::cerr << "irislink: line " << number << " of " << file << " " << wrong << "\n";
            return 2;
        }
    }
    return 0;
}

} // namespace irislink::cli
