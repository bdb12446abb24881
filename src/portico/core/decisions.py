"""What is decided of a call, in which order; pure, but for the counting of limits."""

from collections.abc import Awaitable, Sequence

from portico.core.call import Call
from portico.core.charging import Bill, charge
from portico.core.inputs import Bound
from portico.core.plan import Plan
from portico.core.policy import Policy
from portico.core.recall import Recall
from portico.errors import (
    Error,
    Forbidden,
    Invalid,
    NoOrganization,
    NotFound,
    RateLimited,
    ScopeMissing,
    Unauthorized,
)
from portico.ports.counters import rule_made
from portico.ports.database import Facts, Stored


def count_caller(plan: Plan, call: Call) -> Awaitable[None] | None:
    """Count what the wire alone shows; None where that is done, else what is to be awaited. Either may refuse."""
    return charge(plan.caller_toll.of(call), call)


def arrive(plan: Plan, call: Call) -> None:
    """Refuse what the wire alone shows: nobody where somebody is needed."""
    if plan.caller:
        decide(plan.caller, call)
    if call.credential is None and not plan.public:
        raise Unauthorized


def let_in(plan: Plan, call: Call, recall: Recall) -> Awaitable[None] | None:
    """401, 403, limits; None where that is done, else what is to be awaited before `decide_all`. Either may refuse.

    An attempt is counted once, however often its transaction runs.
    """
    admit(plan, call)
    if plan.access:
        decide(plan.access, call)
    if call.charged or not (plan.limits or plan.limit or call.facts.key_rate):
        return None
    call.charged = True
    try:
        bill = plan.toll.of(call)
        if call.facts.key_rate is not None:
            bill = _with_key(bill, call, call.facts.key_rate)
        waiting = charge(bill, call)
        if waiting is None:
            if plan.limit:
                decide(plan.limit, call)
            return None
    except RateLimited as refusal:
        recall.remember(plan.action.name, call, refusal)
        raise
    return _let_in(plan, call, recall, waiting=waiting)


def decide_all(plan: Plan, call: Call, bound: Bound) -> Stored | None:
    """422, replay, and the row's state, in this order; a stored answer where there is one."""
    facts = call.facts
    if bound.errors is not None or bound.refusal is not None:
        raise bound.refusal or Invalid(errors=bound.errors)
    if plan.needs.tenant and facts.org_id is None:
        raise NotFound
    if plan.input:
        decide(plan.input, call)
    if plan.replay:
        decide(plan.replay, call)
    if facts.idem_status is not None:
        return _stored(facts)
    decide_state(plan, call)
    return None


def admit(plan: Plan, call: Call) -> None:
    """Somebody, where the action needs a user; a member, where it needs an organization's."""
    facts = call.facts
    if facts.user_id is None and not plan.public:
        raise Unauthorized
    if plan.needs.org and (facts.org_id is None or facts.org_role is None):
        if plan.ask.org:
            raise NotFound
        raise NoOrganization if call.wanted_org is None and plan.slug is None else Forbidden
    if facts.key_scopes is not None and not (plan.permits or plan.public or "*" in facts.key_scopes):
        raise ScopeMissing


def decide(policies: Sequence[Policy], call: Call) -> None:
    """Raise what the first policy that refuses says."""
    for policy in policies:
        if (error := policy.decide(call)) is not None:
            try:
                raise error
            finally:
                del error  # it knows this frame: together they would wait for the collector


def decide_state(plan: Plan, call: Call) -> None:
    """Rules about what is there; a row that is not there comes first."""
    if call.facts.row_found is False:
        raise NotFound
    if plan.state:
        decide(plan.state, call)


def declared(plan: Plan, error: Error) -> bool:
    """Whether the action says that it may raise the error; Portico's own are everybody's."""
    kind = type(error)
    return kind.__module__ == Error.__module__ or any(issubclass(kind, known) for known in plan.errors)


async def _let_in(plan: Plan, call: Call, recall: Recall, *, waiting: Awaitable[None]) -> None:
    try:
        await waiting
        decide(plan.limit, call)
    except RateLimited as refusal:
        recall.remember(plan.action.name, call, refusal)
        raise


def _with_key(bill: Bill, call: Call, rate: str) -> Bill:
    """With what the call uses up of its API key's own limit."""
    limit, window = call.services.rate(rate)
    keys, rules = bill
    return [*keys, f"key\x1f{call.facts.key_id}\x1f{window}"], (*rules, rule_made(limit, window, 1, "key", "closed"))


def _stored(facts: Facts) -> Stored:
    """The answer that the gate has found under the key."""
    return Stored(
        facts.idem_digest or b"",
        facts.idem_fingerprint or b"",
        facts.idem_status or 0,
        facts.idem_headers or "",
        facts.idem_body or b"",
    )
