"""Answers kept in this process alone."""

from collections import OrderedDict
from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

from portico.ports.cache import Kept, Life, Look, Mark, look_of, mark_of
from portico.ports.clock import Clock

MOST_TAGS = 100_000
"""So many tags are known; what is kept under one that was forgotten is void."""
MIB = 1024 * 1024
OVERHEAD = 600
"""Bytes that an entry takes besides its body, about."""
SHARE = 8
"""What takes more than this part of the room is not kept: it would drive out too much else."""
NEW = count(1)


class _Entry(NamedTuple):
    kept: Kept
    mark: Mark
    stood: list[tuple[object, object]]
    """How each tag stood when it was read."""
    fresh_until: float
    void_at: float
    size: int


class MemoryCache:
    """Bounded by entries and by bytes; what was not used for longest goes first."""

    def __init__(self, clock: Clock, *, entries: int = 10_000, size: int = 64 * MIB) -> None:
        """Nothing is kept yet; `size` is in bytes."""
        self._clock = clock
        self._most, self._room = entries, size
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._tags: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self.size = 0

    def __len__(self) -> int:
        """How many answers are kept."""
        return len(self._entries)

    async def look(self, key: str, tags: tuple[str, ...]) -> Look:
        """What is kept under the key, and how the tags stand now."""
        entry, now = self._entries.get(key), self._clock.seconds()
        if entry is None:
            return Look(None, fresh=False, mark=self._mark(tags))
        kept, as_kept, stood, fresh_until, void_at, _ = entry
        if now < fresh_until and [*map(self._tags.get, tags)] == stood:
            self._entries.move_to_end(key)
            return look_of((kept, True, as_kept))
        mark = self._mark(tags)
        if void_at <= now or as_kept.drops != mark.drops:
            self._forget(key)
            return Look(None, fresh=False, mark=mark)
        self._entries.move_to_end(key)
        return Look(kept, fresh=False, mark=mark)

    async def keep(self, key: str, kept: Kept, *, mark: Mark, life: Life) -> None:
        """Keep an answer, unless a tag was dropped since its mark."""
        size = len(kept.body) + OVERHEAD
        if size > self._room // SHARE or self._mark(mark.tags).drops != mark.drops:
            return
        self._forget(key)
        now = self._clock.seconds()
        stood = list(zip(mark.drops, mark.doubts, strict=True))
        self._entries[key] = _Entry(kept, mark, stood, now + life.fresh, now + life.fresh + life.stale, size)
        self.size += size
        while self.size > self._room or len(self._entries) > self._most:
            self._forget(next(iter(self._entries)))

    def drop(self, tags: Sequence[str]) -> None:
        """Make void what is kept under one of the tags; a tag that nobody has looked at has nothing under it."""
        for tag in tags:
            if tag in self._tags:
                self._set(tag, (next(NEW), 0))

    def doubt(self, tags: Sequence[str]) -> None:
        """Mark stale what is kept under one of the tags."""
        for tag in tags:
            if (known := self._tags.get(tag)) is not None:
                self._set(tag, (known[0], next(NEW)))

    async def lead(self, _key: str) -> bool:
        """There is no other process."""
        return True

    async def resign(self, key: str) -> None:
        """Nothing to give back."""

    async def close(self) -> None:
        """Nothing is held open."""

    def _mark(self, tags: tuple[str, ...]) -> Mark:
        known = [self._tags.get(tag) or self._set(tag, (next(NEW), 0)) for tag in tags]
        return mark_of((tags, tuple([drop for drop, _ in known]), tuple([doubt for _, doubt in known])))

    def _set(self, tag: str, stand: tuple[int, int]) -> tuple[int, int]:
        """Note how a tag stands. One that is known again after it was forgotten stands as never before."""
        self._tags[tag] = stand
        self._tags.move_to_end(tag)
        if len(self._tags) > MOST_TAGS:
            self._tags.popitem(last=False)
        return stand

    def _forget(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.size -= entry.size
