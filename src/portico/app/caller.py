"""Calls in-process: every policy runs, and a refusal is a value."""

import hashlib
import hmac
from collections.abc import AsyncGenerator, Callable, Mapping
from functools import partial
from typing import Any, ParamSpec, TypedDict, TypeVar, Unpack
from uuid import UUID

from portico.app.drawing import Following, Handing, drawn
from portico.core.action import Action, AnyAction
from portico.core.call import Call
from portico.core.exporting import run_export
from portico.core.inputs import Bound, Raw
from portico.core.pipeline import Pipeline, Receive
from portico.core.plan import Plan
from portico.core.principal import NO_HEADERS, Principal, Request
from portico.core.result import Result
from portico.core.sink import Sink
from portico.core.stream import Stream
from portico.errors import Misconfigured

P = ParamSpec("P")
T = TypeVar("T")
Running = Callable[[], tuple[Pipeline, bytes]]


async def run_live(pipeline: Pipeline, plan: Plan, call: Call, *, receive: Receive, sink: Sink) -> Result[int]:
    """A subscription, whose values go to the sink."""
    call.sink = sink
    result: Result[int] = await pipeline.run(plan, call, receive)
    return result


class CallOptions(TypedDict, total=False):
    """In which organization, under which idempotency key, with which headers."""

    org: UUID | None
    key: str | None
    extra: Mapping[str, str] | None


class Caller:
    """Calls as somebody: `await app.as_(alice, org=salon.id, key="k1").call(create, data=visit)`."""

    __slots__ = ("_extra", "_key", "_org", "_running", "_who")

    def __init__(self, running: Running, who: Principal | None, **options: Unpack[CallOptions]) -> None:
        """`running` gives the pipeline and the key that proves a caller to the gate."""
        self._running = running
        self._who = who
        self._org = options.get("org")
        self._key = options.get("key")
        self._extra = options.get("extra") or NO_HEADERS

    async def call(self, action: Action[Any, P, T], /, *args: P.args, **input: P.kwargs) -> Result[T]:
        """Call the action with typed input."""
        pipeline, plan, call = self._begin(action)

        async def receive() -> Bound:
            return plan.binder.values(args, input)

        return await pipeline.run(plan, call, receive)

    def stream(self, stream: Stream[Any, P, T], /, *args: P.args, **input: P.kwargs) -> AsyncGenerator[T, None]:
        """Draw the rows of a stream with typed input, one after another; what is refused is raised, as its error.

        Who stops before the last row calls `aclose()`, or draws under `contextlib.aclosing`: that frees the connection.
        """
        pipeline, plan, call = self._begin(stream)

        async def receive() -> Bound:
            return plan.binder.values(args, input)

        if plan.action.kind == "subscription":
            return drawn(partial(run_live, pipeline, plan, call, receive=receive), Following())
        return drawn(partial(run_export, pipeline, plan, call, receive=receive), Handing())

    async def send(self, action: Action[Any, ..., T], input: Mapping[str, object], /) -> Result[T]:
        """Call the action with unvalidated, flat input, as a wire would bring it."""
        pipeline, plan, call = self._begin(action)

        async def receive() -> Bound:
            return plan.binder.bind(Raw({}, {}, self._extra, {}, fields=input))

        return await pipeline.run(plan, call, receive)

    def _begin(self, action: AnyAction) -> tuple[Pipeline, Plan, Call]:
        pipeline, proof_key = self._running()
        plan = pipeline.plans.get(action.name)
        if plan is None or plan.action is not action:
            message = f"{action.name} is not in this application; add its module to App(modules=[…])."
            raise Misconfigured(message)
        request = Request(headers=self._extra, id=pipeline.services.ids.new().hex)
        call = Call(action.name, pipeline.services, request)
        call.wanted_org, call.key, call.extra = self._org, self._key, self._extra
        call.scope = "process"
        call.credential = _proof(self._who, proof_key)
        return pipeline, plan, call


def _proof(who: Principal | None, proof_key: bytes) -> bytes | None:
    if who is None or who.id is None:
        return None
    return proof_of(who.id, proof_key)


def proof_of(user: UUID, proof_key: bytes) -> bytes:
    """The credential of a user whom this process vouches for: the id, and its HMAC under the gate's key."""
    return user.bytes + hmac.digest(proof_key, user.bytes, hashlib.sha256)
