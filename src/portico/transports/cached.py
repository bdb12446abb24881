"""Kept answers over REST: a tag of their bytes, 304 to who has them, and who else may keep them."""

from http import HTTPStatus

from portico.core.caching import MOST_KNOWN, Keeper, Ready, Spelled
from portico.core.call import Call
from portico.core.etags import is_named
from portico.core.inputs import Bound
from portico.core.keeping import Keeping
from portico.core.plan import Plan
from portico.errors import Error
from portico.ports.cache import Kept
from portico.transports.answers import JSON, NOSNIFF, headers_of, send_answer
from portico.transports.line import Headers
from portico.transports.rest import Edge, RestEndpoint, begin_call, send_refusal
from portico.transports.wire import Exchange, Wire

CALLER = "Cookie, Authorization, X-Org-Id, Accept-Language"
ANYBODY = "Accept-Language"
LONGEST = 500
"""Characters of a query string that is known again."""


class CachedEndpoint(RestEndpoint):
    """One cached query over REST."""

    __slots__ = ("_always", "_at_hand", "_bound", "_spelled")

    def __init__(self, plan: Plan, edge: Edge, keeping: Keeping) -> None:
        """Serve the plan's action."""
        super().__init__(plan, edge)
        self._always = [NOSNIFF, *_may_keep(plan, keeping)]
        self._bound: dict[Spelled, Bound] = {}
        self._spelled = all(member.source in {"path", "query"} for member in plan.binder.members)
        self._at_hand = open_to_all(plan) if edge.pipeline.plain else None

    async def __call__(self, exchange: Exchange) -> int:
        """Run the call and send its answer, or say that it is the one that the client has; returns the status."""
        wire, plan, edge = exchange.wire, self.plan, self.edge
        call, kept_back = begin_call(plan, edge, exchange)
        spelled = (wire.path, wire.query_string) if self._spelled and len(wire.query_string) < LONGEST else None
        if self._at_hand is not None and call.credential is None and kept_back is None:
            kept = await self._found(call, spelled, keeper=self._at_hand)
            if kept is not None:
                refused = await edge.pipeline.count(plan, call)
                if refused is not None:
                    return await send_refusal(edge, call, refused.error, wire=wire)
                return await self._send(wire, call, kept)
        ready = call.encoder = Ready(plan.codec, spelled)
        result = await edge.pipeline.run(plan, call, lambda: self._received(exchange, kept_back, spelled))
        if result.error is not None:
            return await send_refusal(edge, call, result.error, wire=wire)
        return await self._send(wire, call, ready.packed(result.data))

    async def _found(self, call: Call, spelled: Spelled | None, *, keeper: Keeper) -> Kept | None:
        """The answer for everybody, where it is at hand and fresh: then nothing has to be run."""
        if spelled is None or (bound := self._bound.get(spelled)) is None:
            return None
        place = keeper.known(spelled, call.request.locale)
        if place is None:
            return None
        look = await call.services.cache.look(*place)
        if look.kept is None or not look.fresh:
            return None
        call.values = self.plan.binder.flatten(bound.arguments)
        return look.kept

    async def _send(self, wire: Wire, call: Call, kept: Kept) -> int:
        headers = headers_of(call.answer, call.request, JSON, always=self._always)
        headers.append(("etag", f'"{kept.etag}"'))
        status, body = call.answer.status, kept.body
        if is_named(kept.etag, wire.headers.get("if-none-match")):
            status, body = HTTPStatus.NOT_MODIFIED, b""
            headers = [(name, value) for name, value in headers if name != "content-type"]
        await send_answer(wire, status, headers, body=body)
        return status

    async def _received(self, exchange: Exchange, kept_back: Error | None, spelled: Spelled | None) -> Bound:
        """The input; one that was spelled so before need not be read again."""
        known = self._bound.get(spelled) if spelled is not None and kept_back is None else None
        if known is not None:
            return known
        bound = await self.receive(exchange, kept_back)
        if spelled is not None and bound.errors is None and bound.refusal is None:
            self._bound[spelled] = bound
            if len(self._bound) > MOST_KNOWN:
                del self._bound[next(iter(self._bound))]
        return bound


def open_to_all(plan: Plan) -> Keeper | None:
    """What keeps the plan's answers, where they are everybody's and nothing but limits stands before them."""
    keeper = plan.handler
    if not isinstance(keeper, Keeper) or keeper.of_org or not (keeper.keeping.shared and plan.public):
        return None
    deciding = (plan.caller, plan.access, plan.limit, plan.input, plan.replay, plan.state)
    around = (plan.checks, plan.refinements, plan.wraps, plan.records, plan.ask.key, plan.slug, plan.row)
    return None if any(deciding) or any(around) else keeper


def keeping_of(plan: Plan) -> Keeping | None:
    """How the plan's answers are kept, where they are."""
    return plan.handler.keeping if isinstance(plan.handler, Keeper) else None


def _may_keep(plan: Plan, keeping: Keeping) -> Headers:
    """Who may keep the answer, and what it depends on; a browser may, but asks each time whether it is still good."""
    for_all = plan.public and keeping.shared and not plan.needs.tenant
    if for_all and keeping.max_age is not None:
        return [("cache-control", f"public, max-age={keeping.max_age:.0f}"), ("vary", ANYBODY)]
    return [("cache-control", "private, no-cache"), ("vary", ANYBODY if for_all else CALLER)]
