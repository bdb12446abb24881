"""Where statements run."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

import asyncpg


class Lane(Protocol):
    """On an open transaction's connection, or each on a free one."""

    async def fetch(self, sql: str, arguments: list[object]) -> list[asyncpg.Record]:
        """The rows of one statement."""
        ...

    async def execute(self, sql: str, arguments: list[object]) -> str:
        """The command tag of one statement."""
        ...

    def cursor(self) -> AbstractAsyncContextManager["Lane"]:
        """A lane inside one transaction, for a cursor."""
        ...
