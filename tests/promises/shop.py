"""The workshop, running, with somebody who works in it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

import asyncpg

from portico import Org, User
from portico.adapters.postgres.servers import Urls
from portico.testing import Client, Harness, Reply, open_harness
from tests.promises.workshop import app, meeting, waiting

GENEROUS = 1_000_000
NUMBERS = count(1)
LEFT = """
    select (select count(*) from notes) as notes, (select count(*) from portico.audit where outcome = 'done') as audits,
           (select count(*) from portico.outbox) as events, (select count(*) from portico.idempotency) as answers
"""
NOTHING = {"notes": 0, "audits": 0, "events": 0, "answers": 0}
ONE = {"notes": 1, "audits": 1, "events": 1, "answers": 1}


@dataclass
class Shop:
    """The running workshop and a member of one organization."""

    portico: Harness
    org: Org
    user: User
    client: Client

    async def write(self, body: str, *, key: str = "", **fields: object) -> Reply:
        """Write a note, under a key where one is given."""
        headers = {"idempotency-key": key} if key else {}
        return await self.client.post("/api/v1/notes", {"body": body, **fields}, headers=headers)

    async def left_behind(self) -> dict[str, int]:
        """How many rows of each kind there are."""
        return dict((await self.portico.rows(LEFT))[0])

    async def terminate(self) -> None:
        """End every connection of the application from outside, as an administrator may."""
        assassin = await asyncpg.connect(self.portico.urls.app)
        await assassin.execute(
            "select pg_terminate_backend(pid, 2000) from pg_stat_activity "
            "where usename = current_user and datname = current_database() and pid <> pg_backend_pid()"
        )
        await assassin.close()


@asynccontextmanager
async def open_shop(urls: Urls, **settings: object) -> AsyncIterator[Shop]:
    """The workshop on an empty database."""
    waiting.begin()
    meeting.begin()
    async with open_harness(app, urls, **{"portico_rate_limit_factor": GENEROUS, **settings}) as portico:
        await portico.empty()
        yield await join(portico, "Shop")


async def join(portico: Harness, name: str) -> Shop:
    """Somebody in another organization of the same workshop."""
    number = next(NUMBERS)
    org = await portico.organization(f"{name} {number}")
    user = await portico.member(f"{name}-{number}@example.com".lower(), org=org.id)
    return Shop(portico, org, user, portico.client(user, org=org.id))


def refusal(reply: Reply) -> tuple[int, str]:
    """Status and code of an answer."""
    return reply.status, str(reply.json.get("code", ""))


async def until(event: asyncio.Event) -> None:
    """Wait for something that must happen soon."""
    async with asyncio.timeout(10):
        await event.wait()
