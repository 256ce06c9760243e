#pragma once
// From plans and builders to the structs of Arrow's C data interface. Every struct owns its own memory, so
// that a consumer may move a child away and release the parent, in any order, in any thread.

#include <memory>
#include <vector>

#include "bindings/columnar/arrow_abi.hpp"
#include "bindings/columnar/column_plan.hpp"

namespace irislink::columnar {

void export_schema(const std::vector<column_plan>& plans, ArrowSchema* out);

// Takes the memory of the columns, of which `rows` rows are written. `out` is touched when all went well.
void export_batch(const std::vector<std::unique_ptr<column_builder>>& columns, std::size_t rows, ArrowArray* out);

} // namespace irislink::columnar
