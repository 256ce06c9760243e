#include "driver/catalog/catalog_function.hpp"

#include <array>

namespace irislink::driver {

std::string_view code_of(catalog_function which, catalog_form form) noexcept {
    using namespace std::string_view_literals;
    // In the enumeration's order.
    static constexpr std::array codes{"ta"sv, "sc"sv, "tt"sv, "c3"sv, "pk"sv, "i3"sv, "e3"sv, "r3"sv, "st"sv, "br"sv, "vc"sv, "tp"sv, "cp"sv, "pr"sv, "p3"sv};
    static_assert(codes.size() == static_cast<std::size_t>(catalog_function::procedure_columns) + 1);
    static constexpr std::array old{"ta"sv, "sc"sv, "tt"sv, "co"sv, "pk"sv, "ik"sv, "ek"sv, "cr"sv, "st"sv, "br"sv, "vc"sv, "tp"sv, "cp"sv, "pr"sv, "pc"sv};
    static_assert(old.size() == codes.size());
    return (form == catalog_form::odbc2 ? old : codes)[static_cast<std::size_t>(which)];
}

} // namespace irislink::driver
