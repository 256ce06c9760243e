<?php
// PDO_ODBC.
require __DIR__ . '/tap.php';
print '# version: PHP ' . PHP_VERSION . " PDO_ODBC\n";
$db = new PDO('odbc:box', 'demo', 'demo', [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
check('connect', $db->getAttribute(PDO::ATTR_DRIVER_NAME), 'odbc');

function rows(PDO $db, string $sql, array $values = []): array
{
    $statement = $db->prepare($sql);
    $statement->execute($values);
    return $statement->fetchAll(PDO::FETCH_NUM);
}

$db->exec('create table d_u (n integer not null primary key, s varchar(200))');
$texts = ['Ж äö € 😀 𝒳', '', null, str_repeat('😀', 100), "it's"];
$insert = $db->prepare('insert into d_u values (?, ?)');
foreach ($texts as $n => $text) $insert->execute([$n, $text]);
check('unicode and NULL', array_column(rows($db, 'select s from d_u order by n'), 0), $texts);
check('unicode in a condition', rows($db, 'select n from d_u where s = ?', [$texts[0]]), [['0']]);
check('named parameters', rows($db, 'select n from d_u where s = :s and n = :n', ['s' => $texts[0], 'n' => 0]), [['0']]);
check('row count', $db->exec("update d_u set s = 'x' where n > 2"), 2);

$db->exec('create table d_n (a bigint, d numeric(18,4), e double, f bit)');
$db->prepare('insert into d_n values (?, ?, ?, ?)')->execute(['-4611686018427387904', '-12345678901234.5678', '0.1', '1']);
check('numbers', rows($db, 'select a, d, e, f from d_n'), [['-4611686018427387904', '-12345678901234.5678', '0.1', '1']]);

$db->exec('create table d_m (m timestamp, d date, t time)');
$db->prepare('insert into d_m values (?, ?, ?)')->execute(['2024-02-29 23:59:58.123456', '2024-02-29', '23:59:58']);
check('timestamp, date, time', rows($db, 'select m, d, t from d_m'), [['2024-02-29 23:59:58.123456', '2024-02-29', '23:59:58']]);

$db->exec('create table d_l (n integer, body longvarchar, raw longvarbinary)');
$big = big();
$raw = str_repeat(implode('', array_map('chr', range(0, 255))), 4096);
$insert = $db->prepare('insert into d_l values (1, ?, ?)');
$insert->bindValue(1, $big);
$insert->bindValue(2, $raw, PDO::PARAM_LOB);
$insert->execute();
$row = rows($db, 'select body, raw from d_l')[0];
check('a mebibyte of text', $row[0] === $big, true);
// PDO_ODBC asks for bytes as characters, which are hexadecimal digits.
check('a mebibyte of bytes', hex2bin($row[1]) === $raw, true);

function state(callable $call): string
{
    try {
        $call();
    } catch (PDOException $error) {
        return (preg_match('/SQLSTATE\[(\w+)\]/', $error->getMessage(), $found) ? $found[1] : '') . (str_contains($error->getMessage(), 'NOWHERE') ? ' NOWHERE' : '');
    }
    return 'no error';
}
check('an error', state(fn () => $db->query('select * from Nowhere')), '42S02 NOWHERE');
check('a constraint', state(fn () => $db->exec('insert into d_u values (0, null)')), '23000');
check('a wrong password', state(fn () => new PDO('odbc:box', 'demo', 'wrong')), '28000');

$db->exec('create table d_t (n integer)');
$db->beginTransaction();
$db->exec('insert into d_t values (1)');
$db->rollBack();
$db->beginTransaction();
$db->exec('insert into d_t values (2)');
$db->commit();
check('transactions', rows($db, 'select n from d_t'), [['2']]);
done(13);
