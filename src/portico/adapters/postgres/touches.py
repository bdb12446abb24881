"""Last uses and drifts, noted in memory, written in batches outside of any call's transaction."""

import asyncio
from collections.abc import Hashable
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar
from uuid import UUID

from pydantic_core import to_json

from portico.ports.database import Db
from portico.ports.touches import Drift

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
TOUCH = "select portico.touch_v1(:sessions, :session_uses, :keys, :key_uses, :idle, :drifts)"
OFTEN = timedelta(minutes=1)
"""A use sooner than this after the last one that was noted is not noted."""
BATCH = 2000
MOST = 100_000
"""What is remembered of each kind; a use beyond it is not noted."""


class PostgresTouches:
    """One process's notes."""

    def __init__(self, db: Db, *, idle: timedelta, most: int = MOST) -> None:
        """`idle` is how long a session lasts without being used."""
        self._db = db
        self._idle = idle
        self._most = most
        self._due: dict[UUID, datetime] = {}
        self._sessions: dict[UUID, datetime] = {}
        self._keys: dict[UUID, datetime] = {}
        self._drifts: dict[tuple[object, ...], Drift] = {}
        self._told: dict[tuple[object, ...], None] = {}
        self._flushing = asyncio.Lock()

    def session(self, session: UUID, at: datetime) -> None:
        """Note a session's use."""
        due = self._due.get(session)
        if due is None or at >= due:
            self._note(self._sessions, session, at)

    def key(self, key: UUID, at: datetime) -> None:
        """Note an API key's use."""
        due = self._due.get(key)
        if due is None or at >= due:
            self._note(self._keys, key, at)

    def drift(self, drift: Drift) -> None:
        """Note a drift that this process has not yet told of."""
        told = (drift.session, drift.device, drift.place, drift.refused)
        if told not in self._told and len(self._drifts) < self._most:
            self._told[told] = None
            self._drifts[told] = drift
            if len(self._told) > self._most:
                del self._told[next(iter(self._told))]

    async def flush(self) -> None:
        """Write all that is noted; what cannot be written is kept, behind nothing that was noted since."""
        async with self._flushing:
            while self._sessions or self._keys or self._drifts:
                await self._write(_taken(self._sessions), _taken(self._keys), _taken(self._drifts))

    def _note(self, uses: dict[UUID, datetime], used: UUID, at: datetime) -> None:
        """Note a use, and forget which others are long enough ago to be noted again."""
        due = self._due
        due.pop(used, None)
        while due and due[oldest := next(iter(due))] <= at:
            del due[oldest]
        if len(due) < self._most and (len(uses) < self._most or used in uses):
            due[used] = at + OFTEN
            uses[used] = at

    async def _write(
        self, sessions: dict[UUID, datetime], keys: dict[UUID, datetime], drifts: dict[tuple[object, ...], Drift]
    ) -> None:
        try:
            await self._db.execute(
                TOUCH,
                sessions=list(sessions),
                session_uses=list(sessions.values()),
                keys=list(keys),
                key_uses=list(keys.values()),
                idle=self._idle,
                drifts=to_json([drift._asdict() for drift in drifts.values()]).decode(),
            )
        except BaseException:
            self._sessions = sessions | self._sessions
            self._keys = keys | self._keys
            self._drifts = drifts | self._drifts
            raise


def _taken(noted: dict[K, V]) -> dict[K, V]:
    """Take a batch out of what is noted."""
    taken = dict(islice(noted.items(), BATCH))
    for key in taken:
        del noted[key]
    return taken
