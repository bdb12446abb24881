"""Portico's own server as a contestant: what benchmarks/apps/portico_app.py must offer, and how it is started.

The module `benchmarks.apps.portico_app` offers

- `app`: the application, with POST /api/v1/appointments, GET /api/v1/appointments, POST /api/v1/empty and
  POST /api/v1/appointments-orm (the same booking with its handler on `ctx.orm`);
- `async def seed(urls: Urls) -> None`: migrates the empty database and fills it with `benchmarks.world.WORLD`;
- `def environment(urls: Urls) -> dict[str, str]`: what the server's process needs to find that database, to have as
  many connections to it as the peers (`benchmarks.servers.POOL_SIZE`) and to raise its limits;
- `TABLES: dict[str, str]`: where it writes "appointments", "audit", "outbox", "idempotency" (a table, or one with a
  WHERE).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from benchmarks.servers import Host, Kind
from portico.adapters.postgres.servers import Urls

NAME = "portico"
MODULE = "benchmarks.apps.portico_app"
ORM = "portico-orm"
ORM_PATH = "/api/v1/appointments-orm"
HANDLER_STATEMENTS = 1
"""The handlers of the booking and of the list are one statement each."""


class Application(Protocol):
    """The module of Portico's application."""

    TABLES: Mapping[str, str]

    def environment(self, urls: Urls) -> dict[str, str]:
        """What its process needs."""
        ...

    async def seed(self, urls: Urls) -> None:
        """Fills the database."""
        ...


def application() -> Application:
    """The module itself."""
    return cast("Application", import_module(MODULE))


def kind(host: Host) -> Kind:
    """How it is started: as in production, by `portico serve`."""
    command = (sys.executable, "-m", "portico.cli", "serve", f"{MODULE}:app", "--port", "{port}", "--server", host)
    return Kind(NAME, command, Path(__file__).parent.parent, application().TABLES)
