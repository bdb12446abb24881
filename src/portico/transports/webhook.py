"""Incoming webhooks: the body as it came, for whoever can prove it; a credential beside it says nothing."""

from portico.core.call import Call
from portico.core.inputs import Bound
from portico.core.plan import Plan
from portico.errors import TooLarge
from portico.transports.answers import JSON, headers_of, send_answer
from portico.transports.rest import Edge, RestEndpoint, send_refusal
from portico.transports.wire import Exchange


class WebhookEndpoint(RestEndpoint):
    """One inbox over HTTP."""

    __slots__ = ("_most",)

    def __init__(self, plan: Plan, edge: Edge) -> None:
        """Serve the plan's inbox; its proof says how much is read."""
        super().__init__(plan, edge)
        self._most = min([edge.max_body, *(p.proof.max_bytes for p in plan.policies if p.proof is not None)])

    async def __call__(self, exchange: Exchange) -> int:
        """Take what came; returns the status."""
        wire, plan, edge = exchange.wire, self.plan, self.edge
        call = Call(plan.action.name, edge.pipeline.services, exchange.request)
        call.encoder, call.patience.leaving = plan.codec.encode, wire.left
        result = await edge.pipeline.run(plan, call, lambda: self.receive(exchange, None))
        if result.error is not None:
            return await send_refusal(edge, call, result.error, wire=wire)
        headers = headers_of(call.answer, call.request, JSON)
        await send_answer(wire, call.answer.status, headers, body=call.encoded or b"")
        return call.answer.status

    async def receive(self, exchange: Exchange, refusal: Exception | None) -> Bound:
        """The body, unread; one that is too large is kept back."""
        wire = exchange.wire
        try:
            wire.check_size(self._most)
            return Bound({"body": await wire.body(self._most)})
        except TooLarge as problem:
            return Bound({}, None, problem)
