# ruby-odbc: the narrow and the wide (UTF-8) build of it, one of which is named on the command line.
Encoding.default_external = Encoding.default_internal = Encoding::UTF_8
require ARGV[0]
puts "# version: #{ARGV[0]} #{`dpkg-query -W -f '${Version}' ruby-odbc`} on Ruby #{RUBY_VERSION}"
# The wide build reads one byte too far in characters of four bytes, so it gets those of three at most.
EMOJI = ARGV[0] == 'odbc_utf8' ? '☺' : '😀'
$cases = $bad = 0

def check(name, got, wanted)
  $cases += 1
  return puts "ok #{$cases} - #{name}" if got == wanted

  $bad += 1
  puts "not ok #{$cases} - #{name}\n# got #{got.inspect[0, 400]}\n# wanted #{wanted.inspect[0, 400]}"
end

def utf8(text) = text.is_a?(String) ? text.dup.force_encoding('UTF-8') : text

DB = ODBC.connect('box')
def rows(sql, *values)
  statement = DB.run(sql, *values)
  (statement.fetch_all || []).map { |row| row.map { |v| utf8(v) } }
ensure
  statement&.drop
end

check('connect', DB.connected?, true)
DB.do('create table y_ddl (Id integer not null primary key, Label varchar(20), D numeric(18,4))')
tables = DB.tables('y_ddl')
check('tables', utf8(tables.fetch_all[0][2]), 'y_ddl')
tables.drop
columns = DB.columns('y_ddl')
check('columns', columns.fetch_all.map { |c| utf8(c[3]) }, %w[Id Label D])
columns.drop
keys = DB.primary_keys('y_ddl')
check('primary keys', keys.fetch_all.map { |c| utf8(c[3]) }, %w[Id])
keys.drop

DB.do('create table y_u (n integer, s varchar(800))')
texts = ["Ж äö € #{EMOJI}", '', nil, EMOJI * 100, "it's"]
insert = DB.prepare('insert into y_u values (?, ?)')
texts.each_with_index { |text, n| insert.execute(n, text) }
insert.drop
check('unicode and NULL', rows('select s from y_u order by n').map(&:first), texts)
check('unicode in a condition', rows('select n from y_u where s = ?', texts[0]), [[0]])
check('unicode in the statement', rows("select '#{EMOJI} Ж'"), [["#{EMOJI} Ж"]])

DB.do('create table y_n (a bigint, d numeric(18,4), e double, f bit, g integer)')
DB.do('insert into y_n values (?, ?, ?, ?, ?)', (-(2**62)).to_s, '-12345678901234.5678', 0.1, 1, -7)
check('numbers', rows('select d, e, g from y_n'), [['-12345678901234.5678', 0.1, -7]])
check('a bigint', rows('select a from y_n').map { |r| r[0].to_i }, [-(2**62)])

DB.do('create table y_m (n integer, m timestamp, d date, t time)')
moment = ODBC::TimeStamp.new(2024, 2, 29, 23, 59, 58, 123_456_000)
DB.do('insert into y_m values (1, ?, ?, ?)', moment, ODBC::Date.new(2024, 2, 29), ODBC::Time.new(23, 59, 58))
check('timestamp, date, time', rows('select m, d, t from y_m')[0].map(&:to_s), ['2024-02-29 23:59:58 123456000', '2024-02-29', '23:59:58'])
check('timestamp in a condition', rows('select n from y_m where m = ?', moment), [[1]])

DB.do('create table y_l (n integer, body longvarchar, raw longvarbinary)')
big = (0...60_000).map { |i| "line #{i} Ж#{EMOJI};" }.join
DB.do('insert into y_l (n, body) values (1, ?)', big)
check('a mebibyte of text', rows('select body from y_l')[0][0] == big, true)

def state
  yield
  'no error'
rescue ODBC::Error => e
  text = utf8(e.message)
  text[/\A\w{5}/] + (text.include?('NOWHERE') ? ' NOWHERE' : '')
end
check('an error', state { DB.run('select * from Nowhere') }[/(42S02|S0002) NOWHERE/] ? true : false, true)
check('a constraint', state { 2.times { DB.do("insert into y_ddl values (1, 'a', 1)") } }, '23000')
check('a wrong password', state { ODBC.connect('box', 'demo', 'wrong') }, '28000')

DB.do('create table y_t (n integer)')
DB.autocommit = false
DB.do('insert into y_t values (1)')
DB.rollback
DB.do('insert into y_t values (2)')
DB.commit
DB.autocommit = true
check('transactions', rows('select n from y_t'), [[2]])
statement = DB.run('select n, s from y_u order by n')
check('column information', [utf8(statement.column(1).name), statement.column(1).type, statement.column(1).length], ['s', ODBC::SQL_VARCHAR, 800])
check('rows as hashes', utf8(statement.fetch_hash['s']), texts[0])
statement.drop
DB.disconnect
puts '1..18'
exit($bad.zero? ? 0 : 1)
