#pragma once
// The driver manager's types. The only place that includes its headers, so that what they leave to the
// includer is decided once.

#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

static_assert(sizeof(SQLWCHAR) == 2 || sizeof(SQLWCHAR) == 4, "SQLWCHAR is UTF-16 or UTF-32");
static_assert(sizeof(SQLLEN) == 8 && sizeof(SQLULEN) == 8, "lengths have 64 bits");
