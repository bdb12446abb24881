"""The Salon's tables, as its database has them."""

import asyncpg
import pytest

from portico.adapters.postgres.migrations import drift
from portico.testing import Harness
from salon.app import HERE
from salon.metadata import metadata
from tests.salon.desk import Desk, open_desk

pytestmark = pytest.mark.anyio

TEN = "2030-05-17T08:00:00Z"
MOVE_LINE = "update appointments set staff_number = (select max(number) from staff)"


async def test_the_migrations_make_the_tables_that_the_code_declares(portico: Harness) -> None:
    """Nobody changes the one and forgets the other."""
    assert await drift(portico.urls, metadata=metadata, app_migrations=HERE / "migrations") == []


async def test_every_member_of_staff_has_a_number_of_their_own(desk: Desk) -> None:
    """Whatever the business: numbers are what keeps slots apart."""
    await open_desk(desk.portico, "Elsewhere")

    numbers = [row["number"] for row in await desk.portico.rows("select number from staff")]

    assert len(numbers) == len(set(numbers)) == 2


async def test_an_appointment_lies_on_its_own_staffs_line(desk: Desk) -> None:
    """Not even the owner of the tables can put it on somebody else's."""
    await desk.booked(TEN)
    await open_desk(desk.portico, "Elsewhere")

    with pytest.raises(asyncpg.ForeignKeyViolationError, match="appointments_staff_fkey"):
        await desk.portico.rows(MOVE_LINE)


@pytest.mark.parametrize(
    "change",
    [
        "scheduled_at = scheduled_at + interval '1 second'",
        "ends_at = scheduled_at",
        "scheduled_at = '1969-12-31 23:00:00+00'",
        "status = 'lost'",
    ],
)
async def test_the_database_refuses_what_is_no_appointment(desk: Desk, change: str) -> None:
    """The third layer stands behind the input's rules."""
    await desk.booked(TEN)

    with pytest.raises(asyncpg.CheckViolationError):
        await desk.portico.rows(f"update appointments set {change}")
