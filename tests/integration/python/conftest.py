"""The sandbox that the tests of a file share, and connections to it."""

import pytest

import irislink


@pytest.fixture(scope="module")
def sandbox():
    from support import Sandbox  # of tests/integration/cli

    made = Sandbox()
    yield made
    made.close()


@pytest.fixture
def connect(sandbox):
    """Connects with further keywords; closes what is still open at the end."""
    opened = []

    def one(**keywords):
        opened.append(irislink.connect(sandbox.uri(), **keywords))
        return opened[-1]

    yield one
    for each in opened:
        each.close()


@pytest.fixture
def db(connect):
    return connect(autocommit=True)


@pytest.fixture
def table(db):
    """Makes a table of these columns, gone at the end; gives its name."""
    made = []

    def make(columns):
        name = f"py_{len(made)}"
        db.execute(f"create table {name} ({columns})")
        made.append(name)
        return name

    yield make
    for each in made:
        db.execute(f"drop table {each}")
