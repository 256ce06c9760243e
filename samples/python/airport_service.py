"""A web service by FastAPI: airports as JSON. All requests share a pool of connections, and no
thread waits for the database.

    IRIS_TARGET=iris://demo:demo@localhost/USER uvicorn --app-dir samples/python airport_service:app
    curl localhost:8000/airports/SEA
"""

import contextlib
import os
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Query, Request

from irislink import aio


@contextlib.asynccontextmanager
async def lifespan(app):
    async with aio.create_pool(os.environ["IRIS_TARGET"], max_size=20) as app.state.pool:
        yield


app = FastAPI(title="Airports", lifespan=lifespan)


async def database(request: Request):
    async with request.app.state.pool.acquire() as db:
        yield db


Database = Annotated[aio.Connection, Depends(database)]
FIELDS = "Code, Name, City, State, Latitude, Longitude"


def as_json(cursor, row):
    return {column[0].lower(): value for column, value in zip(cursor.description, row)}


@app.get("/airports/{code}")
async def airport(code: str, db: Database):
    cursor = await db.execute(f"select {FIELDS} from Demo.Airport where Code = ?", [code])
    row = await cursor.fetchone()
    if row is None:
        raise HTTPException(404, f"There is no airport {code}")
    return as_json(cursor, row)


@app.get("/airports")
async def airports(db: Database, state: str, limit: Annotated[int, Query(ge=1, le=1000)] = 100):
    cursor = await db.execute(f"select top ? {FIELDS} from Demo.Airport where State = ? order by Code", [limit, state])
    return [as_json(cursor, row) async for row in cursor]
