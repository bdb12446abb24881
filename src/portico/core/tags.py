"""Tags of what a call has made stale: as its answer names them, and as the cache is told after the commit."""

import re
from collections.abc import Awaitable, Collection, Iterable
from functools import lru_cache
from typing import Self
from urllib.parse import quote
from uuid import UUID

from portico.ports.cache import Cache, Told

PLAIN = ":/@!$&'()*+;=-._~"
"""What stands in the header as it is; anything else is percent-encoded, a comma above all."""
is_plain = re.compile(rf"[\w{re.escape(PLAIN)}]*", re.ASCII).fullmatch
EVERYWHERE = "*:"
"""What begins a tag that is of no organization."""


class Doubted(str):
    """A tag whose answers are given out once more, while new ones are made."""

    __slots__ = ()


class Placed(str):
    """A tag in another organization than the call's own: one that the call has entered."""

    __slots__ = ("org", "tag")
    org: UUID
    tag: str

    def __new__(cls, tag: str, org: UUID) -> Self:
        """It reads as the tag itself does."""
        placed = super().__new__(cls, tag)
        placed.org, placed.tag = org, tag
        return placed


@lru_cache(maxsize=4096)
def quoted(tag: str) -> str:
    """The tag as a header can carry it; most are named again and again."""
    return str(tag) if is_plain(tag) else quote(tag, safe=PLAIN)


def spelled(tags: Iterable[str]) -> str:
    """The value of the Invalidates header, each tag once."""
    return ", ".join(dict.fromkeys(map(quoted, tags)))


def scoped(org: UUID | None, tag: str) -> str:
    """The tag within its organization, so that nobody drops another's."""
    return f"{org.hex}:{tag}" if org else EVERYWHERE + tag


def void(cache: Cache, tags: Collection[str], org: UUID | None) -> Told:
    """Tell the cache what a commit has made stale: in its organization, and in answers that are of none."""
    for tag in tags:
        if type(tag) is not str:
            return _apart(cache, tags, org)
    return cache.drop(_within(org, tags)) if tags else None


def _apart(cache: Cache, tags: Collection[str], org: UUID | None) -> Told:
    """The same where some are doubted, or of another organization."""
    placed = [(tag.tag, tag.org) if isinstance(tag, Placed) else (tag, org) for tag in tags]
    doubted = [name for tag, there in placed if isinstance(tag, Doubted) for name in _within(there, [tag])]
    dropped = [name for tag, there in placed if not isinstance(tag, Doubted) for name in _within(there, [tag])]
    doubting = cache.doubt(list(dict.fromkeys(doubted))) if doubted else None
    dropping = cache.drop(list(dict.fromkeys(dropped))) if dropped else None
    if doubting is None or dropping is None:
        return doubting or dropping
    return _both(doubting, dropping)


def _within(org: UUID | None, tags: Collection[str]) -> list[str]:
    within = []
    own = f"{org.hex}:" if org else ""
    for tag in tags:
        within.append(EVERYWHERE + tag)
        if own:
            within.append(own + tag)
    return within


async def _both(one: Awaitable[None], other: Awaitable[None]) -> None:
    await one
    await other
