"""Statements stay prepared on their connection, for as long as what they give stays the same."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from portico import App
from portico.adapters.postgres import connections
from portico.adapters.postgres.connections import Limits, connect
from portico.adapters.postgres.pool import Connection
from portico.adapters.postgres.servers import Urls
from portico.testing.databases import Databases

pytestmark = pytest.mark.anyio
PREPARED = "select count(*) from pg_prepared_statements where statement like 'select % as answer'"
ALL = "select * from changing"


@pytest.fixture
async def urls(portico_app: App, portico_databases: Databases) -> Urls:
    """Of a database that others use as well."""
    return await portico_databases.of(portico_app)


@pytest.fixture
async def connection(urls: Urls) -> AsyncIterator[Connection]:
    """As the application's pool opens it."""
    opened = await connect(urls.app, Limits())
    yield opened
    opened.terminate()


@pytest.fixture
async def owner(urls: Urls) -> AsyncIterator[Connection]:
    """Who may change tables; there is one, which is gone afterwards."""
    opened = await asyncpg.connect(urls.owner)
    await opened.execute("create table changing as select 1 as one; grant select on changing to portico_app")
    yield opened
    await opened.execute("drop table changing")
    await opened.close()


async def test_a_statement_is_prepared_once(connection: Connection) -> None:
    """Whatever its values."""
    answers = [(await connection.fetch("select $1::int as answer", number))[0][0] for number in (1, 2)]

    assert answers == [1, 2]
    assert (await connection.fetch(PREPARED))[0][0] == 1


async def test_so_many_are_kept_and_the_oldest_goes(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the server too, so that no program can fill its memory by writing statements."""
    monkeypatch.setattr(connections, "MOST", 3)
    for number in range(10):
        await connection.fetch(f"select {number} as answer")

    assert (await connection.fetch(PREPARED))[0][0] <= 3
    assert (await connection.fetch("select 0 as answer"))[0][0] == 0


async def test_a_table_that_was_changed_is_read_as_it_is_now(connection: Connection, owner: Connection) -> None:
    """Outside of a transaction at once: there is nothing that would have to begin anew."""
    await connection.fetch(ALL)
    await owner.execute("alter table changing add column two integer default 2")

    assert [tuple(row) for row in await connection.fetch(ALL)] == [(1, 2)]
    assert [tuple(row) for row in await connection.fetch(ALL)] == [(1, 2)]


async def test_a_transaction_in_which_it_was_changed_fails_and_the_next_reads_it(
    connection: Connection, owner: Connection
) -> None:
    """What ran before in the transaction is lost with it, so that whoever began it has to begin again."""
    await connection.fetch(ALL)
    await owner.execute("alter table changing add column two integer default 2")
    await connection.execute("begin")

    with pytest.raises(asyncpg.InvalidCachedStatementError):
        await connection.fetch(ALL)
    await connection.execute("rollback; begin")

    assert [tuple(row) for row in await connection.fetch(ALL)] == [(1, 2)]


async def test_a_connection_that_was_cut_off_says_so(connection: Connection) -> None:
    """As one that is gone, which the pool and the transaction know what to do about."""
    connection.terminate()

    with pytest.raises(asyncpg.InterfaceError):
        await connection.fetch(ALL)
    with pytest.raises(asyncpg.InterfaceError):
        await connection.execute("begin")
