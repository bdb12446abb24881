"""The streams that are open in one process: how many each may have, when they end."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from portico.core.call import Call
from portico.core.decisions import admit, decide
from portico.core.hub import Hub
from portico.core.live import Live
from portico.core.plan import Plan
from portico.errors import Error, NotFound, TooManyStreams, Unavailable
from portico.ports.database import Entry, Facts, Gates

TOGETHER = 500
"""Callers that are asked about in one statement."""
NO_ORG: Hashable = ("org", None)
log = logging.getLogger("portico")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many streams, how many events that wait for each, and how often they are looked after, in seconds."""

    per_principal: int = 20
    per_org: int = 2000
    waiting: int = 100
    keep_alive: float = 30.0
    check: float = 3.0


class Streams:
    """Knows every open stream."""

    def __init__(self, hub: Hub, bounds: Bounds, gates: Gates) -> None:
        """None is open."""
        self.hub = hub
        self.bounds = bounds
        self.stopping = False
        self._gates = gates
        self._open: dict[Live, Plan] = {}
        self._counts: Counter[Hashable] = Counter()
        self._kept: set[asyncio.Task[None]] = set()
        self._lines: dict[object, Callable[[], object]] = {}

    def __len__(self) -> int:
        """How many there are."""
        return len(self._open)

    def hold(self, plan: Plan, live: Live) -> None:
        """Count the stream as open, until it is let go; raises TooManyStreams, or Unavailable at the end."""
        live.whose = _whose(live.call)
        self._counts.update(live.whose)
        self._open[live] = plan
        try:
            self._check_room(live.whose)
        except Error:
            self.let_go(live)
            raise

    def let_go(self, live: Live) -> None:
        """It is over."""
        del self._open[live]
        self._count_less(live.whose)
        live.close()

    @contextmanager
    def lined(self, whose: Hashable, end: Callable[[], object]) -> Iterator[None]:
        """Count a line over which streams come and go as open, as long as the block runs; `end` is called at the end.

        Raises TooManyStreams where its owner has as many lines as streams may be open, Unavailable at the end.
        """
        line, counted = object(), (("line", whose), NO_ORG)
        self._counts.update(counted)
        self._lines[line] = end
        try:
            self._check_room(counted)
            yield
        finally:
            del self._lines[line]
            self._count_less(counted)

    def stop(self) -> None:
        """End every line and every stream, and open none any more: their clients find another server."""
        self.stopping = True
        for end in tuple(self._lines.values()):  # first, so that a line's streams need not say why they end
            end()
        for live in tuple(self._open):
            live.end(Unavailable(retry_after=1))

    async def look_after(self) -> None:
        """Tell silent clients that their streams are alive, for ever."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(min(1.0, self.bounds.keep_alive / 4))
            before = loop.time() - self.bounds.keep_alive
            for live in tuple(self._open):
                if live.sink.begun and live.sink.wrote <= before:
                    live.sink.wrote = loop.time()
                    self._keep(asyncio.ensure_future(_keep_alive(live)))

    async def check(self) -> None:
        """See whether each stream may go on, for ever: its session, key, membership and permissions may be gone."""
        while True:
            await asyncio.sleep(self.bounds.check)
            try:
                await self.check_now()
            except Exception as problem:  # noqa: BLE001  # whatever the database goes through, it is asked again
                log.warning("streams could not be checked: %r", problem)

    async def check_now(self) -> None:
        """End every stream that would not be let in any more; callers that are alike are asked about once."""
        asked: dict[Entry, list[Live]] = {}
        for live in self._open:
            if live.call.entry is not None:
                asked.setdefault(_question(live.call.entry), []).append(live)
        entries = list(asked)
        for entry, streams in asked.items():
            for live in streams:
                live.call.entry = entry  # one for all that are alike
        for first in range(0, len(entries), TOGETHER):
            some = entries[first : first + TOGETHER]
            for entry, facts in zip(some, await self._gates.ask(some), strict=True):
                self._judge(asked[entry], facts)

    def _judge(self, streams: Sequence[Live], facts: Facts) -> None:
        for live in streams:
            plan = self._open.get(live)
            if plan is not None and (error := _refusal(plan, live.call, facts)) is not None:
                live.end(error)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._kept.add(task)
        task.add_done_callback(self._kept.discard)

    def _count_less(self, whose: Sequence[Hashable]) -> None:
        for key in whose:
            self._counts[key] -= 1
            if not self._counts[key]:
                del self._counts[key]

    def _check_room(self, whose: Sequence[Hashable]) -> None:
        if self.stopping:
            raise Unavailable(retry_after=1)
        principal, org = whose
        if self._counts[principal] > self.bounds.per_principal:
            raise TooManyStreams(retry_after=30, limit=self.bounds.per_principal)
        if org != NO_ORG and self._counts[org] > self.bounds.per_org:
            raise TooManyStreams(retry_after=30, limit=self.bounds.per_org)


def _whose(call: Call) -> tuple[Hashable, Hashable]:
    """The principal and the organization that it counts for."""
    facts = call.facts
    return ("by", facts.key_id or facts.user_id or call.request.ip), ("org", facts.org_id)


def _question(entry: Entry) -> Entry:
    """What is asked again: neither key nor device nor quota."""
    return entry._replace(key=None, scope=None, agent=None, prefix=None, resources=None)


def _refusal(plan: Plan, call: Call, facts: Facts) -> Error | None:
    """Why the call would not be let in now."""
    before = call.facts
    call.pass_gate(facts)
    try:
        admit(plan, call)
        decide(plan.access, call)
    except Error as error:
        return error
    if (facts.user_id, facts.org_id) != (before.user_id, before.org_id) or facts.row_found is False:
        return NotFound()
    return None


async def _keep_alive(live: Live) -> None:
    with suppress(Exception):  # the stream's own task finds out by itself
        await live.sink.keep_alive()
