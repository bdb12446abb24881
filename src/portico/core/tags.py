"""Tags of what a call has made stale: as its answer names them, and as the cache is told after the commit."""

import re
from collections.abc import Awaitable, Collection, Iterable
from urllib.parse import quote
from uuid import UUID

from portico.ports.cache import Cache, Told

PLAIN = ":/@!$&'()*+;=-._~"
"""What stands in the header as it is; anything else is percent-encoded, a comma above all."""
is_plain = re.compile(rf"[\w{re.escape(PLAIN)}]*", re.ASCII).fullmatch
EVERYWHERE = "*"
"""The scope of tags that are of no organization."""


class Doubted(str):
    """A tag whose answers are given out once more, while new ones are made."""

    __slots__ = ()


def spelled(tags: Iterable[str]) -> str:
    """The value of the Invalidates header, each tag once."""
    once = dict.fromkeys(tags)
    return ", ".join(once if all(map(is_plain, once)) else [quote(tag, safe=PLAIN) for tag in once])


def scoped(org: UUID | None, tag: str) -> str:
    """The tag within its organization, so that nobody drops another's."""
    return f"{org.hex if org else EVERYWHERE}:{tag}"


def void(cache: Cache, tags: Iterable[str], org: UUID | None) -> Told:
    """Tell the cache what a commit has made stale: in its organization, and in answers that are of none."""
    once = dict.fromkeys(tags)
    if Doubted in map(type, once):
        return _apart(cache, once, org)
    return cache.drop(_within(org, once)) if once else None


def _apart(cache: Cache, tags: Collection[str], org: UUID | None) -> Told:
    """The same where some are doubted."""
    doubted = [tag for tag in tags if isinstance(tag, Doubted)]
    dropped = [tag for tag in tags if not isinstance(tag, Doubted)]
    doubting = cache.doubt(_within(org, doubted))
    dropping = cache.drop(_within(org, dropped)) if dropped else None
    if doubting is None or dropping is None:
        return doubting or dropping
    return _both(doubting, dropping)


def _within(org: UUID | None, tags: Collection[str]) -> list[str]:
    everywhere = map(f"{EVERYWHERE}:".__add__, tags)
    return [*everywhere, *map(f"{org.hex}:".__add__, tags)] if org else [*everywhere]


async def _both(one: Awaitable[None], other: Awaitable[None]) -> None:
    await one
    await other
