# ODBC from Perl by DBD::ODBC. perl planets.pl "DSN=irislink-sandbox;UID=demo;PWD=..."
use strict;
use warnings;
use DBI;

# Debian's DBD::ODBC hands text on as it is, and narrow text of the driver is UTF-8.
my $target = shift // 'DSN=irislink-sandbox';
# What DBI itself says of a failed connect holds the whole target, with the password.
my $db = DBI->connect("dbi:ODBC:$target", '', '', {PrintError => 0}) or die "$DBI::errstr\n";
$db->{RaiseError} = 1;
$db->do('create table if not exists OdbcPlanet (Name varchar(20), Mass numeric(8,3))');
$db->do('delete from OdbcPlanet');
my $insert = $db->prepare('insert into OdbcPlanet values (?, ?)');
$insert->execute(@$_) for ['Mars 🚀', '0.642'], ['Earth', '5.972'];
my $rows = $db->selectall_arrayref('select Name, Mass from OdbcPlanet where Mass < ? order by Mass', undef, 10);
print "$_->[0]: $_->[1]\n" for @$rows;
$db->disconnect;
