#include "odbc/descriptor/attribute_map.hpp"

#include <algorithm>
#include <array>

namespace irislink::odbc {
namespace {

constexpr std::array places{
    attribute_place{SQL_ATTR_ROW_ARRAY_SIZE, descriptor_kind::ard, SQL_DESC_ARRAY_SIZE},
    attribute_place{SQL_ATTR_ROW_BIND_TYPE, descriptor_kind::ard, SQL_DESC_BIND_TYPE},
    attribute_place{SQL_ATTR_ROW_BIND_OFFSET_PTR, descriptor_kind::ard, SQL_DESC_BIND_OFFSET_PTR},
    attribute_place{SQL_ATTR_ROW_OPERATION_PTR, descriptor_kind::ard, SQL_DESC_ARRAY_STATUS_PTR},
    attribute_place{SQL_ATTR_ROW_STATUS_PTR, descriptor_kind::ird, SQL_DESC_ARRAY_STATUS_PTR},
    attribute_place{SQL_ATTR_ROWS_FETCHED_PTR, descriptor_kind::ird, SQL_DESC_ROWS_PROCESSED_PTR},
    attribute_place{SQL_ATTR_PARAMSET_SIZE, descriptor_kind::apd, SQL_DESC_ARRAY_SIZE},
    attribute_place{SQL_ATTR_PARAM_BIND_TYPE, descriptor_kind::apd, SQL_DESC_BIND_TYPE},
    attribute_place{SQL_ATTR_PARAM_BIND_OFFSET_PTR, descriptor_kind::apd, SQL_DESC_BIND_OFFSET_PTR},
    attribute_place{SQL_ATTR_PARAM_OPERATION_PTR, descriptor_kind::apd, SQL_DESC_ARRAY_STATUS_PTR},
    attribute_place{SQL_ATTR_PARAM_STATUS_PTR, descriptor_kind::ipd, SQL_DESC_ARRAY_STATUS_PTR},
    attribute_place{SQL_ATTR_PARAMS_PROCESSED_PTR, descriptor_kind::ipd, SQL_DESC_ROWS_PROCESSED_PTR},
};

} // namespace

const attribute_place* find_attribute_place(SQLINTEGER attribute) noexcept {
    const auto* const found = std::ranges::find(places, attribute, &attribute_place::attribute);
    return found == places.end() ? nullptr : found;
}

} // namespace irislink::odbc
