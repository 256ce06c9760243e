"""SQLAlchemy's ORM, pandas and Alembic over the dialect iris+irislink. (SQLAlchemy's own suite is in tests/clients.)"""

import asyncio
import datetime
import decimal
import pathlib
import subprocess
import sys
import uuid

import pandas as pd
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import orm
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from support import Sandbox  # of tests/integration/cli

import irislink
from irislink.sqlalchemy import LONGVARBINARY, LONGVARCHAR, TINYINT, UNIQUEIDENTIFIER

SAMPLES = pathlib.Path(__file__).parents[2] / "samples" / "python"


def url_of(sandbox, query=""):
    return sandbox.uri(query=query).replace("iris://", "iris+irislink://", 1)


@pytest.fixture(params=["TOP", "LIMIT"], scope="module")
def engine(sandbox, request):
    """One that writes as servers before 2025.1 want it, and one as those since."""
    made = sa.create_engine(url_of(sandbox), supports_limit_offset=request.param == "LIMIT")
    yield made
    made.dispose()


@pytest.fixture
def metadata(engine):
    made = sa.MetaData()
    yield made
    made.drop_all(engine)


# -- the ORM ---------------------------------------------------------------------------------------------------------------


class Base(orm.DeclarativeBase):
    pass


listed = sa.Table(
    "orm_listed",
    Base.metadata,
    sa.Column("book", sa.ForeignKey("orm_book.id"), primary_key=True),
    sa.Column("tag", sa.ForeignKey("orm_tag.id"), primary_key=True),
)


class Author(Base):
    __tablename__ = "orm_author"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(sa.String(40), unique=True)
    version: orm.Mapped[int] = orm.mapped_column()
    books: orm.Mapped[list["Book"]] = orm.relationship(back_populates="author", cascade="all, delete-orphan", order_by="Book.title")
    __mapper_args__ = {"version_id_col": version}


class Book(Base):
    __tablename__ = "orm_book"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    title: orm.Mapped[str]
    price: orm.Mapped[decimal.Decimal | None] = orm.mapped_column(sa.Numeric(10, 2))
    author_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("orm_author.id"))
    author: orm.Mapped[Author] = orm.relationship(back_populates="books")
    tags: orm.Mapped[list["Tag"]] = orm.relationship(secondary=listed, order_by="Tag.word")


class Tag(Base):
    __tablename__ = "orm_tag"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    word: orm.Mapped[str] = orm.mapped_column(sa.String(20))


def library():
    sea, old = Tag(word="sea"), Tag(word="old")
    melville = Author(name="Melville", books=[Book(title="Typee", price=decimal.Decimal("9.50"), tags=[sea]), Book(title="Moby-Dick", tags=[sea, old])])
    return [melville, Author(name="Homer", books=[Book(title="Odyssey", price=decimal.Decimal("12.00"), tags=[old, sea])]), Author(name="Nobody")]


@pytest.fixture
def session(engine):
    Base.metadata.create_all(engine)
    with orm.Session(engine) as made:
        made.add_all(library())
        made.commit()
        yield made
    Base.metadata.drop_all(engine)


@pytest.mark.parametrize("load", [orm.selectinload, orm.joinedload, orm.subqueryload, orm.lazyload])
def test_relationships_are_loaded(session, load):
    found = session.scalars(sa.select(Author).options(load(Author.books).options(load(Book.tags))).order_by(Author.name)).unique().all()
    assert [(a.name, [(b.title, b.price, [t.word for t in b.tags]) for b in a.books]) for a in found] == [
        ("Homer", [("Odyssey", decimal.Decimal("12.00"), ["old", "sea"])]),
        ("Melville", [("Moby-Dick", None, ["old", "sea"]), ("Typee", decimal.Decimal("9.50"), ["sea"])]),
        ("Nobody", []),
    ]


@pytest.mark.filterwarnings("ignore:Passing expression to ``distinct``")
@pytest.mark.parametrize("load", [orm.joinedload, orm.subqueryload])
def test_pages_of_entities(session, load):
    pages = sa.select(Author).options(load(Author.books)).order_by(Author.name)
    assert [a.name for a in session.scalars(pages.limit(2)).unique()] == ["Homer", "Melville"]
    assert [(a.name, len(a.books)) for a in session.scalars(pages.limit(1).offset(1)).unique()] == [("Melville", 2)]
    assert [a.name for a in session.scalars(pages.offset(2)).unique()] == ["Nobody"]
    words = sa.select(Tag.word).join(Book.tags).distinct().order_by(Tag.word)
    assert session.scalars(words.offset(1)).all() == ["sea"] and session.scalars(words.limit(1)).all() == ["old"]
    names = sa.union(sa.select(Author.name), sa.select(Book.title))
    assert session.scalars(names.order_by("name").limit(2).offset(1)).all() == ["Melville", "Moby-Dick"]
    assert session.scalars(names.order_by(sa.desc("name")).limit(1)).all() == ["Typee"]
    firsts = sa.select(Book.author_id, Author.name).distinct(Book.author_id).join(Author).order_by(Author.name)
    assert [name for _, name in session.execute(firsts)] == ["Homer", "Melville"]
    assert [name for _, name in session.execute(firsts.offset(1))] == ["Melville"]
    labelled = sa.select(Author.name.label("who"), sa.func.count(Book.id).label("n")).outerjoin(Book).group_by(Author.name)
    assert session.execute(labelled.order_by(sa.desc("n"), "who").offset(1).limit(5)).all() == [("Homer", 1), ("Nobody", 0)]


def test_flush_rollback_and_savepoints(session):
    author = session.scalars(sa.select(Author).filter_by(name="Nobody")).one()
    author.books.append(Book(title="Omoo"))
    session.flush()
    assert author.books[0].id > 3, "the key that the server gave"
    with pytest.raises(sa.exc.IntegrityError) as caught, session.begin_nested():
        session.add(Author(name="Homer"))
        session.flush()
    assert caught.value.orig.sqlcode == -119 and isinstance(caught.value.orig, irislink.IntegrityError)
    assert session.scalar(sa.select(sa.func.count()).select_from(Book)) == 4, "what stood before the savepoint stands"
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(Book)) == 3
    session.delete(session.scalars(sa.select(Author).filter_by(name="Melville")).one())
    session.commit()
    assert session.scalars(sa.select(Book.title)).all() == ["Odyssey"]
    assert session.scalar(sa.select(sa.func.count()).select_from(listed)) == 2


def test_a_row_that_another_has_changed_is_noticed(session, engine):
    author = session.scalars(sa.select(Author).filter_by(name="Homer")).one()
    session.commit()
    author.name = "Homer of Chios"
    with engine.begin() as other:
        other.execute(sa.update(Author.__table__).values(version=99))
    session.expire_all()
    author.name = "Homer of Chios"
    session.flush()
    with orm.Session(engine) as late:
        stale = Author(id=author.id, name="x", version=1)
        orm.make_transient_to_detached(stale)
        session.commit()
        late.add(stale)
        stale.name = "late"
        with pytest.raises(orm.exc.StaleDataError):
            late.flush()


def test_many_rows(session):
    session.execute(sa.insert(Tag), [{"word": f"w{n}"} for n in range(2000)])
    result = session.execute(sa.update(Tag).where(Tag.word.startswith("w1")).values(word="one"))
    assert result.rowcount == 1111
    assert session.execute(sa.delete(Tag).where(Tag.word == "one")).rowcount == 1111
    session.execute(sa.insert(Tag).values([{"word": "a"}, {"word": "b"}]))
    assert len(session.scalars(sa.select(Tag).execution_options(yield_per=100)).all()) == 893


def test_the_sample(sandbox):
    done = subprocess.run([sys.executable, SAMPLES / "star_catalogue.py", sandbox.uri()], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1:] == [
        "Sun: Mars 0.107, Earth 1.000 [Bright, Near]",
        "Proxima has 1, of which the heaviest has 1.070",
        "Sun has 2, of which the heaviest has 1.000",
        "left: Proxima b",
    ]


def test_asyncio(sandbox):
    async def work():
        engine = create_async_engine(url_of(sandbox))
        assert engine.dialect.driver == "irislink_async"
        async with engine.begin() as on:
            await on.run_sync(Base.metadata.create_all)
        try:
            async with AsyncSession(engine, expire_on_commit=False) as session:
                session.add_all(library())
                await session.commit()
                found = await session.scalars(sa.select(Author).options(orm.selectinload(Author.books)).order_by(Author.name))
                assert [(a.name, len(a.books)) for a in found] == [("Homer", 1), ("Melville", 2), ("Nobody", 0)]
                session.add(Author(name="Homer"))
                with pytest.raises(sa.exc.IntegrityError):
                    await session.flush()
                await session.rollback()
                await session.execute(sa.insert(Tag), [{"word": f"w{n}"} for n in range(3000)])
                rows = await session.stream_scalars(sa.select(Tag.word).order_by(Tag.id).execution_options(yield_per=500))
                assert [word async for word in rows][-1] == "w2999"
                rows = await session.stream(sa.select(Tag))
                assert await rows.first() is not None, "a stream that is left"
            names = sa.select(Author.name).order_by(Author.name)

            async def one():
                async with engine.connect() as on:
                    await on.execution_options(isolation_level="READ COMMITTED")
                    return (await on.execute(names)).scalars().all()

            assert await asyncio.gather(*[one() for _ in range(10)]) == [["Homer", "Melville", "Nobody"]] * 10
            async with engine.connect() as on:
                await on.execution_options(isolation_level="AUTOCOMMIT")
                await on.execute(sa.insert(Author).values(name="at once", version=1))
                await on.rollback()
                assert len((await on.execute(names)).all()) == 4
                driver = (await on.get_raw_connection()).driver_connection
                assert isinstance(driver, irislink.aio.Connection) and driver.autocommit
            async with engine.connect() as on:
                assert await on.run_sync(lambda sync: sync.get_isolation_level()) == "READ UNCOMMITTED", "as it was"
        finally:
            async with engine.begin() as on:
                await on.run_sync(Base.metadata.drop_all)
            await engine.dispose()

    asyncio.run(asyncio.wait_for(work(), 60))


# -- types and names -------------------------------------------------------------------------------------------------------

VALUES = {
    "b": (sa.Boolean, True),
    "t": (TINYINT, -128),
    "i": (sa.Integer, -(2**31)),
    "g": (sa.BigInteger, 2**63 - 1),
    "n": (sa.Numeric(18, 4), decimal.Decimal("-99999999999999.9999")),
    "f": (sa.Float, 0.1),
    "s": (sa.String(20), ""),
    "u": (sa.Text, "Größe 🚀" * 1000),
    "l": (LONGVARCHAR, "long " * 20000),
    "x": (sa.LargeBinary, b"\0\xff" * 1000),
    "y": (LONGVARBINARY, b"\1" * 100000),
    "d": (sa.Date, datetime.date(1, 1, 1)),
    "tm": (sa.Time, datetime.time(23, 59, 59, 999999)),
    "ts": (sa.DateTime, datetime.datetime(9999, 12, 31, 23, 59, 59, 999999)),
    "id1": (sa.Uuid, uuid.UUID(int=2**128 - 2)),
    "id2": (UNIQUEIDENTIFIER(as_uuid=False), "00112233-4455-6677-8899-aabbccddeeff"),
    "id3": (sa.Uuid(native_uuid=False), uuid.UUID(int=7)),
    "j": (sa.JSON, {"a": [1, 2.5, None, "ж"], "b": {"": ""}}),
    "e": (sa.Enum("red", "green", name="colour"), "green"),
    "v": (sa.Interval, datetime.timedelta(days=3, microseconds=5)),
}


def test_every_type_there_and_back(engine, metadata):
    table = sa.Table("sa_every", metadata, sa.Column("k", sa.Integer, primary_key=True), *[sa.Column(name, kind) for name, (kind, _) in VALUES.items()])
    metadata.create_all(engine)
    row = {name: value for name, (_, value) in VALUES.items()}
    with engine.begin() as on:
        assert on.execute(table.insert(), row).inserted_primary_key == (1,)
        on.execute(table.insert(), {"k": 17})
        first, second = on.execute(sa.select(table).order_by(table.c.k)).mappings()
        assert {name: first[name] for name in row} == row
        assert second["k"] == 17 and set(second.values()) == {17, None}
        assert all(type(first[name]) is type(value) for name, value in row.items())
        for name in ("b", "t", "i", "g", "n", "s", "u", "d", "tm", "ts", "id1", "id2", "id3", "j", "e", "v"):
            assert on.scalar(sa.select(table.c.k).where(table.c[name] == row[name])) == 1, name
            assert on.scalar(sa.select(sa.literal(row[name], VALUES[name][0]))) == row[name], name
    found = {each["name"]: each for each in sa.inspect(engine).get_columns("SA_EVERY")}
    assert list(found) == ["k", *VALUES] and found["k"]["autoincrement"] and not found["s"]["autoincrement"]
    assert repr(found["n"]["type"]) == "NUMERIC(precision=18, scale=4)" and found["s"]["type"].length == 20
    assert isinstance(found["l"]["type"], LONGVARCHAR) and isinstance(found["id2"]["type"], UNIQUEIDENTIFIER)
    again = sa.Table("sa_every", sa.MetaData(), autoload_with=engine)
    again.name = "sa_again"
    again.to_metadata(metadata, name="sa_again")
    metadata.create_all(engine)


def test_names_collations_comments_and_checks(engine, metadata):
    sa.Table(
        "sa_Odd",
        metadata,
        sa.Column("order", sa.Integer, primary_key=True, comment="it's one"),
        sa.Column("with space", sa.String(10, collation="EXACT")),
        sa.Column("_under", sa.String(10), index=True),
        sa.CheckConstraint('"order" < 100', name="few"),
        comment="odd names",
        schema="SaOther",
    )
    metadata.create_all(engine)
    asked = sa.inspect(engine)
    assert asked.has_table("sa_odd", "SaOther") and not asked.has_table("sa_odd") and "SaOther" in asked.get_schema_names()
    assert asked.get_table_comment("sa_Odd", "SaOther") == {"text": "odd names"}
    order, space, under = asked.get_columns("sa_Odd", "SaOther")
    assert order["comment"] == "it's one" and space["type"].collation == "EXACT" and under["type"].collation is None
    assert asked.get_check_constraints("sa_Odd", "SaOther")[0]["name"] == "few"
    with pytest.raises(sa.exc.NoSuchTableError):
        asked.get_columns("nothing")
    table = metadata.tables["SaOther.sa_Odd"]
    with engine.begin() as on:
        on.execute(table.insert(), [{"with space": "a", "_under": "a"}])
        assert on.scalar(sa.select(sa.func.count()).where(table.c._under == "A")) == 1, "text is compared without regard to case"
        assert on.scalar(sa.select(sa.func.count()).where(table.c["with space"] == "A")) == 0
        assert on.scalar(sa.select(sa.func.count()).where(table.c._under.collate("EXACT") == "A")) == 0
        with pytest.raises(sa.exc.DBAPIError):
            on.execute(table.insert(), {"order": 100})
    with pytest.raises(sa.exc.CompileError):
        sa.String(10, collation="a; b").compile(dialect=engine.dialect)


def test_a_schema_is_reflected_with_few_questions(engine, metadata):
    for n in range(8):
        sa.Table(
            f"sa_r{n}",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True, comment=f"number {n}"),
            sa.Column("up", sa.ForeignKey("SaMany.sa_r0.id", ondelete="CASCADE")),
            sa.Column("u", sa.String(5), unique=True),
            sa.CheckConstraint(f"id > {n}", name=f"above{n}"),
            schema="SaMany",
        )
    sa.Table("sa_other", metadata, sa.Column("id", sa.Integer, primary_key=True))
    metadata.create_all(engine)
    asked = []

    def note(connection, cursor, statement, *rest):
        asked.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    found = sa.MetaData(schema="SaMany")
    found.reflect(engine)
    sa.event.remove(engine, "before_cursor_execute", note)
    assert len(asked) < 10
    assert sorted(found.tables) == [f"SaMany.sa_r{n}" for n in range(8)]
    for n in range(8):
        table = found.tables[f"SaMany.sa_r{n}"]
        assert [column.name for column in table.columns] == ["id", "up", "u"] and table.c.id.primary_key and table.c.id.comment == f"number {n}"
        (key,) = table.foreign_keys
        assert key.target_fullname == "SaMany.sa_r0.id" and key.ondelete == "CASCADE"
        assert [each.name for each in table.constraints if isinstance(each, sa.CheckConstraint)] == [f"above{n}"]
        assert [(list(each.columns), each.unique) for each in table.indexes] == [([table.c.u], True)]
    assert sa.inspect(engine).get_multi_columns(filter_names=["sa_other"])[(None, "sa_other")][0]["name"] == "id"


def test_foreign_keys_to_the_row_id(engine):
    with engine.begin() as on:
        for ddl in (
            "create table sa_counted (n identity, s varchar(5))",
            "create table sa_plain (s varchar(5))",
            "create table sa_refers (a bigint references sa_counted (n), b bigint references sa_plain (id))",
        ):
            on.execute(sa.text(ddl))
        keys = sa.inspect(on).get_foreign_keys("sa_refers")
        assert [(key["constrained_columns"], key["referred_table"], key["referred_columns"]) for key in keys] == [
            (["a"], "sa_counted", ["n"]),
            (["b"], "sa_plain", ["ID"]),
        ]
        for name in ("sa_refers", "sa_plain", "sa_counted"):
            on.execute(sa.text(f"drop table {name}"))


# -- connections -----------------------------------------------------------------------------------------------------------


def test_urls_and_isolation(sandbox):
    engine = sa.create_engine(url_of(sandbox, "?query_timeout=7&application_name=sa"), isolation_level="READ COMMITTED")
    with engine.connect() as on:
        assert on.get_isolation_level() == "READ COMMITTED" and on.dialect.server_version_info[0] >= 2024
        assert on.connection.dbapi_connection.isolation is irislink.Isolation.READ_COMMITTED
        on.execution_options(isolation_level="AUTOCOMMIT")
        assert on.connection.dbapi_connection.autocommit
    with engine.connect() as on:
        assert not on.connection.dbapi_connection.autocommit and on.get_isolation_level() == "READ COMMITTED"
    engine.dispose()
    for query in ("?autocommit=true", "?security_level=1&security_level=2"):
        with pytest.raises(sa.exc.ArgumentError):
            sa.create_engine(url_of(sandbox, query)).connect()
    with pytest.raises(TypeError, match="no keyword 'query_timeuot'"):
        sa.create_engine(url_of(sandbox, "?query_timeuot=7")).connect()
    with pytest.raises(sa.exc.OperationalError, match="28000"):
        sa.create_engine(sandbox.uri(password="no").replace("iris:", "iris+irislink:")).connect()


def test_lost_connections_are_noticed():
    server = Sandbox()
    try:
        engine = sa.create_engine(url_of(server))
        with engine.connect() as on:
            on.execute(sa.text("select 1"))
            server.process.terminate()
            server.process.wait(timeout=20)
            with pytest.raises(sa.exc.OperationalError) as caught:
                on.execute(sa.text("select 1"))
        assert caught.value.connection_invalidated
        engine.dispose()
    finally:
        server.close()


def test_asyncio_leaves_no_result_sets_of_a_call_on_the_server(sandbox):
    def call(sync):
        raw = sync.connection.dbapi_connection
        cursor = raw.cursor()
        cursor.execute("call SaCalls.Two()")
        assert cursor.description[0][0] == "A" and cursor.fetchall() == [(1,)]
        assert cursor._cursor._call is None, "closing it cannot wait for the server"
        cursor.close()
        return sync.exec_driver_sql("call SaCalls.Two()").fetchall()

    async def work():
        engine = create_async_engine(url_of(sandbox))
        async with engine.begin() as on:
            await on.exec_driver_sql("create procedure SaCalls.Two() dynamic result sets begin select 1 as A; select 2 as B; end")
            assert await on.run_sync(call) == [(1,)]
            await on.exec_driver_sql("drop procedure SaCalls.Two")
        await engine.dispose()

    asyncio.run(asyncio.wait_for(work(), 30))


def test_asyncio_a_call_that_fails_in_the_middle(sandbox):
    def call(sync):
        cursor = sync.connection.dbapi_connection.cursor()
        cursor.execute("select 1")
        for procedure in ("SaCalls.BadRow", "SaCalls.BadOutput"):
            with pytest.raises(irislink.DataError, match="microseconds"):
                cursor.execute(f"call {procedure}(?)", (None,))
            assert cursor._cursor._call is None and cursor._cursor._result is None
            assert cursor.fetchall() == [], "rows of the statement before are no rows of this one"

    async def work():
        engine = create_async_engine(url_of(sandbox))
        async with engine.begin() as on:
            fine = "cast('2024-01-02 03:04:05.123456789' as timestamp)"
            await on.exec_driver_sql(f"create procedure SaCalls.BadRow(in n integer) dynamic result sets begin select {fine} as A; select 2 as B; end")
            await on.exec_driver_sql(
                f"create procedure SaCalls.BadOutput(out t timestamp) dynamic result sets begin set t = {fine}; select 1 as A; select 2 as B; end"
            )
            await on.run_sync(call)
            await on.exec_driver_sql("drop procedure SaCalls.BadRow")
            await on.exec_driver_sql("drop procedure SaCalls.BadOutput")
        await engine.dispose()

    asyncio.run(asyncio.wait_for(work(), 30))


def test_asyncio_cancelled_and_lost():
    async def work():
        server = Sandbox()
        engine = create_async_engine(url_of(server), pool_size=1, max_overflow=0)
        try:
            async with engine.begin() as on:
                await on.execute(sa.text("create table sa_slow (n integer)"))
                await on.execute(sa.text("insert into sa_slow values (:n)"), [{"n": n} for n in range(10)])
            slow = sa.text(f"select count(*) from {', '.join(f'sa_slow {name}' for name in 'abcdefgh')}")
            async with engine.connect() as on:
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(on.execute(slow), 0.3)
            async with engine.connect() as on:
                assert await on.scalar(sa.text("select count(*) from sa_slow")) == 10, "the pool's one connection is free"
                server.process.terminate()
                server.process.wait(timeout=20)
                with pytest.raises(sa.exc.OperationalError) as caught:
                    await on.execute(sa.text("select 1"))
                assert caught.value.connection_invalidated
        finally:
            await engine.dispose()
            server.close()

    asyncio.run(asyncio.wait_for(work(), 30))


def test_pooled_connections_are_tried_before_they_are_lent(sandbox):
    engine = sa.create_engine(url_of(sandbox), pool_pre_ping=True, pool_size=1)
    with engine.connect() as on:
        first = on.connection.dbapi_connection
    first.close()
    with engine.connect() as on:
        assert on.scalar(sa.text("select 1")) == 1 and on.connection.dbapi_connection is not first
    engine.dispose()


# -- what stands on it -----------------------------------------------------------------------------------------------------


def test_pandas(engine):
    frame = pd.DataFrame(
        {
            "n": [1, 2, 3],
            "x": [0.5, None, -1.0],
            "word": ["a", None, "ж"],
            "at": pd.to_datetime(["2026-01-02 03:04:05.678901", None, "1999-12-31 00:00:00.5"]),
            "yes": [True, False, True],
        }
    )
    with engine.begin() as on:
        assert frame.to_sql("sa_frame", on, index=False, if_exists="replace") == 3
        frame.to_sql("sa_frame", on, index=False, if_exists="append", method="multi")
        back = pd.read_sql("select * from sa_frame", on)
        pd.testing.assert_frame_equal(pd.read_sql_table("sa_frame", on), pd.concat([frame, frame], ignore_index=True), check_dtype=False)
        assert list(back["word"].fillna("none")) == ["a", "none", "ж"] * 2
        few = pd.read_sql(sa.text("select n from sa_frame where word = :word"), on, params={"word": "A"})
        assert list(few["n"]) == [1, 1]
        on.execute(sa.text("drop table sa_frame"))


def test_alembic(engine, metadata):
    sa.Table("sa_moved", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(30)), sa.Column("note", sa.Text))
    sa.Table("sa_typed", metadata, sa.Column("id", sa.Integer, primary_key=True), *[sa.Column(name, kind) for name, (kind, _) in VALUES.items()])
    with engine.begin() as on:
        context = MigrationContext.configure(on, opts={"compare_type": True})
        assert [each[0] for each in compare_metadata(context, metadata) if "sa_moved" in str(each)] == ["add_table"]
        metadata.create_all(on)
        assert not [each for each in compare_metadata(context, metadata) if "sa_moved" in str(each) or "sa_typed" in str(each)]
        do = Operations(context)
        do.add_column("sa_moved", sa.Column("extra", sa.Integer, server_default="7"))
        do.alter_column("sa_moved", "name", new_column_name="title")
        do.create_index("sa_moved_title", "sa_moved", ["title"])
        do.rename_table("sa_moved", "sa_gone")
        do.drop_column("sa_gone", "note")
        assert [each["name"] for each in sa.inspect(on).get_columns("sa_gone")] == ["id", "title", "extra"]
        assert sa.inspect(on).get_indexes("sa_gone")[0]["name"] == "sa_moved_title"
        do.drop_index("sa_moved_title", "sa_gone")
        do.drop_table("sa_gone")
    # What the sandbox has not.
    text = []
    context = MigrationContext.configure(dialect=engine.dialect, opts={"as_sql": True, "output_buffer": type("", (), {"write": text.append, "flush": int})})
    do = Operations(context)
    do.alter_column("t", "c", type_=sa.Text(), nullable=False, server_default="x")
    do.alter_column("t", "c", server_default=None, nullable=True, existing_type=sa.Text())
    assert [line.split("t ", 1)[1].strip(" ;\n") for line in text if line.startswith("ALTER")] == [
        "ALTER COLUMN c NOT NULL",
        "ALTER COLUMN c SET DEFAULT 'x'",
        "ALTER COLUMN c VARCHAR(65535)",
        "ALTER COLUMN c NULL",
        "ALTER COLUMN c DROP DEFAULT",
    ]
