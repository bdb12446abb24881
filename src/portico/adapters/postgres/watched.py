"""Connections that show what they send: used only where somebody looks, so that others pay nothing."""

from collections.abc import Sequence
from time import perf_counter
from typing import Any, cast

import asyncpg

from portico.adapters.postgres.connections import Frugal, Limits, connect
from portico.adapters.postgres.gating import is_gate
from portico.adapters.postgres.pool import Connection
from portico.ports.statements import Eye, Kind, Seen

CLOSES = ("commit", "call portico.close_v")


class Watched(Frugal):
    """A connection under an eye; it begins to see when `eye` is set."""

    eye: Eye | None = None

    async def fetch(self, query: str, *args: object, **options: Any) -> list[asyncpg.Record]:
        """As asyncpg's."""
        began, failed = perf_counter(), True
        try:
            rows: list[asyncpg.Record] = await super().fetch(query, *args, **options)
            failed = False
        finally:
            self._show("gate" if is_gate(query) else "statement", query, began, failed=failed)
        return rows

    async def execute(self, query: str, *args: object, **options: Any) -> str:
        """As asyncpg's."""
        began, failed = perf_counter(), True
        try:
            tag = str(await super().execute(query, *args, **options))
            failed = False
        finally:
            self._show(*named(query, args), began, failed=failed)
        return tag

    def _show(self, kind: Kind, sql: str, began: float, *, failed: bool) -> None:
        if self.eye is not None:
            self.eye(Seen(kind, sql, began, perf_counter() - began, failed))


async def connect_watched(url: str, limits: Limits, eye: Eye) -> Connection:
    """A new connection whose trips the eye is shown."""
    connection = await connect(url, limits, made=Watched)
    cast("Watched", connection).eye = eye
    return connection


def named(script: str, arguments: Sequence[object]) -> tuple[Kind, str]:
    """What a script is: the framework's own, without arguments, write values out, and are known by their name alone."""
    if arguments:
        return "statement", script
    if script.startswith(CLOSES):
        return "close", "commit" if script.startswith("commit") else "close and commit"
    if script.startswith("begin"):
        return "begin", "begin"
    return "statement", script
