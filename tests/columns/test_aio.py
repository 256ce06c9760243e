"""The same columns from irislink.aio: every form equals that of the blocking cursor."""

import asyncio

import pyarrow as pa
import pytest
from conftest import COLUMNS

from irislink import aio

QUERY = f"select {', '.join(COLUMNS)} from {{}} order by k"


def run(sandbox, work):
    async def connected():
        async with aio.connect(sandbox.uri()) as db:
            return await work(db)

    return asyncio.run(asyncio.wait_for(connected(), 60))


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("fetch_arrow_table", {}),
        ("fetch_arrow_table", {"max_bytes": 1, "dictionary": True, "large_offsets": True, "timestamp_unit": "ns"}),
        ("fetch_numpy", {}),
        ("fetch_pandas", {}),
        ("fetch_pandas", {"dtype_backend": "pyarrow"}),
        ("fetch_polars", {"dictionary": ["v"]}),
    ],
)
def test_forms(sandbox, db, every, form, options):
    if options.get("timestamp_unit") == "ns":
        db.execute(f"delete from {every} where k = 2")  # nanoseconds end in 2262
    query = QUERY.format(every)

    async def work(connection):
        return await getattr(await connection.execute(query), form)(**options)

    ours = run(sandbox, work)
    wanted = getattr(db.execute(query), form)(**options)
    if form == "fetch_numpy":
        assert list(ours) == list(wanted)
        for label, column in wanted.items():
            assert ours[label].dtype == column.dtype and ours[label].tolist() == column.tolist()
    else:
        assert ours.equals(wanted)


def test_batches(sandbox, db, table):
    name = table("k integer, v varchar(100)")
    db.cursor().executemany(f"insert into {name} values (?, ?)", [(k, f"Ж{k}") for k in range(20_000)])
    query = f"select k, v from {name} order by k"

    async def work(connection):
        cursor = await connection.execute(query)
        first = await cursor.fetchmany(3)
        batches = []
        async for batch in cursor.fetch_arrow_batches(10_000):
            batches.append(batch)
            if len(batches) == 2:
                # Others may use the connection in between.
                assert await (await connection.execute("select 1")).fetchall() == [(1,)]
        return first, batches

    first, batches = run(sandbox, work)
    assert [row[0] for row in first] == [0, 1, 2] and len(batches) > 10
    assert max(each.nbytes for each in batches) < 20_000
    table = pa.Table.from_batches(batches)
    assert table["k"].to_pylist() == list(range(3, 20_000)) and table["v"].to_pylist()[-1] == "Ж19999"


def test_tables_as_parameters(sandbox, db, table):
    name = table("k integer, v varchar(100)")
    data = pa.table({"k": pa.array(range(50_000), pa.int32()), "v": [f"Ж{k}" for k in range(50_000)]})

    async def work(connection):
        cursor = connection.cursor()
        await cursor.executemany(f"insert into {name} values (?, ?)", data)
        await connection.commit()
        return cursor.rowcount

    assert run(sandbox, work) == 50_000
    found = db.execute(f"select k, v from {name} order by k").fetch_arrow_table()
    assert found.to_pydict() == data.to_pydict()
