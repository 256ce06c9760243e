#pragma once
// The whole public C++ API.

#include "irislink/connection.hpp"
#include "irislink/connection_pool.hpp"
#include "irislink/error.hpp"
#include "irislink/options.hpp"
#include "irislink/procedure.hpp"
#include "irislink/result.hpp"
#include "irislink/value.hpp"
#include "irislink/value_stream.hpp"
