"""Clients that book without a pause, and repeat each request under its key until it is acknowledged."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import httpx2

from tests.promises.business import FIRST_SLOT

CLIENTS = 12
AGAIN = {409, 503, 504}
"""What a client that has a key tries again."""


@dataclass
class Load:
    """The bookings that were acknowledged, each under the key of its request."""

    url: str
    token: str
    visit: Mapping[str, object]
    booked: dict[str, str] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    _numbers: "count[int]" = field(default_factory=count)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _over: bool = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Book as long as the block runs, then until every request is acknowledged."""
        async with asyncio.TaskGroup() as clients:
            for _ in range(CLIENTS):
                clients.create_task(self._client())
            try:
                yield
            finally:
                self._over = True

    async def more(self, bookings: int) -> None:
        """Wait until so many more were acknowledged."""
        wanted = len(self.booked) + bookings
        async with self._news:
            await self._news.wait_for(lambda: len(self.booked) >= wanted)

    async def _client(self) -> None:
        headers = {"authorization": f"Bearer {self.token}"}
        async with httpx2.AsyncClient(base_url=self.url, headers=headers, timeout=20) as client:
            while not self._over:
                number = next(self._numbers)
                await self._persist(client, number)

    async def _persist(self, client: httpx2.AsyncClient, number: int) -> None:
        """One booking, whatever happens meanwhile; each has a slot of its own, so that only itself could refuse it."""
        key, at = f"key-{number}", FIRST_SLOT + timedelta(minutes=5 * number)
        body = {**self.visit, "scheduled_at": at.isoformat(), "notes": key}
        while True:
            try:
                reply = await client.post("/api/v1/appointments", json=body, headers={"idempotency-key": key})
            except httpx2.TransportError as lost:
                self.answers[type(lost).__name__] += 1
                await asyncio.sleep(0.1)
                continue
            replayed = " replayed" if "idempotent-replayed" in reply.headers else ""
            code = reply.json().get("code", "")
            self.answers[f"{reply.status_code} {code}{replayed}".strip()] += 1
            if reply.status_code == 201:
                self.booked[key] = reply.json()["data"]["id"]
                async with self._news:
                    self._news.notify_all()
                return
            if reply.status_code not in AGAIN or code == "BIZ_SLOT_TAKEN":
                message = f"{key} was refused: {reply.text}"
                raise AssertionError(message)
            await asyncio.sleep(0.02)
