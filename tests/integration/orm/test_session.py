"""A SQLAlchemy session works in a transaction that is not its own, and leaves no trace beside its statements."""

import asyncio
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError, InvalidRequestError
from sqlalchemy.orm.exc import StaleDataError

from portico.adapters.postgres.orm import session_on
from portico.adapters.postgres.servers import Urls
from tests.integration.orm.conftest import Lender, Visit, lent

pytestmark = pytest.mark.anyio


async def test_an_added_object_is_written_and_given_back_by_the_database(lender: Lender) -> None:
    """The flush sends one INSERT; organization and id are the database's."""
    visit = Visit(notes="first", details={"tags": ["new", None]})
    session = session_on(lender.connection)
    session.add(visit)

    await session.flush()

    assert visit.org_id == lender.org
    assert isinstance(visit.id, UUID)
    assert await lender.connection.fetchval("select details->'tags'->>0 from visits") == "new"


async def test_nothing_but_its_statements_is_sent(lender: Lender) -> None:
    """No BEGIN, COMMIT, ROLLBACK, SET, reset or introspection comes from a session's whole life."""
    await write_and_read(lender)
    await settled()
    lender.sent.clear()

    await write_and_read(lender)
    await settled()

    assert [statement.split()[0] for statement in lender.sent] == ["INSERT", "UPDATE", "SELECT"]


async def test_its_work_is_rolled_back_with_the_lenders_transaction(visits: tuple[Urls, UUID]) -> None:
    """Flushed and closed, it is still undecided until the lender decides."""
    urls, org = visits
    async with lent(urls.app, org) as lender:
        await write_and_read(lender)
        assert await lender.connection.fetchval("select count(*) from visits") == 1

    async with lent(urls.app, org) as lender:
        assert await lender.connection.fetchval("select count(*) from visits") == 0


async def test_it_sees_what_the_lender_wrote(lender: Lender) -> None:
    """Both look at one transaction."""
    await lender.connection.execute("insert into visits (notes) values ('by hand')")

    found = await session_on(lender.connection).scalar(select(Visit.notes))

    assert found == "by hand"


async def test_every_type_comes_back_as_it_went(lender: Lender) -> None:
    """JSON by the connection's own codecs, numbers and times as SQLAlchemy gives them."""
    session = session_on(lender.connection)
    visit = Visit(notes="n", price=Decimal("12.50"), details=[1, {"a": "ü"}], seats=2)
    session.add(visit)
    await session.flush()

    await session.refresh(visit)

    assert (visit.price, visit.details, visit.seats) == (Decimal("12.50"), [1, {"a": "ü"}], 2)
    assert visit.made_at.tzinfo is not None


async def test_commit_and_rollback_are_refused(lender: Lender) -> None:
    """Only the action's end decides; the error says so, by whatever way it is tried."""
    session = session_on(lender.connection)

    with pytest.raises(InvalidRequestError, match=r"ctx\.orm cannot commit: the action's own transaction commits when"):
        await session.commit()
    with pytest.raises(InvalidRequestError, match=r"ctx\.orm cannot roll back"):
        await session.rollback()
    with pytest.raises(InvalidRequestError, match=r"ctx\.orm cannot begin another transaction"):
        async with session.begin():
            pytest.fail("a transaction within the transaction")
    with pytest.raises(InvalidRequestError, match=r"ctx\.orm cannot commit"):
        await session.run_sync(lambda inner: inner.commit())


async def test_a_savepoint_takes_back_its_own_part(lender: Lender) -> None:
    """A refused row inside a savepoint leaves the transaction usable, and what came before."""
    session = session_on(lender.connection)
    session.add(Visit(notes="kept"))
    await session.flush()

    with pytest.raises(IntegrityError):
        async with session.begin_nested():
            session.add(Visit(notes="refused", seats=0))

    assert (await session.scalars(select(Visit.notes))).all() == ["kept"]


async def test_an_error_carries_the_drivers_own(lender: Lender) -> None:
    """The constraint's name is found down the causes, for whoever maps errors."""
    session = session_on(lender.connection)
    session.add(Visit(notes="refused", seats=0))

    with pytest.raises(IntegrityError) as refused:
        await session.flush()

    cause = refused.value.__cause__ and refused.value.__cause__.__cause__
    assert isinstance(cause, asyncpg.CheckViolationError)
    assert cause.constraint_name == "visits_have_seats"


async def test_counts_of_changed_rows_are_told(lender: Lender) -> None:
    """Statements without rows answer with their number, and a vanished row is noticed."""
    session = session_on(lender.connection)
    visits = [Visit(notes=str(number)) for number in range(3)]
    session.add_all(visits)
    await session.flush()

    changed = await session.connection()
    result = await changed.execute(update(Visit).where(Visit.notes != "0").values(seats=9))
    await lender.connection.execute("delete from visits")
    visits[0].notes = "gone"

    assert result.rowcount == 2
    with pytest.raises(StaleDataError):
        await session.flush()


async def test_rows_can_be_streamed(lender: Lender) -> None:
    """A cursor on the lent connection, for what does not fit into memory."""
    await lender.connection.execute("insert into visits (notes) select n::text from generate_series(1, 120) n")

    stream = await session_on(lender.connection).stream_scalars(select(Visit.notes))

    assert len([note async for note in stream]) == 120


async def test_statements_are_prepared_once_for_all_sessions(lender: Lender) -> None:
    """The second session sends the statement alone: asyncpg has it prepared on this connection."""
    await session_on(lender.connection).scalar(select(func.count()).select_from(Visit))
    prepared = "select count(*) from pg_prepared_statements where statement like 'SELECT count(*) AS%'"
    before = await lender.connection.fetchval(prepared)

    await session_on(lender.connection).scalar(select(func.count()).select_from(Visit))

    assert before == 1
    assert await lender.connection.fetchval(prepared) == 1


async def test_a_lost_connection_is_an_error_and_nothing_is_connected_anew(visits: tuple[Urls, UUID]) -> None:
    """The session cannot go on elsewhere: another connection would be another transaction."""
    urls, _ = visits
    connection = await asyncpg.connect(urls.app)
    session = session_on(connection)
    await session.scalar(select(Visit.notes))
    connection.terminate()

    for _ in range(2):
        with pytest.raises(Exception, match=r"closed|reconnect|inactive"):
            await session.scalar(select(Visit.notes))


async def write_and_read(lender: Lender) -> None:
    """Use a session from its opening to its closing."""
    session = session_on(lender.connection)
    visit = Visit(notes="first")
    session.add(visit)
    await session.flush()
    visit.notes = "second"
    await session.flush()
    await session.refresh(visit)
    await session.close()


async def settled() -> None:
    """Let asyncpg call its query loggers, which it does one turn of the loop later."""
    for _ in range(3):
        await asyncio.sleep(0)
