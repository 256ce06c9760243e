#!/usr/bin/env bash
# Perl: DBD::ODBC.
. "$(dirname "$0")/common.bash"
client perl /usr/bin/perl "$here/perl/dbd_odbc.pl"
