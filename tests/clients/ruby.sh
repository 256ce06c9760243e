#!/usr/bin/env bash
# Ruby: ruby-odbc, its narrow and its wide build. Debian's looks for the driver manager under an older name.
. "$(dirname "$0")/common.bash"
client ruby_odbc env LD_PRELOAD=libodbc.so.2 ruby "$here/ruby/odbc.rb" odbc
client ruby_odbc_utf8 env LD_PRELOAD=libodbc.so.2 ruby "$here/ruby/odbc.rb" odbc_utf8
