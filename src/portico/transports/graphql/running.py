"""One operation as it runs: each root field a call of its own, all that reads in one transaction behind one gate."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pydantic_core import from_json

from portico.core.answer import Answer
from portico.core.call import Call
from portico.core.context import PublicContext
from portico.core.decisions import declared
from portico.core.entering import must_pass_gate, place
from portico.core.inputs import Bound, Raw
from portico.core.loading import BatchLoader
from portico.core.pipeline import Receive
from portico.core.plan import Plan
from portico.core.relation import Relation
from portico.core.reporting import about
from portico.core.sharing import SharedReads
from portico.errors import Error, Invalid
from portico.generate.graphql.inputs import INPUT, KEY
from portico.generate.graphql.schema import is_paged
from portico.ports.counters import Taken
from portico.ports.paging import Edges, Keyset
from portico.transports.graphql.paging import connection, window_of
from portico.transports.rest import Edge, begin_call
from portico.transports.wire import Exchange

PAGING = frozenset({"first", "after", "last", "before"})
STALE = "Invalidates"
log = logging.getLogger("portico")


class Asking(NamedTuple):
    """What one call of an action is asked."""

    fields: dict[str, Any]
    edges: Edges | None = None
    """How a list by cursor is asked besides."""
    refusal: Invalid | None = None
    """What was wrong before it, to be kept back."""
    once: str | None = None
    """The idempotency key."""


class Run:
    """The calls of one operation, which take turns on its transaction."""

    def __init__(self, edge: Edge, exchange: Exchange) -> None:
        """Nothing has been called."""
        self._edge = edge
        self._exchange = exchange
        self._shared = SharedReads(edge.pipeline.services.database.lazily)
        self._reading = edge.pipeline.on(self._shared.begin)
        self._turn = asyncio.Lock()
        self._calls: dict[object, Call] = {}
        self._loaders: dict[tuple[Relation, object], tuple[BatchLoader[Any, Any, Any], PublicContext]] = {}
        self.answer = Answer()
        """Cookies, limits and stale tags of all the calls."""

    async def call(self, plan: Plan, key: object, given: Mapping[str, Any]) -> Any:
        """The data of a root field; raises what the action refuses."""
        fields = dict(given.get(INPUT) or {}) if plan.action.kind == "mutation" else dict(given)
        asking = Asking(fields, once=given.get(KEY))
        if not is_paged(plan):
            return (await self._envelope(plan, key, asking))["data"]
        fields = {name: value for name, value in fields.items() if name not in PAGING}
        try:
            window = window_of(plan, given)
        except Invalid as wrong:  # kept back until the caller is known
            return await self._envelope(plan, key, asking._replace(fields=fields, refusal=wrong))
        asking = asking._replace(fields={**fields, **window.members}, edges=window.edges)
        page = await self._envelope(plan, key, asking)
        data = page["data"]
        if window.rest is not None and plan.read_only and len(data) == window.members["limit"]:
            data += (await self._envelope(plan, key, asking._replace(fields={**fields, **window.rest})))["data"]
        return connection(window, data, page["meta"])

    async def _envelope(self, plan: Plan, key: object, asking: Asking) -> Any:
        """What REST would answer; raises what the action refuses."""
        edge, fields, edges = self._edge, asking.fields, asking.edges
        call, refusal = begin_call(plan, edge, self._exchange)
        call.encoder, call.key = plan.codec.encode, asking.once or call.key
        refusal = refusal or asking.refusal
        refusal = self._fill(plan, call, fields) or refusal

        async def receive() -> Bound:
            bound = self._bound(plan, fields, refusal)
            return bound if edges is None else _edged(bound, edges)

        async with self._turn:
            pipeline = self._reading
            if _stands_alone(plan, call):
                await self._shared.end()
                pipeline = edge.pipeline
            result = await pipeline.run(plan, call, receive)
        self._collect(call.answer)
        if result.error is not None:
            raise result.error
        self._calls[key] = call
        return from_json(call.encoded or b"{}")

    def listen(self, plan: Plan, key: object, given: Mapping[str, Any]) -> tuple[Call, Receive]:
        """A call of a subscription that is yet to be run, whose values `key` has given."""
        call, refusal = begin_call(plan, self._edge, self._exchange)
        fields = dict(given)
        refusal = self._fill(plan, call, fields) or refusal
        self._calls[key] = call

        async def receive() -> Bound:
            return self._bound(plan, fields, refusal)

        return call, receive

    async def renew(self) -> None:
        """Give the connection back, and know nothing of what was looked up: the next value is of another moment."""
        self._loaders.clear()
        await self._shared.end()

    async def follow(self, relation: Relation, parent: Mapping[str, Any], key: object) -> Any:
        """What stands behind a member of a value that the root field `key` has given; None where there is nothing."""
        value = parent.get(relation.by)
        if value is None:
            return None
        if (relation, key) not in self._loaders:
            self._loaders[relation, key] = self._loader(relation, self._calls[key])
        loader, context = self._loaders[relation, key]
        return await loader.maybe(context, relation.key.validate_python(value))

    async def end(self) -> None:
        """Give the connection back."""
        await self._shared.end()

    def _loader(self, relation: Relation, outer: Call) -> tuple[BatchLoader[Any, Any, Any], PublicContext]:
        plan = self._edge.pipeline.plans[relation.like.name]
        call = outer.inner(plan.action.name)
        call.transaction = self._shared

        async def look(context: PublicContext, keys: Sequence[Any]) -> Mapping[Any, Any]:
            async with self._turn:
                try:
                    await self._enter(plan, call, outer)
                    found = await relation.look(context, keys)
                except Exception as problem:
                    await self._shared.rollback()
                    raise self._meaning(plan, call, problem) from problem
            return dict(zip(found, from_json(relation.spell(list(found.values()))), strict=True))

        return BatchLoader(look, relation.most), plan.context(call)

    async def _enter(self, plan: Plan, call: Call, outer: Call) -> None:
        """The decisions that hold for whoever reads it by itself."""
        if outer.entry is None:
            await self._shared.end()  # what another field was let into is not open to who asks nobody
        else:
            asked = outer.entry._replace(key=None, table=None, row=None, owner=None, version=None)
            call.pass_gate(await self._shared.gate(asked))
        await self._edge.pipeline.admit(plan, call)

    def _meaning(self, plan: Plan, call: Call, problem: Exception) -> Error:
        if isinstance(problem, Error) and (problem.declared or declared(plan, problem)):
            return problem
        failure = self._edge.pipeline.services.database.explain(problem)
        log.error("%s failed", plan.action.name, exc_info=problem, extra=about(call, problem))
        return failure.error if failure is not None else Error()

    def _fill(self, plan: Plan, call: Call, fields: dict[str, Any]) -> Error | None:
        """Add what comes by a header or a cookie over REST, and was not given; says what is wrong with the place."""
        wire = self._exchange.wire
        for member in plan.binder.members:
            if member.source == "cookie" and member.wire in wire.cookies:
                fields[member.name] = wire.cookies[member.wire]
            elif member.source == "header" and member.wire in wire.headers:
                fields.setdefault(member.name, wire.headers[member.wire])
        return place(call, fields[plan.ask.org]) if plan.ask.org and plan.ask.org in fields else None

    def _bound(self, plan: Plan, fields: Mapping[str, Any], refusal: Error | None) -> Bound:
        """The input; `refusal` is what was wrong before it, to be kept back."""
        wire = self._exchange.wire
        if refusal is not None:
            return Bound({}, None, refusal)
        return plan.binder.bind(Raw({}, {}, wire.headers, wire.cookies, fields=fields))

    def _collect(self, answer: Answer) -> None:
        mine = self.answer
        mine.limits, mine.cookies = _latest(mine.limits, answer.limits), [*mine.cookies, *answer.cookies]
        stale = [value for name, value in (*mine.headers, *answer.headers) if name == STALE]
        mine.headers = [(STALE, ", ".join(stale))] if stale else []


def _latest(*found: Taken | None) -> Taken | None:
    """What is left of each limit by its name, as it was found last."""
    pairs = (pair for taken in found if taken is not None for pair in zip(taken.rules, taken.left, strict=True))
    known = {rule.name: (rule, left) for rule, left in pairs}
    if not known:
        return None
    rules, left = zip(*known.values(), strict=True)
    return Taken(rules, [*left], ())


def _stands_alone(plan: Plan, call: Call) -> bool:
    """Whether the action shares no transaction: it writes, waits outside of one, has its own time, or asks no gate."""
    return not plan.read_only or bool(plan.checks) or plan.seconds is not None or not must_pass_gate(plan, call)


def _edged(bound: Bound, edges: Edges) -> Bound:
    """The input, whose page is asked for as connections do."""
    pages = {name: value.edged(edges) for name, value in bound.arguments.items() if isinstance(value, Keyset)}
    return bound._replace(arguments={**bound.arguments, **pages})
