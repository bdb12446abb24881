"""The bakery, its people, and an empty record of what jobs were given."""

from dataclasses import dataclass

import pytest

from portico import App, Caller, Org, User
from portico.testing import Harness
from tests.integration.jobs import bakery


@dataclass
class Shop:
    """An organization with a member, and what its jobs were given."""

    portico: Harness
    org: Org
    ann: User
    seen: list[tuple[object, ...]]

    @property
    def caller(self) -> Caller:
        """Calls as the member."""
        return self.portico.app.as_(self.ann, org=self.org.id)

    async def order(self, *loaves: str) -> None:
        """Order, one after another."""
        for loaf in loaves:
            (await self.caller.call(bakery.order, loaf=loaf)).unwrap()

    async def dead(self) -> list[tuple[str, str]]:
        """The jobs that were given up, and why."""
        rows = await self.portico.rows(
            "select name, problem ->> 'code' as code from portico.jobs where state = 'dead' order by seq"
        )
        return [(row["name"], row["code"]) for row in rows]


@pytest.fixture(scope="session")
def portico_app() -> App:
    """The bakery."""
    return bakery.app


@pytest.fixture
async def shop(portico: Harness) -> Shop:
    """An organization of one, in front of empty records."""
    for record in (bakery.SEEN, bakery.TROUBLES, bakery.ORGANIZATIONS):
        record.clear()
    for event in (bakery.BEGUN, bakery.INTERRUPTED):
        event.clear()
    org = await portico.organization("Corner")
    return Shop(portico, org, await portico.member("ann@example.com", org=org.id), bakery.SEEN)
