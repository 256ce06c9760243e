<?php
// ODBC from PHP. php planets.php "DSN=irislink-sandbox;UID=demo;PWD=..."
$target = $argv[1] ?? 'DSN=irislink-sandbox';
$db = @odbc_connect($target, '', '') or die(odbc_errormsg() . "\n");
odbc_exec($db, 'create table if not exists OdbcPlanet (Name varchar(20), Mass numeric(8,3))');
odbc_exec($db, 'delete from OdbcPlanet');
$insert = odbc_prepare($db, 'insert into OdbcPlanet values (?, ?)');
foreach ([['Mars 🚀', '0.642'], ['Earth', '5.972']] as $planet) {
    odbc_execute($insert, $planet) or die(odbc_errormsg($db) . "\n");
}
$rows = odbc_prepare($db, 'select Name, Mass from OdbcPlanet where Mass < ? order by Mass');
odbc_execute($rows, [10]) or die(odbc_errormsg($db) . "\n");
while ($row = odbc_fetch_array($rows)) {
    echo "{$row['Name']}: {$row['Mass']}\n";
}
odbc_close($db);
