"""What a handler leaves for later: events, mails, jobs, stale tags, what the audit should know."""

from typing import ParamSpec, Self, cast
from uuid import UUID

from portico.core.action import Action, AnyAction
from portico.core.call import Call
from portico.core.event import Event
from portico.core.tags import Doubted

P = ParamSpec("P")


class Consequences:
    """All of it is committed with the call, or not at all."""

    __slots__ = ("_call",)

    _call: Call

    def emit(self, event: Event, /) -> None:
        """Write an event to the outbox: it is committed with the call, or not at all."""
        self._call.notes.emit(event)

    def mail(self, template: str, /, *, to: str, **values: object) -> None:
        """Send a mail after the commit, or never: a template that the action's `Mails` declares, with its values."""
        self._call.mail(template, to, values)

    def enqueue(self, job: Action[Self, P, None], /, *args: P.args, **input: P.kwargs) -> None:
        """Have a job run in the background: it is committed with the call, or not at all.

        It runs as the caller, in the organization. `job.later(at=…, key=…)` says when, and under which key it waits.
        Raises Invalid where a value is not what the job takes, Misconfigured where it takes none of that name.
        """
        self._call.services.enlist(self._call, job, (args, input))

    def call_off(self, job: AnyAction, /, *, key: str) -> None:
        """Have the job that waits under a key not run; one that runs already goes on."""
        self._call.services.enlist(self._call, job.later(key=key), None)

    @property
    def event_id(self) -> UUID | None:
        """The event that a handler runs for: the same in every attempt, and another for every event."""
        return self._call.job.event if self._call.job else None

    def update_tag(self, tag: str, /) -> None:
        """Make void what is kept under the tag, after the commit and before the answer: who wrote reads it at once."""
        self._call.notes.tags.append(tag)

    def revalidate_tag(self, tag: str, /) -> None:
        """Mark stale what is kept under the tag, after the commit: the next reader gets it, while a new one is made."""
        self._call.notes.tags.append(Doubted(tag))

    def audit(self, **metadata: object) -> None:
        """Add metadata to the audit row that the action's `Audit` writes."""
        self._call.found.setdefault("audit", {})
        cast("dict[str, object]", self._call.found["audit"]).update(metadata)
