#!/usr/bin/env bash
# PHP: the odbc extension and PDO_ODBC.
. "$(dirname "$0")/common.bash"
client php_odbc php "$here/php/odbc.php"
client php_pdo php "$here/php/pdo.php"
