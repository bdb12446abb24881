"""REST: JSON in, one of two envelopes out."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from portico.core.addresses import prefix_of
from portico.core.call import Call
from portico.core.entering import place
from portico.core.inputs import Bound, Raw
from portico.core.pipeline import Pipeline
from portico.core.plan import Plan
from portico.errors import Error, Unsupported
from portico.errors.catalogs import Catalogs
from portico.transports import problems
from portico.transports.answers import JSON, headers_of, refusal_headers, send_answer
from portico.transports.wire import Exchange, Networks, Wire

if TYPE_CHECKING:
    from portico.transports.drawing import Blank
    from portico.transports.pages import Pages


@dataclass(frozen=True, slots=True)
class Edge:
    """What every transport has at hand."""

    pipeline: Pipeline
    catalogs: Catalogs
    max_body: int
    proxies: Networks
    origins: tuple[str, ...]
    pages: "Pages | None"
    sign_in: str
    """The path of the sign-in page, where a page sends who is not signed in; empty: nowhere."""
    confirm: str = ""
    """The path of the page that asks for the password again, where `Sudo` sends; empty: nowhere."""
    forms: "dict[str, Blank]" = field(default_factory=dict)
    """The forms that pages can draw, by the action that each is of."""


class RestEndpoint:
    """One action over REST."""

    __slots__ = ("edge", "plan")

    def __init__(self, plan: Plan, edge: Edge) -> None:
        """Serve the plan's action."""
        self.plan = plan
        self.edge = edge

    async def __call__(self, exchange: Exchange) -> int:
        """Run the call and send its answer; returns the status."""
        wire, plan, edge = exchange.wire, self.plan, self.edge
        call, kept_back = begin_call(plan, edge, exchange)
        call.encoder = plan.codec.encode
        result = await edge.pipeline.run(plan, call, lambda: self.receive(exchange, kept_back))
        if result.error is not None:
            return await send_refusal(edge, call, result.error, wire=wire)
        status = call.answer.status
        await send_answer(wire, status, headers_of(call.answer, call.request, JSON), body=call.encoded or b"")
        return status

    async def receive(self, exchange: Exchange, refusal: Error | None) -> Bound:
        """The input; `refusal` is what was wrong before it, to be kept back."""
        wire, plan = exchange.wire, self.plan
        body = await wire.body(self.edge.max_body) if plan.binder.wants_body else b""
        if body and refusal is None and not is_json(wire):
            refusal = Unsupported()
        if refusal is not None:
            return Bound({}, None, refusal)
        if plan.binder.bodily:
            return plan.binder.bind_body(body)
        return plan.binder.bind(Raw(exchange.values, wire.query(), wire.headers, wire.cookies, body))


def begin_call(plan: Plan, edge: Edge, exchange: Exchange) -> tuple[Call, Error | None]:
    """A call with what the wire says of its caller, and what is wrong with that, to be kept back."""
    wire = exchange.wire
    call = Call(plan.action.name, edge.pipeline.services, exchange.request)
    wire.call = wire.call or call
    call.credential, call.patience.leaving = wire.credential(), wire.left
    if call.services.exchange is not None:
        call.bearer = wire.bearer()
    call.wanted_org, kept_back = wire.org()
    if plan.ask.org and plan.ask.org in exchange.values:
        kept_back = place(call, exchange.values[plan.ask.org]) or kept_back
    if plan.ask.key:
        call.key = wire.headers.get("idempotency-key")
        call.scope = f"ip:{prefix_of(exchange.request.ip)}"
    return call, kept_back


async def send_refusal(edge: Edge, call: Call, error: Error, *, wire: Wire) -> int:
    """A refusal as problem details, with the headers of the limits that it met."""
    headers = headers_of(call.answer, call.request, problems.TYPE)
    headers += refusal_headers(error, call.request.locale)
    await send_answer(wire, error.status, headers, body=problems.problem(error, call.request, edge.catalogs))
    return error.status


def is_json(wire: Wire) -> bool:
    """Whether the body says that it is JSON."""
    written = wire.headers.get("content-type", "")
    if written == JSON:
        return True
    media_type = written.partition(";")[0].strip().lower()
    return media_type == JSON or media_type.endswith("+json")
