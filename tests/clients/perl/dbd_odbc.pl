#!/usr/bin/perl
# DBD::ODBC: types, long columns, Unicode, arrays, errors, transactions.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use DBI qw(:sql_types);
use Test::More tests => 20;

my %quiet = (RaiseError => 1, PrintError => 0, AutoCommit => 1, LongReadLen => 4 * 1024 * 1024, LongTruncOk => 0);
my $db = DBI->connect('dbi:ODBC:box', undef, undef, {%quiet});
print "# version: DBD::ODBC $DBD::ODBC::VERSION, DBI $DBI::VERSION\n";
ok($db && $db->ping, 'connect');
# Debian builds it for narrow calls; the driver's narrow text is UTF-8. Such a build makes room for as many bytes
# as a column has characters, hence columns four times as wide as their text.
$db->{odbc_utf8_on} = 1;

# DDL and the catalog
$db->do('create table c_ddl (Id integer not null primary key, Label varchar(20), D numeric(18,4))');
is_deeply($db->table_info(undef, 'SQLUser', 'c_ddl', 'TABLE')->fetchall_arrayref([2]), [['c_ddl']], 'table_info');
is_deeply([map { "$_->[3] $_->[5] $_->[6]" } @{$db->column_info(undef, 'SQLUser', 'c_ddl', '%')->fetchall_arrayref}], ['Id INTEGER 10', 'Label VARCHAR 20', 'D NUMERIC 18'], 'column_info');
is_deeply([$db->primary_key(undef, 'SQLUser', 'c_ddl')], ['Id'], 'primary_key');
ok(scalar(grep { $_->{TYPE_NAME} eq 'VARCHAR' } $db->type_info(SQL_VARCHAR)), 'type_info');

# Unicode and NULL
my @texts = ("Ж äö € \x{1F600} \x{1D4B3}", '', undef, "\x{1F600}" x 100, "it's");
$db->do('create table c_u (n integer, s varchar(800))');
my $insert = $db->prepare('insert into c_u values (?, ?)');
$insert->execute($_, $texts[$_]) for 0 .. $#texts;
is_deeply($db->selectcol_arrayref('select s from c_u order by n'), \@texts, 'unicode and NULL both ways');
is_deeply($db->selectcol_arrayref('select n from c_u where s = ?', undef, $texts[0]), [0], 'unicode in a condition');
is_deeply($db->selectcol_arrayref("select cast('\x{1F600} Ж' as varchar(20))"), ["\x{1F600} Ж"], 'unicode in the statement');

# Decimals, numbers and their types
$db->do('create table c_n (a bigint, d numeric(18,4), e double, f bit)');
$insert = $db->prepare('insert into c_n values (?, ?, ?, ?)');
$insert->bind_param(1, '-4611686018427387904', SQL_BIGINT);
# (By its own choice DBD::ODBC declares VARCHAR(18). Said to be SQL_NUMERIC, it would be declared without decimals,
# and cutting them off is 22001.)
$insert->bind_param(2, '-12345678901234.5678');
$insert->bind_param(3, 0.1, SQL_DOUBLE);
$insert->bind_param(4, 1, SQL_BIT);
$insert->execute;
my $select = $db->prepare('select a, d, e, f from c_n');
$select->execute;
is_deeply($select->{TYPE}, [SQL_BIGINT, SQL_NUMERIC, SQL_DOUBLE, SQL_BIT], 'types');
is_deeply($select->fetchrow_arrayref, ['-4611686018427387904', '-12345678901234.5678', '0.1', '1'], 'numbers');
$select->finish;

# Timestamps
$db->do('create table c_m (m timestamp, d date, t time)');
$db->do('insert into c_m values (?, ?, ?)', undef, '2024-02-29 23:59:58.123456', '2024-02-29', '23:59:58');
is_deeply([$db->selectrow_array('select m, d, t from c_m')], ['2024-02-29 23:59:58.123456', '2024-02-29', '23:59:58'], 'timestamp with a fraction, date, time');

# Long text and bytes
my $big = join '', map { "line $_ Ж\x{1F600};" } 0 .. 59_999;
my $raw = join '', map { pack 'C*', 0 .. 255 } 1 .. 4096;
$db->do('create table c_l (n integer, body longvarchar, raw longvarbinary)');
$insert = $db->prepare('insert into c_l values (1, ?, ?)');
$insert->bind_param(1, $big, SQL_WLONGVARCHAR);
$insert->bind_param(2, $raw, SQL_LONGVARBINARY);
$insert->execute;
my ($body, $back) = $db->selectrow_array('select body, raw from c_l');
ok($body eq $big, 'a mebibyte of text');
ok($back eq $raw, 'a mebibyte of bytes');
$select = $db->prepare('select body from c_l');
$select->{LongReadLen} = 100;
$select->execute;
ok(!eval { $select->fetchrow_array; 1 } && $select->state eq '01004', 'a value over LongReadLen is an error');
# (odbc_lob_read is left out: it takes SQL_NO_TOTAL for an error.)

# Arrays
$db->do('create table c_a (n integer not null primary key, s varchar(20))');
$insert = $db->prepare('insert into c_a values (?, ?)', {odbc_array_operations => 1});
my @numbers = (1 .. 500);
$insert->execute_array({ArrayTupleStatus => \my @status}, \@numbers, [map { $_ % 5 ? "Ж$_\x{1F600}" : undef } @numbers]);
is_deeply($db->selectrow_arrayref('select count(*), count(s), max(s) from c_a where n < 10'), [9, 8, "Ж9\x{1F600}"], 'execute_array');
ok(!eval { $insert->execute_array({ArrayTupleStatus => \@status}, [501, 1, 502], ['a', 'b', 'c']); 1 }, 'execute_array says that a row failed');
is($db->selectrow_array('select count(*) from c_a where n = 501'), 1, 'what came before it is done');

# Errors
eval { $db->do('select * from Nowhere') };
ok($db->state eq '42S02' && $db->errstr =~ /NOWHERE/, 'error has its state and words') or diag($db->state, $db->errstr);
DBI->connect('dbi:ODBC:DSN=box;PWD=wrong', undef, undef, {%quiet, RaiseError => 0});
is($DBI::state, '28000', 'a wrong password');

# Transactions
$db->do('create table c_t (n integer)');
$db->begin_work;
$db->do('insert into c_t values (1)');
$db->rollback;
$db->begin_work;
$db->do('insert into c_t values (2)');
$db->commit;
is_deeply($db->selectcol_arrayref('select n from c_t'), [2], 'transactions');
$db->disconnect;
