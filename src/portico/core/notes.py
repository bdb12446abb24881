"""What a call leaves behind when it is committed, noted while it runs; and what it has read once for all."""

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from pydantic_core import to_json

from portico.core.tags import Placed
from portico.ports.counters import Rule
from portico.ports.database import Refusal
from portico.ports.trials import Happening

if TYPE_CHECKING:
    from portico.core.event import Event
    from portico.core.quotas import Ledger


Mark: TypeAlias = tuple[int, ...]
"""How much was noted of each: audit rows, events, tags, jobs, what experiments count, changes of quotas."""


class Notes:
    """Audit rows, events, jobs, stale tags, what quotas lose; refusals and some jobs, whatever becomes of the call."""

    __slots__ = (
        "audits",
        "blamed",
        "events",
        "guesses",
        "jobs",
        "loaded",
        "regardless",
        "tags",
        "tracked",
        "usage",
    )

    audits: list[str | None]
    blamed: list[Refusal]
    events: list[str]
    jobs: list[Mapping[str, object]]
    guesses: list[tuple[str, Rule]]
    """Refused guesses at a secret, to be counted."""
    loaded: dict[Hashable, object]
    """What loaders have read, or are reading."""
    regardless: list[Mapping[str, object]]
    """Jobs that are enqueued whatever becomes of the call."""
    tags: list[str]
    tracked: list[Happening]
    usage: "Ledger | None"
    """Made by the first policy that needs it."""

    def __init__(self) -> None:
        """Nothing is noted yet."""
        self.audits, self.events, self.tags, self.blamed = [], [], [], []
        self.jobs, self.regardless, self.guesses, self.loaded = [], [], [], {}
        self.usage, self.tracked = None, []

    def take(self, other: "Notes") -> None:
        """Note also what the other has noted."""
        self.audits += other.audits
        self.events += other.events
        self.tags += other.tags
        self.jobs += other.jobs
        self.regardless += other.regardless
        self.blamed += other.blamed
        self.tracked += other.tracked

    def take_after(self, other: "Notes", org: UUID) -> None:
        """Note also what is to follow the commit of what was done in an organization that the call has entered."""
        self.tags += [Placed(tag, org) for tag in other.tags]
        self.tracked += other.tracked

    def leaves(self, *, audits: bool) -> bool:
        """Whether the close has anything to write; audit rows are some of it or not."""
        return bool((audits and self.audits) or self.events or self.jobs or self.regardless or self.usage)

    @property
    def mark(self) -> Mark:
        """How much has been noted so far, for `rewind`."""
        return *map(len, self._lists), self._taken

    def rewind(self, mark: Mark) -> None:
        """Forget what was noted since, as a savepoint has undone it."""
        self.loaded.clear()
        for noted, length in zip(self._lists, mark, strict=False):
            del noted[length:]
        if self.usage is not None:
            self.usage.undo(mark[-1])

    @property
    def _lists(self) -> tuple[list[Any], ...]:
        """What is noted one after another."""
        return self.audits, self.events, self.tags, self.jobs, self.tracked

    @property
    def _taken(self) -> int:
        """How many changes of quotas are noted."""
        return 0 if self.usage is None else len(self.usage.changes)

    def set_apart(self, noted: int) -> None:
        """Enqueue what was noted after the first so many jobs, whatever becomes of the call."""
        self.regardless += self.jobs[noted:]
        del self.jobs[noted:]

    def forget_done(self, mark: Mark) -> None:
        """Take what was noted since as done; stale tags are told at the end of the call."""
        audits, events, _, jobs, tracked, _ = mark
        del self.audits[audits:], self.events[events:], self.jobs[jobs:], self.tracked[tracked:]

    def audit(self, event: str, target: str | None = None, /, **metadata: object) -> None:
        """Write an audit row in the call's transaction."""
        self.audits += (event, target, to_json(metadata, fallback=str).decode() if metadata else "{}")

    def emit(self, event: "Event") -> None:
        """Write an event to the outbox in the call's transaction."""
        self.events += (event.event_name, event.model_dump_json())
