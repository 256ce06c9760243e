#pragma once
// Data sources as the driver manager finds them: through its own library, with its search order.

#include "driver/config/sources.hpp"

namespace irislink::odbc {

[[nodiscard]] const driver::dsn_source& odbcinst_dsn_source();

} // namespace irislink::odbc
