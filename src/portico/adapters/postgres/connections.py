"""Connections as the role `portico_app`: their timeouts, their time zone, their JSON."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeAlias

import asyncpg
from pydantic_core import from_json, to_json

from portico.adapters.postgres.pool import Connection

Seconds: TypeAlias = float
MOST = 200
"""Statements that a connection keeps prepared; one more, and the one that it has kept longest goes."""
CHANGED = (asyncpg.InvalidCachedStatementError, asyncpg.OutdatedSchemaCacheError)
"""A migration has changed what a prepared statement gives."""
CUT_OFF = "the connection was cut off"


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
    """A connection that prepares a statement once, and asks the server for nothing that Portico can do without.

    It talks to asyncpg's protocol itself, which refuses what it cannot do: what asyncpg puts before that takes more
    steps than all the rest. Only a connection that was cut off has no protocol any more.
    """

    def __init__(self, *arguments: object, **options: object) -> None:
        """Tell asyncpg that there is no JIT to switch off before it learns types: set_config is the gate's alone."""
        super().__init__(*arguments, **options)
        self._server_caps: Any = self._server_caps._replace(jit=False)
        self._kept: dict[str, Any] = {}

    async def fetch(
        self,
        query: str,
        *args: object,
        timeout: Seconds | None = None,  # noqa: ASYNC109  # asyncpg's own name
    ) -> list[asyncpg.Record]:
        """The rows of a statement."""
        if self._aborted:
            raise asyncpg.InterfaceError(CUT_OFF)
        try:
            state = self._kept.get(query) or await self._keep(query)
            rows: list[asyncpg.Record] = await self._protocol.bind_execute(
                state, args, portal_name="", limit=0, return_extra=False, timeout=timeout
            )
        except CHANGED:
            await self._forget()
            if self.is_in_transaction():
                raise
            return await super().fetch(query, *args, timeout=timeout)  # type: ignore[no-any-return]  # as above
        return rows

    def execute(self, query: str, *args: object, timeout: Seconds | None = None) -> Coroutine[Any, Any, str]:
        """The command tag; where there are no arguments, of the last of many statements."""
        if args or self._aborted:
            return super().execute(query, *args, timeout=timeout)  # type: ignore[no-any-return]  # as above
        return self._protocol.query(query, timeout)  # type: ignore[no-any-return]  # as above

    async def _keep(self, query: str) -> object:
        """Prepare a statement."""
        if len(self._kept) >= MOST:
            self._let_go(next(iter(self._kept)))
        state = self._kept[query] = await self._get_statement(query, None, named=True, use_cache=False)
        return state

    def _let_go(self, query: str) -> None:
        """Have the server forget a statement, when the next one is prepared."""
        self._maybe_gc_stmt(self._kept.pop(query))

    async def _forget(self) -> None:
        """Forget all statements, and what is known of their types."""
        for query in list(self._kept):
            self._let_go(query)
        await self.reload_schema_state()


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
