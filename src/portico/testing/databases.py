"""The databases of a test run: made once for each application, emptied for each test."""

import os

from portico.adapters.postgres.embedded import Embedded
from portico.app.application import App
from portico.app.migrating import migrate
from portico.testing.emptying import Broom, OwnUrls
from portico.testing.harness import settings_for


class Databases:
    """The migrated databases of this worker, one for each application under test."""

    def __init__(self, server: Embedded, worker: str) -> None:
        """None yet."""
        self._server = server
        self._prefix = f"test_{worker}_{os.getpid()}"
        self._template = ""
        self._ready: dict[int, tuple[App, OwnUrls]] = {}
        self._made: list[str] = []
        self._broom = Broom()

    async def of(self, app: App) -> OwnUrls:
        """The application's database, made and migrated when first wanted."""
        known = self._ready.get(id(app))
        if known is None:
            known = self._ready[id(app)] = app, await self._migrated(app)
        return known[1]

    async def drop(self) -> None:
        """Remove them all."""
        await self._broom.close()
        for name in self._made:
            await self._server.drop(name)

    async def _migrated(self, app: App) -> OwnUrls:
        self._template = self._template or await self._with_framework()
        name = await self._name()
        urls = await self._server.database(name, template=self._template)
        await migrate(app, urls, settings_for(urls), report=lambda _: None)
        return OwnUrls.of_server(urls, self._server.admin_url(name), self._broom)

    async def _with_framework(self) -> str:
        """A database with the tables that every application has: those of applications begin as its copies."""
        from portico.adapters.postgres.migrations import upgrade  # Alembic loads only where it is used

        name = await self._name()
        await upgrade(await self._server.database(name), app_migrations=None, report=lambda _: None)
        return name

    async def _name(self) -> str:
        """A name that no database has."""
        name = f"{self._prefix}_{len(self._made)}"
        await self._server.drop(name)
        self._made.append(name)
        return name
