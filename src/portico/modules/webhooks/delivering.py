"""Deliveries on their way: endpoint by endpoint, each on a lane of its own, so that a slow one delays no other."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from pydantic_core import to_json

from portico.core.chore import Bench
from portico.core.enlisting import record_of
from portico.core.task import Task
from portico.modules.webhooks.notices import tell_owners
from portico.modules.webhooks.sending import Due, Sender
from portico.modules.webhooks.telling import Telling
from portico.ports.events import Sink

CLAIM = "select * from portico.claim_endpoints_v1(:most, :each, :as_of, :lasting)"
RELEASE = "select portico.release_endpoint_v1(:org, :endpoint, :lease)"
EXTEND = "select * from portico.extend_endpoints_v1(:orgs::uuid[], :ids::uuid[], :leases::uuid[], :lasting)"
SETTLE = """
    select portico.settle_delivery_v1(:org, :endpoint, :lease, :id, cast(:outcome as jsonb), :most, :notice)
"""
EACH = 20
"""Deliveries that are taken of one endpoint together."""
SOON, LOOK = 0.02, 0.5
"""Seconds between two looks at what is due: after something was told of, and later."""
log = logging.getLogger("portico")


class Hold(NamedTuple):
    """An endpoint in hand."""

    org: UUID
    endpoint: UUID
    lease: UUID


class Deliveries:
    """One worker's share. Of several workers one at a time sends to an endpoint, the oldest delivery first."""

    def __init__(self, bench: Bench) -> None:
        """Nothing is sent yet."""
        self._db, self._clock, self._ids = bench.db, bench.services.clock, bench.services.ids
        self._terms, self._lease = bench.services.webhooks, bench.lease
        self._sender = Sender(bench)
        self._lanes: dict[asyncio.Task[int], Hold] = {}
        self._ear = bench.ears(soon=SOON, late=LOOK)
        self.sinks: Sequence[Sink] = (Telling(self._clock),)

    async def work(self) -> None:
        """Send what is due, and hold on to what is in hand."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._take())
            group.create_task(self._beat())

    async def settle(self) -> int:
        """Send all that is due now; how many attempts that were."""
        attempts = 0
        while lanes := await self._claim(self._terms.at_once):
            attempts += sum(await asyncio.gather(*map(self._run, lanes)))
        return attempts

    async def drain(self, grace: float) -> None:
        """Let attempts in hand end; those that take longer are given back, and made again by another worker."""
        if self._lanes:
            beating = asyncio.create_task(self._beat())
            await asyncio.wait(self._lanes, timeout=grace)
            beating.cancel()
        for lane in list(self._lanes):
            lane.cancel()
        await asyncio.gather(*self._lanes, return_exceptions=True)

    async def _take(self) -> None:
        while True:
            free = self._terms.at_once - len(self._lanes)
            for lane in await self._claim(free) if free else ():
                task = asyncio.create_task(self._run(lane))
                self._lanes[task] = hold_of(lane[0])
                task.add_done_callback(self._let_go)
            await self._ear.pause()

    async def _beat(self) -> None:
        """Hold on to the endpoints in hand; one that is no longer ours is left to whoever has it.

        It is done first: where it has failed, work begins again soon, while the leases still last.
        """
        while True:
            held = dict(self._lanes)
            if held:
                orgs, ids, leases = map(list, zip(*held.values(), strict=True))
                ours = await self._db.all(EXTEND, UUID, orgs=orgs, ids=ids, leases=leases, lasting=self._lease)
                for lane, hold in held.items():
                    if hold.lease not in ours:
                        lane.cancel()
            await asyncio.sleep(self._lease.total_seconds() / 3)

    async def _claim(self, most: int) -> list[list[Due]]:
        """Endpoints with what is due to them. Whoever is cancelled meanwhile leaves them to their lease."""
        due = await self._db.all(CLAIM, Due, most=most, each=EACH, as_of=self._clock.now(), lasting=self._lease)
        return [list(lane) for _, lane in groupby(due, key=lambda each: each.lease)]

    async def _run(self, lane: list[Due]) -> int:
        """Send what was taken, as many at once as the endpoint allows; how many attempts that were."""
        waiting, first, attempts = deque(lane), lane[0], 0

        async def send() -> None:
            nonlocal attempts
            while waiting:
                due = waiting.popleft()
                outcome = await self._sender.attempt(due)
                attempts += 1
                notice = "[]" if outcome.done else self._notice(due)
                if not await self._settled(due, outcome._asdict(), notice):
                    waiting.clear()

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(first.at_once, len(lane))):
                    group.create_task(send())
        except asyncio.CancelledError:
            await asyncio.shield(self._release(hold_of(first)))
            raise
        # Whose lane has failed waits for its lease: what is due at once would fail again without a pause.
        await asyncio.shield(self._release(hold_of(first)))
        return attempts

    async def _settled(self, due: Due, outcome: dict[str, object], notice: str) -> bool:
        """Write down what came of an attempt; whether the endpoint is still in hand."""
        hold = hold_of(due)._asdict()
        most = self._terms.failures
        return await self._db.one(SETTLE, bool, **hold, id=due.id, outcome=outcome, most=most, notice=notice)

    async def _release(self, hold: Hold) -> None:
        await self._db.execute(RELEASE, **hold._asdict())

    def _notice(self, due: Due) -> str:
        """The job that tells the owners, should this have been once too often."""
        task = tell_owners.task or Task()
        record = record_of(tell_owners, task, self._clock.now(), id=self._ids.new())
        return to_json([{**record, "org": due.org_id, "input": {"endpoint_id": due.endpoint_id}}]).decode()

    def _let_go(self, lane: asyncio.Task[int]) -> None:
        hold = self._lanes.pop(lane)
        self._ear.ring()
        if not lane.cancelled() and (problem := lane.exception()) is not None:
            log.warning("deliveries to the webhook endpoint %s are left to its lease: %r", hold.endpoint, problem)


def hold_of(due: Due) -> Hold:
    """The endpoint that a delivery is for, as it is held."""
    return Hold(due.org_id, due.endpoint_id, due.lease)
