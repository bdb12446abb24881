"""Where the rows of a stream go."""

from collections.abc import AsyncIterator
from typing import Any, Protocol


class Sink(Protocol):
    """What a transport gives to a call whose rows leave while they are read."""

    @property
    def begun(self) -> bool:
        """Whether anything has left: then nothing can be tried again, and no status be told."""
        ...

    @property
    def sent(self) -> int:
        """How many rows have left."""
        ...

    async def drain(self, rows: AsyncIterator[Any]) -> None:
        """Take all rows, no faster than they can leave."""
        ...
