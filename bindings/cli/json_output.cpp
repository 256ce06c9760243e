#include "bindings/cli/json_output.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

namespace irislink::cli {
namespace {

std::string json_text(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// JSON wants a digit before the point and none of ".5", "-.5".
std::string json_number(std::string text) {
    const std::size_t sign = text.starts_with('-') ? 1 : 0;
    if (text.substr(sign).starts_with('.')) text.insert(sign, "0");
    return text;
}

std::string cell(const row& in, std::size_t at) {
    if (in.is_null(at)) return "null";
    const auto held = in.get<value>(at);
    if (const auto* const flag = std::get_if<bool>(&held)) return *flag ? "true" : "false";
    if (const auto* const whole = std::get_if<std::int64_t>(&held)) return std::to_string(*whole);
    if (const auto* const exact = std::get_if<decimal>(&held)) return json_number(to_string(*exact));
    if (const auto* const real = std::get_if<double>(&held); real != nullptr && std::isfinite(*real)) return nlohmann::json(*real).dump();
    return json_text(in.text(at).value_or(""));
}

} // namespace

std::vector<std::string> json_keys(const std::vector<column>& columns) {
    std::vector<std::string> out;
    std::set<std::string> taken;
    for (const auto& each : columns) {
        auto name = each.label;
        for (int i = 2; !taken.insert(name).second; ++i) name = each.label + "_" + std::to_string(i);
        out.push_back(json_text(name) + ":");
    }
    return out;
}

std::string json_row(const row& in, const std::vector<std::string>& keys) {
    std::string out = "{";
    for (std::size_t i = 0; i < keys.size(); ++i) out += (i > 0 ? "," : "") + keys[i] + cell(in, i);
    return out + "}";
}

} // namespace irislink::cli
