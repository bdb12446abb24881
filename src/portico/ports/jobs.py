"""Background work: where jobs wait, who takes them, what becomes of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol
from uuid import UUID

from portico.ports.ear import Ear


class Claimed(NamedTuple):
    """A job in a worker's hand."""

    id: UUID
    name: str
    input: str
    """JSON: an object, or a string that is a sealed one."""
    org: UUID | None
    user: UUID | None
    attempt: int
    """Which attempt this is, from 1."""
    attempts: int
    event: UUID | None
    """The event that it handles, if it handles one."""
    request_id: str
    """The request that it came from."""
    locale: str
    lease: UUID
    """Known to who holds it alone; another one is made where the job is given to somebody else."""


class Hands(NamedTuple):
    """Who asks for jobs: its name, the jobs that it knows."""

    worker: str
    known: Sequence[str]
    lease: timedelta
    """How long a job is its own without another word."""


class Failed(NamedTuple):
    """Why an attempt failed, for the people who run the installation."""

    code: str
    message: str
    again_at: datetime | None = None
    """When it is tried again; None: never by itself."""


class Queue(Protocol):
    """Where jobs wait. All of it is safe among several workers on several machines."""

    async def put(self, jobs: str, request_id: str) -> None:
        """Enqueue jobs (JSON, as `core.enlisting` writes them), in a transaction of their own."""
        ...

    async def claim(self, hands: Hands, most: int, *, as_of: datetime, strange_since: datetime) -> list[Claimed]:
        """Take jobs that are due, the urgent and then the oldest first; those of lost workers are taken back before.

        A job whose name the worker does not know is taken only if it has been due since before `strange_since`.
        """
        ...

    async def extend(self, held: Sequence[Claimed], lease: timedelta) -> set[UUID]:
        """Hold on to jobs; those that are still held."""
        ...

    async def fail(self, job: Claimed, failure: Failed) -> bool:
        """Note a failed attempt; False where the job is no longer in hand."""
        ...

    async def release(self, job: Claimed) -> None:
        """Give a job back as if it had not begun."""
        ...

    async def schedules(self) -> dict[str, tuple[str, datetime]]:
        """Each scheduled job's schedule, and when it is due."""
        ...

    async def tick(self, name: str, cron: str, *, seen: datetime | None, next_at: datetime, job: str) -> bool:
        """Enqueue a scheduled job that is due since `seen`, and note when it is due again: True for one who asks.

        Where `seen` is None, only note it.
        """
        ...

    def ear(self, *, soon: float, late: float) -> Ear:
        """Hears that there may be work; without a word, it is time to look after so many seconds."""
        ...
