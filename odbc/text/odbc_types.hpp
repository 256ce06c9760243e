#pragma once
// The driver manager's types. The only place that includes its headers, so that what they leave to the
// includer is decided once: SQLWCHAR has two bytes for unixODBC and, in a build with IRISLINK_SQLWCHAR_UTF32,
// four for iODBC. In all else that a driver sees the two agree.

#ifdef IRISLINK_SQLWCHAR_UTF32
#define SQL_WCHART_CONVERT
#endif

#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

static_assert(sizeof(SQLWCHAR) == 2 || sizeof(SQLWCHAR) == 4, "SQLWCHAR is UTF-16 or UTF-32");
static_assert(sizeof(SQLLEN) == 8 && sizeof(SQLULEN) == 8, "lengths have 64 bits");
