#pragma once
// Roles and what they give: resources, as security-behaviour 3.2 and 3.5 need them. A role is a list of
// resources; %All has every one. Immutable after it was made; thread-safe.
//
// Resources in use: %Service_SQL (the service), %DB_<namespace> (a namespace), %DB_IRISAUDIT (the audit
// table), %Admin_Secure (other people's passwords).

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace irislink::sandbox {

inline constexpr std::string_view service_resource = "%Service_SQL";
inline constexpr std::string_view audit_resource = "%DB_IRISAUDIT";
inline constexpr std::string_view secure_resource = "%Admin_Secure";

[[nodiscard]] std::string namespace_resource(std::string_view name_space);

class role_table {
public:
    // With the predefined roles: %All, %Manager, %Developer, %Operator, %SQL, and %DB_<namespace> for
    // each namespace. `defined` adds to them or gives one of them another meaning, %All excepted.
    role_table(const std::map<std::string, std::vector<std::string>>& defined, const std::vector<std::string>& namespaces);

    [[nodiscard]] bool defines(std::string_view role) const;

    // What a login gets: its own roles, then those of everybody; undefined and repeated ones dropped,
    // in the spelling of the definition.
    [[nodiscard]] std::vector<std::string> at_login(const std::vector<std::string>& own, const std::vector<std::string>& everybodys) const;

    [[nodiscard]] bool grants(const std::vector<std::string>& roles, std::string_view resource) const;

private:
    struct definition {
        std::string name;
        bool everything{false};
        std::set<std::string> resources; // in capitals
    };

    void define(std::string_view name, const std::vector<std::string>& resources);

    std::map<std::string, definition> roles_; // by name in capitals
};

// As $ROLES shows them.
[[nodiscard]] std::string role_list(const std::vector<std::string>& roles);

} // namespace irislink::sandbox
