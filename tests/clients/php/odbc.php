<?php
// PHP's odbc extension.
require __DIR__ . '/tap.php';
print '# version: PHP ' . PHP_VERSION . " odbc\n";
$db = odbc_connect('box', 'demo', 'demo');
check('connect', get_debug_type($db) !== 'bool', true);

function rows($db, string $sql, array $values = []): array
{
    $statement = odbc_prepare($db, $sql);
    odbc_execute($statement, $values) or throw new Exception(odbc_errormsg($db));
    $out = [];
    while ($row = odbc_fetch_array($statement)) $out[] = array_values($row);
    return $out;
}
function put($db, string $sql, array $values): void
{
    odbc_execute(odbc_prepare($db, $sql), $values) or throw new Exception(odbc_errormsg($db));
}

odbc_exec($db, 'create table h_ddl (Id integer not null primary key, Label varchar(20), D numeric(18,4))');
$names = [];
$columns = odbc_columns($db, null, 'SQLUser', 'h_ddl', '%');
while ($row = odbc_fetch_array($columns)) $names[] = $row['COLUMN_NAME'] . ' ' . $row['TYPE_NAME'];
check('columns', $names, ['Id INTEGER', 'Label VARCHAR', 'D NUMERIC']);
$tables = odbc_tables($db, null, 'SQLUser', 'h\\_%', 'TABLE');
check('tables', odbc_fetch_array($tables)['TABLE_NAME'], 'h_ddl');

odbc_exec($db, 'create table h_u (n integer, s varchar(200))');
$texts = ['Ж äö € 😀 𝒳', '', null, str_repeat('😀', 100), "it's"];
foreach ($texts as $n => $text) put($db, 'insert into h_u values (?, ?)', [$n, $text]);
check('unicode and NULL', array_column(rows($db, 'select s from h_u order by n'), 0), $texts);
check('unicode in a condition', rows($db, 'select n from h_u where s = ?', [$texts[0]]), [['0']]);

odbc_exec($db, 'create table h_n (a bigint, d numeric(18,4), e double, f bit)');
put($db, 'insert into h_n values (?, ?, ?, ?)', ['-4611686018427387904', '-12345678901234.5678', '0.1', '1']);
check('numbers', rows($db, 'select a, d, e, f from h_n'), [['-4611686018427387904', '-12345678901234.5678', '0.1', '1']]);

odbc_exec($db, 'create table h_m (m timestamp, d date, t time)');
put($db, 'insert into h_m values (?, ?, ?)', ['2024-02-29 23:59:58.123456', '2024-02-29', '23:59:58']);
check('timestamp, date, time', rows($db, 'select m, d, t from h_m'), [['2024-02-29 23:59:58.123456', '2024-02-29', '23:59:58']]);

odbc_exec($db, 'create table h_l (n integer, body longvarchar, raw longvarbinary)');
$big = big();
put($db, 'insert into h_l (n, body) values (1, ?)', [$big]);
ini_set('odbc.defaultlrl', (string) (4 * 1024 * 1024));
$statement = odbc_exec($db, 'select body from h_l');
odbc_longreadlen($statement, 4 * 1024 * 1024);
odbc_fetch_row($statement);
check('a mebibyte of text', odbc_result($statement, 1) === $big, true);

check('an error', @odbc_exec($db, 'select * from Nowhere'), false);
// It is an ODBC 2 program: the driver manager gives it the state of that time.
check('its state', odbc_error($db), 'S0002');
check('its words', str_contains(odbc_errormsg($db), 'NOWHERE'), true);
check('a wrong password', @odbc_connect('box', 'demo', 'wrong'), false);
check('its state too', odbc_error(), '28000');

odbc_exec($db, 'create table h_t (n integer)');
odbc_autocommit($db, false);
odbc_exec($db, 'insert into h_t values (1)');
odbc_rollback($db);
odbc_exec($db, 'insert into h_t values (2)');
odbc_commit($db);
odbc_autocommit($db, true);
check('transactions', rows($db, 'select n from h_t'), [['2']]);

$statement = odbc_exec($db, 'select n, s from h_u order by n');
check('field types', [odbc_num_fields($statement), odbc_field_name($statement, 2), odbc_field_type($statement, 1), odbc_field_len($statement, 2)], [2, 's', 'INTEGER', 200]);
odbc_close($db);
done(15);
