#include "samples/sandbox/auth/roles.hpp"

#include <algorithm>

#include "samples/sandbox/sql/lexer.hpp"

namespace irislink::sandbox {

using sql::to_upper;

std::string namespace_resource(std::string_view name_space) {
    return "%DB_" + std::string(name_space);
}

role_table::role_table(const std::map<std::string, std::vector<std::string>>& defined, const std::vector<std::string>& namespaces) {
    const std::string service(service_resource);
    define("%Manager", {service, "%Service_Object", std::string(audit_resource), std::string(secure_resource)});
    define("%Developer", {service, "%Service_Object"});
    define("%Operator", {});
    define("%SQL", {service});
    for (const auto& each : namespaces) define(namespace_resource(each), {namespace_resource(each)});
    for (const auto& [name, resources] : defined) define(name, resources);
    define("%All", {});
    roles_["%ALL"].everything = true;
}

void role_table::define(std::string_view name, const std::vector<std::string>& resources) {
    definition made;
    made.name = name;
    for (const auto& each : resources) made.resources.insert(to_upper(each));
    roles_[to_upper(name)] = std::move(made);
}

bool role_table::defines(std::string_view role) const {
    return roles_.contains(to_upper(role));
}

std::vector<std::string> role_table::at_login(const std::vector<std::string>& own, const std::vector<std::string>& everybodys) const {
    std::vector<std::string> out;
    for (const auto* const list : {&own, &everybodys}) {
        for (const auto& each : *list) {
            const auto found = roles_.find(to_upper(each));
            if (found != roles_.end() && std::ranges::find(out, found->second.name) == out.end()) out.push_back(found->second.name);
        }
    }
    return out;
}

bool role_table::grants(const std::vector<std::string>& roles, std::string_view resource) const {
    const auto wanted = to_upper(resource);
    return std::ranges::any_of(roles, [&](const auto& each) {
        const auto found = roles_.find(to_upper(each));
        return found != roles_.end() && (found->second.everything || found->second.resources.contains(wanted));
    });
}

std::string role_list(const std::vector<std::string>& roles) {
    std::string out;
    for (const auto& each : roles) out += (out.empty() ? "" : ",") + each;
    return out;
}

} // namespace irislink::sandbox
