"""What is decided of a call, in which order; pure, but for the counting of limits."""

from collections.abc import Sequence

from portico.core.call import Call
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
from portico.ports.database import Facts, Stored


def arrive(plan: Plan, call: Call) -> None:
    """Refuse what the wire alone shows: too many from one address, nobody where somebody is needed."""
    if plan.caller:
        decide(plan.caller, call)
    if call.credential is None and not plan.public:
        raise Unauthorized


def decide_all(plan: Plan, call: Call, bound: Bound, *, recall: Recall) -> Stored | None:
    """401, 403, limits, 422, replay, and the row's state, in this order; a stored answer where there is one."""
    facts = call.facts
    admit(plan, call)
    decide(plan.access, call)
    if (plan.limit or facts.key_rate) and not call.charged:
        _charge(plan, call, recall)
    if bound.errors is not None or bound.refusal is not None:
        raise bound.refusal or Invalid(errors=bound.errors)
    if plan.needs.tenant and facts.org_id is None:
        raise NotFound
    decide(plan.input, call)
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
            raise error


def decide_state(plan: Plan, call: Call) -> None:
    """Rules about what is there; a row that is not there comes first."""
    if call.facts.row_found is False:
        raise NotFound
    decide(plan.state, call)


def declared(plan: Plan, error: Error) -> bool:
    """Whether the action says that it may raise the error; Portico's own are everybody's."""
    kind = type(error)
    return kind.__module__ == Error.__module__ or any(issubclass(kind, known) for known in plan.errors)


def _charge(plan: Plan, call: Call, recall: Recall) -> None:
    """Count the attempt once, however often its transaction runs."""
    call.charged = True
    try:
        _charge_key(call)
        decide(plan.limit, call)
    except RateLimited as refusal:
        recall.remember(plan.action.name, call, refusal)
        raise


def _charge_key(call: Call) -> None:
    """Count the attempt against the API key's own limit, where it has one."""
    facts = call.facts
    if facts.key_rate is not None:
        limit, window = call.services.rate(facts.key_rate)
        taken = call.services.counters.take(f"key\x1f{facts.key_id}", limit, window)
        call.answer.limits.append(("key", taken))
        if not taken.allowed:
            raise RateLimited(retry_after=taken.reset)


def _stored(facts: Facts) -> Stored:
    """The answer that the gate has found under the key."""
    return Stored(
        facts.idem_digest or b"",
        facts.idem_fingerprint or b"",
        facts.idem_status or 0,
        facts.idem_headers or "",
        facts.idem_body or b"",
    )
