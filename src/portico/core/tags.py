"""Tags of what a call has made stale: as its answer names them, and as the cache is told after the commit."""

import re
from collections.abc import Awaitable, Iterable
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
    return ", ".join([tag if is_plain(tag) else quote(tag, safe=PLAIN) for tag in dict.fromkeys(tags)])


def scoped(org: UUID | None, tag: str) -> str:
    """The tag within its organization, so that nobody drops another's."""
    return f"{org.hex if org else EVERYWHERE}:{tag}"


def void(cache: Cache, tags: Iterable[str], org: UUID | None) -> Told:
    """Tell the cache what a commit has made stale: in its organization, and in answers that are of none."""
    scopes = [scoped(scope, "") for scope in ((org, None) if org else (None,))]
    dropped, doubted = list[str](), list[str]()
    for tag in dict.fromkeys(tags):
        (doubted if isinstance(tag, Doubted) else dropped).extend([scope + tag for scope in scopes])
    doubting = cache.doubt(doubted) if doubted else None
    dropping = cache.drop(dropped) if dropped else None
    if doubting is None or dropping is None:
        return doubting or dropping
    return _both(doubting, dropping)


async def _both(one: Awaitable[None], other: Awaitable[None]) -> None:
    await one
    await other
