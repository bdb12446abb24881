"""An incoming webhook: what comes is proved, stored, answered; each event is then handled by a job, once."""

from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypedDict, Unpack

from pydantic import BaseModel
from pydantic_core import from_json

from portico.core.action import Action, AnyAction, Place
from portico.core.call import Call
from portico.core.context import PublicContext, SystemContext, call_of
from portico.core.declaring import Declaring, Spot
from portico.core.enlisting import record_of
from portico.core.fitting import refuse_bare
from portico.core.inputs import BAD_JSON
from portico.core.policy import Policy
from portico.core.proof import Proof
from portico.core.schemes import SCHEMES, Fields, Parcel, Scheme
from portico.core.task import Priority, Task
from portico.errors import Invalid, Misconfigured
from portico.ports.late import built_late

P = ParamSpec("P")
Job: TypeAlias = Callable[Concatenate[SystemContext, P], Coroutine[Any, Any, None]]
RECEIVE = """
    select portico.receive_v1(
      :id, :inbox, :event, :kind, :body, cast(:handler as text), cast(:moment as timestamptz), :request_id, :proof)
"""
ATTEMPTS = 10
REST = "*"
"""What no other handler takes."""


class InboxOptions(TypedDict, total=False):
    """How the events of a webhook are handled; all may be left out."""

    attempts: int
    """How often it is tried, 10 unless told otherwise; 100 at most."""
    priority: Priority
    """Which of the jobs that are due goes first, `normal` unless told otherwise."""
    timeout: timedelta
    """How long an attempt may take, a minute unless told otherwise."""


@built_late
class Receipt(BaseModel, defer_build=True):
    """What the provider is told."""

    received: bool = True
    duplicate: bool = False
    """Whether this event had come before: then nothing more is done."""


class Inbox:
    """What a provider sends to one address: `stripe = site.webhook("POST /webhooks/stripe", Signature("stripe", …))`.

    Each event is stored once under the provider's id of it, and answered at once; `@stripe.on("invoice.paid")` declares
    the job that handles it. One that nobody handles is stored and answered too.
    """

    def __init__(self, action: Action[PublicContext, [bytes], Receipt], proof: Proof | None, home: Declaring) -> None:
        """Made by `Module.webhook`."""
        self.action = action
        self.handlers: dict[str, AnyAction] = {}
        self._proof = proof
        self._home = home

    def on(
        self, *kinds: str, policies: Sequence[Policy] = (), whole: bool = False, **options: Unpack[InboxOptions]
    ) -> Callable[[Job[P]], Action[SystemContext, P, None]]:
        """Declare the job for events of these kinds, such as `invoice.paid`, or `INSERT:customers` of a database.

        Its one input is the event's data, as a model: Stripe's object, a changed row, else the member `data`. With
        `whole` it is all of the body. `*` is whatever no other handler takes. Raises Misconfigured where there are no
        kinds, or one is taken.
        """
        refuse_bare(f'{self.action.place.function}.on("thing.happened")', *kinds)
        options.setdefault("attempts", ATTEMPTS)

        def declare(handler: Job[P]) -> Action[SystemContext, P, None]:
            reads = _all if whole or self._proof is None else SCHEMES[self._proof.scheme].data
            make_task = partial(Task, reads=reads, **options)
            job = self._home.declare("job", "", tuple(policies), make_task=make_task)(handler)
            for kind in kinds:
                self._take(kind, job)
            if not kinds:
                raise Misconfigured(f'{job.name} ({job.place}): write on("thing.happened"), or on("*") for the rest.')
            return job

        return declare

    def handler_of(self, kind: str) -> AnyAction | None:
        """The job that handles events of a kind."""
        return self.handlers.get(kind) or self.handlers.get(REST)

    @property
    def proof(self) -> Proof:
        """How what comes is proved."""
        if self._proof is None:
            raise Misconfigured(f"{self.action.name} ({self.action.place}) has no verifier; write Signature(…).")
        return self._proof

    @property
    def scheme(self) -> Scheme:
        """How its provider signs."""
        return SCHEMES[self.proof.scheme]

    async def receive(self, call: Call, body: bytes) -> Receipt:
        """Store an event that was proved, and enqueue its job in the same transaction; a known one is only counted."""
        parcel = Parcel(body, call.request.headers)
        label = self.scheme.read(parcel, fields_of(body))
        handler, id = self.handler_of(label.kind), call.services.ids.new()
        about = f"{self.action.name}\n{label.id}\n{label.kind}\n".encode()
        new = await call.db.one(
            RECEIVE,
            bool,
            id=id,
            inbox=self.action.name,
            event=label.id,
            kind=label.kind,
            body=body,
            handler=handler.name if handler else None,
            moment=call.now,
            request_id=call.request.id,
            proof=call.services.prove(b"inbox" + id.bytes + about + body),
        )
        if new and handler is not None and handler.task is not None:
            record = record_of(handler, handler.task, call.now, id=call.services.ids.new())
            call.notes.jobs.append({**record, "event": id})
        return Receipt(duplicate=not new)

    def _take(self, kind: str, job: AnyAction) -> None:
        other = self.handlers.setdefault(kind, job)
        if other is not job:
            message = f"{job.name} ({job.place}): {kind!r} of {self.action.name} is handled by {other.name} already."
            raise Misconfigured(message)


def open_inbox(home: Declaring, route: str, policies: tuple[Policy, ...], *, spot: Spot) -> Inbox:
    """An inbox of a module, declared at that spot; what it lacks is said when the application is built."""
    place: Place = home.placed("webhook", route, spot, policies=policies)
    proof = next((p.proof for p in (*policies, *home.defaults) if p.proof is not None), None)

    async def receive(ctx: PublicContext, body: bytes) -> Receipt:
        """Take an event: it is proved, stored and answered at once, and handled by a job."""
        return await inbox.receive(call_of(ctx), body)

    name = f"{home.name}.{spot.function}"
    action = Action[PublicContext, [bytes], Receipt](name, "webhook", receive, policies, home.defaults, place)
    home.actions.append(action)
    inbox = Inbox(action, proof, home)
    return inbox


def fields_of(body: bytes) -> Fields:
    """The body, which must be a JSON object; raises Invalid."""
    try:
        fields = from_json(body)
    except ValueError:
        raise Invalid(errors=BAD_JSON) from None
    if not isinstance(fields, dict):
        raise Invalid(errors=BAD_JSON)
    return fields


def _all(fields: Fields) -> object:
    return fields
