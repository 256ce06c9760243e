// ODBC from Node.js by the package odbc. node planets.js "DSN=irislink-sandbox;UID=demo;PWD=..."
const odbc = require('odbc');

async function main() {
    const db = await odbc.connect(process.argv[2] ?? 'DSN=irislink-sandbox');
    await db.query('create table if not exists OdbcPlanet (Name varchar(20), Mass numeric(8,3))');
    await db.query('delete from OdbcPlanet');
    for (const planet of [['Mars 🚀', '0.642'], ['Earth', '5.972']])
        await db.query('insert into OdbcPlanet values (?, ?)', planet);
    for (const row of await db.query('select Name, Mass from OdbcPlanet where Mass < ? order by Mass', [10]))
        console.log(`${row.Name}: ${row.Mass}`);
    await db.close();
}

main().catch((failed) => {
    console.error(failed.odbcErrors?.[0]?.message ?? failed.message);
    process.exit(1);
});
