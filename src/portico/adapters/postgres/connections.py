"""Connections as the role `portico_app`: their timeouts, their time zone, their JSON."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement
from pydantic_core import from_json, to_json

from portico.adapters.postgres.pool import Connection

Seconds: TypeAlias = float
MOST = 200
"""Statements that a connection keeps prepared; one more, and the one that it has kept longest goes."""
CHANGED = (asyncpg.InvalidCachedStatementError, asyncpg.OutdatedSchemaCacheError)
"""A migration has changed what a prepared statement gives."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many connections, and how long anything may take, in seconds."""

    connections: int = 20
    wait: Seconds = 5.0
    connect: Seconds = 5.0
    statement: Seconds | None = 10.0
    lock: Seconds | None = 5.0
    idle_in_transaction: Seconds | None = 15.0
    answer: Seconds = 12.0
    """How long an answer is waited for: longer than the server's own timeouts, for a network that swallows it."""

    def server_settings(self) -> dict[str, str]:
        """The server's own timeouts, in its words; none where a pooler in between would refuse them."""
        wanted = {
            "statement_timeout": self.statement,
            "lock_timeout": self.lock,
            "idle_in_transaction_session_timeout": self.idle_in_transaction,
        }
        return {name: str(round(s * 1000)) for name, s in wanted.items() if s is not None}


class Frugal(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """A connection that prepares a statement once, and asks the server for nothing that Portico can do without."""

    def __init__(self, *arguments: object, **options: object) -> None:
        """Tell asyncpg that there is no JIT to switch off before it learns types: set_config is the gate's alone."""
        super().__init__(*arguments, **options)
        self._server_caps: Any = self._server_caps._replace(jit=False)
        self._kept: dict[str, PreparedStatement[asyncpg.Record]] = {}

    async def fetch(
        self,
        query: str,
        *args: object,
        timeout: Seconds | None = None,  # noqa: ASYNC109  # asyncpg's own name
    ) -> list[asyncpg.Record]:
        """The rows of a statement, by way of asyncpg's prepared statements: its own look-up takes twice the steps."""
        try:
            statement = self._kept.get(query) or await self._keep(query)
            rows: list[asyncpg.Record] = await statement.fetch(*args, timeout=timeout)
        except CHANGED:
            self._kept.clear()
            if self.is_in_transaction():
                raise
            return await super().fetch(query, *args, timeout=timeout)  # type: ignore[no-any-return]  # as above
        return rows

    async def _keep(self, query: str) -> "PreparedStatement[asyncpg.Record]":
        if len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]
        statement = self._kept[query] = await self.prepare(query)
        return statement


async def connect(url: str, limits: Limits, *, made: type[Frugal] = Frugal) -> Connection:
    """A new connection, `made` of that class."""
    connection = await asyncpg.connect(
        url,
        timeout=limits.connect,
        connection_class=made,
        command_timeout=limits.answer,
        server_settings={"application_name": "portico", "timezone": "UTC", **limits.server_settings()},
    )
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(
            kind, schema="pg_catalog", encoder=_encode_json, decoder=from_json, format="text"
        )
    return connection


def _encode_json(value: object) -> str:
    return to_json(value).decode()
