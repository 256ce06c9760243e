#!/usr/bin/env bash
# R: RODBC.
. "$(dirname "$0")/common.bash"
client r_rodbc env LC_ALL=C.UTF-8 TZ=UTC Rscript --vanilla "$here/r/rodbc.R"
