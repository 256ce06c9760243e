// The npm package odbc.
'use strict';
const odbc = require('odbc');
console.log(`# version: odbc ${require('odbc/package.json').version} on Node.js ${process.versions.node}`);
let cases = 0;
let bad = 0;

function check(name, got, wanted) {
  cases += 1;
  const [a, b] = [got, wanted].map((v) => JSON.stringify(v, (_, x) => (typeof x === 'bigint' ? `${x}n` : x)));
  if (a === b) {
    console.log(`ok ${cases} - ${name}`);
    return;
  }
  bad += 1;
  console.log(`not ok ${cases} - ${name}\n# got ${String(a).slice(0, 400)}\n# wanted ${String(b).slice(0, 400)}`);
}

async function refused(call) {
  try {
    await call();
    return 'no error';
  } catch (error) {
    const first = (error.odbcErrors || [])[0] || { state: String(error), message: '' };
    return first.state + (first.message.includes('NOWHERE') ? ' NOWHERE' : '');
  }
}

async function main() {
  const db = await odbc.connect('DSN=box');
  const values = async (sql, parameters) => [...(await db.query(sql, parameters || []))].map((row) => Object.values(row));
  check('connect', db.connected, true);

  await db.query('create table j_ddl (Id integer not null primary key, Label varchar(20), D numeric(18,4))');
  check('tables', (await db.tables(null, 'SQLUser', 'j_ddl', null)).map((t) => t.TABLE_NAME), ['j_ddl']);
  check('columns', (await db.columns(null, 'SQLUser', 'j_ddl', null)).map((c) => c.COLUMN_NAME), ['Id', 'Label', 'D']);
  check('primary keys', (await db.primaryKeys(null, 'SQLUser', 'j_ddl')).map((c) => c.COLUMN_NAME), ['Id']);

  await db.query('create table j_u (n integer, s varchar(200))');
  const texts = ['Ж äö € 😀 𝒳', '', null, '😀'.repeat(100), "it's"];
  for (let n = 0; n < texts.length; n += 1) await db.query('insert into j_u values (?, ?)', [n, texts[n]]);
  check('unicode and NULL', (await values('select s from j_u order by n')).flat(), texts);
  check('unicode in a condition', await values('select n from j_u where s = ?', [texts[0]]), [[0]]);
  check('unicode in the statement', await values("select '😀 Ж'"), [['😀 Ж']]);

  await db.query('create table j_n (a bigint, d numeric(18,4), e double, f bit, g integer, h varbinary(10))');
  await db.query('insert into j_n values (?, ?, ?, ?, ?, ?)', [-(2n ** 62n), '-12345678901234.5678', 0.1, true, -7, new Uint8Array([0, 255]).buffer]);
  check('numbers', (await values('select e, f, g from j_n'))[0], [0.1, '1', -7]); // it gives bits as text
  check('bytes', Buffer.from((await values('select h from j_n'))[0][0]).toString('hex'), '00ff');
  check('a bigint', String((await values('select a from j_n'))[0][0]), String(-(2n ** 62n)));
  // The package gives decimals as numbers, so their digits are read as text.
  check('a decimal', await values('select cast(d as varchar(40)) from j_n'), [['-12345678901234.5678']]);

  await db.query('create table j_m (m timestamp, d date, t time)');
  await db.query('insert into j_m values (?, ?, ?)', ['2024-02-29 23:59:58.123456', '2024-02-29', '23:59:58']);
  check('timestamp, date, time', await values('select m, d, t from j_m'), [['2024-02-29 23:59:58.123456', '2024-02-29', '23:59:58']]);

  await db.query('create table j_l (n integer, body longvarchar, raw longvarbinary)');
  const big = Array.from({ length: 60000 }, (_, i) => `line ${i} Ж😀;`).join('');
  const raw = new Uint8Array(1 << 20).map((_, i) => i * 7);
  const statement = await db.createStatement();
  await statement.prepare('insert into j_l values (1, ?, ?)');
  await statement.bind([big, raw.buffer]);
  await statement.execute();
  await statement.close();
  const [body, back] = (await values('select body, raw from j_l'))[0];
  check('a mebibyte of text', body === big, true);
  check('a mebibyte of bytes', Buffer.compare(Buffer.from(back), Buffer.from(raw)), 0);

  await db.query('create table j_b (n integer)');
  for (let i = 0; i < 100; i += 1) await db.query('insert into j_b values (?)', [i]);
  const cursor = await db.query('select n from j_b order by n', { cursor: true, fetchSize: 30 });
  const sizes = [];
  while (!cursor.noData) sizes.push((await cursor.fetch()).length);
  await cursor.close();
  check('a cursor by blocks', sizes.filter((n) => n > 0), [30, 30, 30, 10]);
  check('row count', (await db.query('delete from j_b where n < 40')).count, 40);

  check('an error', await refused(() => db.query('select * from Nowhere')), '42S02 NOWHERE');
  check('a constraint', await refused(async () => {
    for (let i = 0; i < 2; i += 1) await db.query("insert into j_ddl values (1, 'a', 1)");
  }), '23000');
  check('a wrong password', await refused(() => odbc.connect('DSN=box;PWD=wrong')), '28000');

  await db.query('create table j_t (n integer)');
  await db.beginTransaction();
  await db.query('insert into j_t values (1)');
  await db.rollback();
  await db.beginTransaction();
  await db.query('insert into j_t values (2)');
  await db.commit();
  check('transactions', await values('select n from j_t'), [[2]]);

  const pool = await odbc.pool({ connectionString: 'DSN=box', initialSize: 3, maxSize: 5 });
  const sums = await Promise.all(Array.from({ length: 12 }, (_, i) => pool.query(`select count(*) + ${i} as n from j_b`)));
  check('a pool', sums.map((rows) => Number(rows[0].n)), Array.from({ length: 12 }, (_, i) => 60 + i));
  await pool.close();
  await db.close();
  console.log('1..21');
  process.exitCode = bad === 0 ? 0 : 1;
}

main().catch((error) => {
  console.log(error);
  process.exitCode = 2;
});
