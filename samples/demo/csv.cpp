#include "samples/demo/csv.hpp"

#include <fstream>
#include <stdexcept>

namespace demo {
namespace {

std::vector<std::string> fields_of(const std::string& line) {
    std::vector<std::string> out(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
            out.back().push_back(line[++i]);
        } else if (line[i] == '"') {
            quoted = !quoted;
        } else if (line[i] == ',' && !quoted) {
            out.emplace_back();
        } else {
            out.back().push_back(line[i]);
        }
    }
    return out;
}

} // namespace

std::vector<std::vector<std::string>> read_csv(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + file.string());
    std::vector<std::vector<std::string>> out;
    std::string line;
    std::size_t width = 0;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        while (!line.empty() && line.back() == '\r') line.pop_back();
        if (line.empty()) continue;
        auto row = fields_of(line);
        if (width == 0) {
            width = row.size();
            continue;
        }
        if (row.size() != width) throw std::runtime_error(file.string() + " line " + std::to_string(number) + " has " + std::to_string(row.size()) + " fields");
        out.push_back(std::move(row));
    }
    return out;
}

} // namespace demo
