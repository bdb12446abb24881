"""Links that do something: the browser is sent on, whatever comes of it."""

from typing import cast

from portico.core.answer import Redirect
from portico.core.inputs import Bound, Raw
from portico.core.plan import Plan
from portico.transports.form import see_other
from portico.transports.rest import Edge, begin_call
from portico.transports.wire import Exchange


class LinkEndpoint:
    """A mutation at GET: a success leads where it says, a refusal to the sign-in page, with the error's code.

    An application without such a page is sent to its front door.
    """

    __slots__ = ("edge", "plan")

    def __init__(self, plan: Plan, edge: Edge) -> None:
        """Serve the plan's action."""
        self.plan = plan
        self.edge = edge

    async def __call__(self, exchange: Exchange) -> int:
        """Run the call; returns the status."""
        edge, plan, wire = self.edge, self.plan, exchange.wire
        call, kept_back = begin_call(plan, edge, exchange)

        async def receive() -> Bound:
            if kept_back is not None:
                return Bound({}, None, kept_back)
            return plan.binder.bind(Raw(exchange.values, wire.query(), wire.headers, wire.cookies))

        result = await edge.pipeline.run(plan, call, receive)
        if result.error is None:
            return await see_other(call, cast("Redirect", result.data), wire)
        retreat = call.found.get("retreat") or edge.sign_in or "/"
        mark = "&" if "?" in str(retreat) else "?"
        return await see_other(call, f"{retreat}{mark}error={result.error.code}", wire)
