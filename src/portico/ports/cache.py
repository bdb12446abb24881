"""Keeping answers by key, under tags that make them void."""

from collections.abc import Awaitable, Sequence
from typing import NamedTuple, Protocol, TypeAlias

from portico.ports.quick import quickly


class Kept(NamedTuple):
    """An answer as it is kept."""

    body: bytes
    etag: str
    """The same for the same bytes alone."""


class Mark(NamedTuple):
    """How tags stood at one moment: what is read afterwards may be kept under it."""

    tags: tuple[str, ...]
    drops: tuple[object, ...]
    """Of each tag, what changes when it is dropped."""
    doubts: tuple[object, ...]
    """Of each tag, what changes when it is marked stale."""


class Look(NamedTuple):
    """What was found under a key."""

    kept: Kept | None
    fresh: bool
    """False: it may be given out once more, while a new one is made."""
    mark: Mark


look_of, mark_of = quickly(Look), quickly(Mark)


class Life(NamedTuple):
    """How long an answer is kept, in seconds."""

    fresh: float
    stale: float = 0.0
    """For so long after that it may still be given out while a new one is made."""


Told: TypeAlias = Awaitable[None] | None
"""None where it is done at once; else what is to be awaited."""


class Cache(Protocol):
    """Keeps answers. Never raises because it cannot be reached: then nothing is found, and nothing is kept."""

    async def look(self, key: str, tags: tuple[str, ...]) -> Look:
        """What is kept under the key and still good by its tags, and how these stand now."""
        ...

    async def keep(self, key: str, kept: Kept, *, mark: Mark, life: Life) -> None:
        """Keep an answer that was read after `mark`; not where one of its tags was dropped since."""
        ...

    def drop(self, tags: Sequence[str]) -> Told:
        """Make void what is kept under one of the tags, and what is being read for it now."""
        ...

    def doubt(self, tags: Sequence[str]) -> Told:
        """Mark stale what is kept under one of the tags: given out while a new one is made."""
        ...

    async def lead(self, key: str) -> bool:
        """Whether this process is the one that makes the answer; another one may be at it."""
        ...

    async def resign(self, key: str) -> None:
        """Let another process make the next one."""
        ...

    async def close(self) -> None:
        """Let go of what is held open."""
        ...
