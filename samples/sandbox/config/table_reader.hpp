#pragma once
// Reads one table of the sandbox's file, setting by setting. Internal to config; throws config_error.

#include "samples/sandbox/config/toml.hpp"

#include <algorithm>

#include "samples/sandbox/config/config.hpp"

namespace irislink::sandbox {

// Reads the settings of one table and complains about those nobody asked for.
class table_reader {
public:
    table_reader(const toml::table& from, std::string where) : from_(&from), where_(std::move(where)) {}

    void text(std::string_view key, std::string& into) {
        if (const auto* const node = find(key)) {
            if (!node->is_string()) fault(key, "must be a text");
            into = *node->value<std::string>();
        }
    }

    void path(std::string_view key, std::filesystem::path& into) {
        std::string found;
        text(key, found);
        into = found;
    }

    void flag(std::string_view key, bool& into) {
        if (const auto* const node = find(key)) {
            if (!node->is_boolean()) fault(key, "must be true or false");
            into = *node->value<bool>();
        }
    }

    template <class T> void number(std::string_view key, T least, T most, T& into) {
        if (const auto* const node = find(key)) {
            const auto found = node->is_integer() ? *node->value<std::int64_t>() : std::int64_t{-1};
            if (found < least || found > most) fault(key, "must be " + std::to_string(least) + " to " + std::to_string(most));
            into = static_cast<T>(found);
        }
    }

    [[nodiscard]] const toml::table* table(std::string_view key) {
        const auto* const node = find(key);
        if (node != nullptr && !node->is_table()) fault(key, "must be a table");
        return node == nullptr ? nullptr : node->as_table();
    }

    [[nodiscard]] std::vector<std::string> texts(std::string_view key) {
        std::vector<std::string> out;
        const auto* const node = find(key);
        if (node == nullptr) return out;
        if (!node->is_array()) fault(key, "must be a list of texts");
        for (const auto& each : *node->as_array()) {
            if (!each.is_string()) fault(key, "must be a list of texts");
            out.push_back(*each.value<std::string>());
        }
        return out;
    }

    // Somebody else reads this one.
    void know(std::string_view key) { asked_.emplace_back(key); }

    void finish() const {
        for (const auto& [key, node] : *from_)
            if (std::find(asked_.begin(), asked_.end(), key.str()) == asked_.end())
                throw config_error("unknown setting '" + std::string(key.str()) + "' in " + where_);
    }

    [[noreturn]] void fault(std::string_view key, const std::string& what) const { throw config_error("'" + std::string(key) + "' in " + where_ + " " + what); }

private:
    const toml::node* find(std::string_view key) {
        asked_.emplace_back(key);
        return from_->get(key);
    }

    const toml::table* from_;
    std::string where_;
    std::vector<std::string> asked_;
};

} // namespace irislink::sandbox
