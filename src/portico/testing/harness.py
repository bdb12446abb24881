"""An application on a real, emptied database: people, the wire, the clock, what was left behind."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import asyncpg
from pydantic import SecretStr
from pydantic_core import from_json

from portico.adapters.memory.clock import SettableClock
from portico.adapters.postgres.servers import Urls
from portico.app.application import App
from portico.app.built_in import send_mail
from portico.app.caller import proof_of
from portico.app.settings import Settings, read_settings
from portico.core.call import Call
from portico.core.context import PublicContext
from portico.core.event import EVENTS, Event
from portico.core.principal import Org, Request, User
from portico.ports.database import Entry, Facts
from portico.ports.flags import Rule
from portico.ports.mailer import Mail
from portico.testing.backstage import Backstage
from portico.testing.client import HOST
from portico.testing.emptying import empty
from portico.testing.unwired import unwired_services

C = TypeVar("C", bound=PublicContext)
SIGNING = "a secret that only tests may know, long enough"
FLAG = """
insert into portico.flags (name, state, percentage, by, users, orgs) values ($1, $2, $3, $4, $5, $6)
on conflict (name) do update
   set state = excluded.state, percentage = excluded.percentage, by = excluded.by, users = excluded.users,
       orgs = excluded.orgs
"""


class Harness(Backstage):
    """The app on a real database; made by the fixture `portico`, or by `open_harness`."""

    def __init__(
        self, app: App, urls: Urls, *, owner: "asyncpg.Connection[asyncpg.Record]", clock: SettableClock
    ) -> None:
        """`owner` is a connection as the role that owns the tables."""
        super().__init__(app, owner)
        self.urls = urls
        self.clock = clock

    async def emitted(self) -> list[Event]:
        """The events in the outbox, oldest first."""
        rows = await self._owner.fetch("select name, data::text from portico.outbox order by id")
        return [EVENTS[name].model_validate(from_json(data)) for name, data in rows]

    @property
    def mailbox(self) -> list[Mail]:
        """The mails that have arrived, newest last; `mails` sends those that wait."""
        kept = self.app.running.mailing.kept
        return kept.mails if kept else []

    async def mails(self) -> list[Mail]:
        """Send the mails that wait; all of them, newest last."""
        await self.work.run(send_mail.name)
        return self.mailbox

    async def touched(self) -> None:
        """Write what was noted now: last uses of sessions and API keys, drifts, what experiments count."""
        services = self.app.running.pipeline.services
        await services.touches.flush()
        await services.trials.flush()

    async def flag(self, rule: Rule) -> None:
        """Set a feature flag, as an operator would, at hand when this returns."""
        await self._owner.execute(FLAG, *rule._replace(users=list(rule.users), orgs=list(rule.orgs)))  # type: ignore[arg-type]  # asyncpg takes lists
        await self.app.running.pipeline.services.flags.refresh()

    async def rows(self, sql: str, *values: object) -> "list[asyncpg.Record]":
        """What is in the database, read as its owner, who sees every organization."""
        rows: list[asyncpg.Record] = await self._owner.fetch(sql, *values)
        return rows

    @asynccontextmanager
    async def context(self, kind: type[C], /, *, user: User | None = None, org: UUID | None = None) -> AsyncIterator[C]:
        """A context on a real transaction that is rolled back: for calling an action as the bare function it is."""
        running = self.app.running
        call = Call("a test", running.pipeline.services, Request(id="test"))
        call.live = False
        call.transaction = tx = await running.database.begin(read_only=False)
        try:
            credential = proof_of(user.id, running.proof_key) if user else None
            call.pass_gate(await tx.gate(Entry(credential, org)))
            yield kind(call)
        finally:
            await tx.rollback()

    async def empty(self) -> None:
        """Remove every row; the schema stays."""
        await empty(self.urls, self._owner)
        await self.app.running.pipeline.services.flags.refresh()

    @staticmethod
    def policy_call(
        *,
        now: datetime | None = None,
        org: Org | None = None,
        input: Mapping[str, object] | None = None,
        facts: Facts | None = None,
    ) -> Call:
        """A call for testing a policy's pure hooks: no database, no application."""
        call = Call("a test", unwired_services(SettableClock(now)), Request(id="test"))
        call.values = input or {}
        known = facts or Facts()
        if org is not None:
            known = known._replace(org_id=org.id, org_name=org.name, org_timezone=org.timezone)
        call.pass_gate(known)
        return call


@asynccontextmanager
async def open_harness(app: App, urls: Urls, **settings: object) -> AsyncIterator[Harness]:
    """The application running on a migrated database; `settings` as in `Settings`, cheap passwords by default."""
    from portico.app.running import open_application  # drivers load when an application starts

    clock = SettableClock()
    owner = await asyncpg.connect(urls.owner, timeout=10, command_timeout=30)
    try:
        async with open_application(app, settings_for(urls, **settings), clock) as running:
            app.attach(running)
            harness = Harness(app, urls, owner=owner, clock=clock)
            try:
                yield harness
            finally:
                await harness.work.close()
                app.attach(None)
    finally:
        await owner.close(timeout=5)


def settings_for(urls: Urls, **settings: object) -> Settings:
    """Settings for tests: the given database, cheap passwords, no access log."""
    return read_settings(
        **{
            "database_url": SecretStr(urls.app),
            "database_owner_url": SecretStr(urls.owner),
            "database_worker_url": SecretStr(urls.worker),
            "secret_key": SecretStr(SIGNING),
            "portico_folder": Path(".portico"),
            "portico_password_hashing": "cheapest",
            "portico_access_log": False,
            "portico_wake_seconds": 300,  # nobody listens but `run_jobs`
            "portico_derive_webhook_secrets": True,
            "portico_upkeep": False,  # its schedule is the workers', not the application's under test
            "portico_touch_seconds": 300,  # `touched` writes them when a test wants it
            "portico_mail": "mailbox",
            "portico_url": f"https://{HOST}",
            **settings,
        }
    )
