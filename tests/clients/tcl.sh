#!/usr/bin/env bash
# Tcl: tdbc::odbc.
. "$(dirname "$0")/common.bash"
client tcl_tdbc tclsh8.6 "$here/tcl/odbc.tcl"
