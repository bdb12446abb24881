"""What the gate is asked about a call."""

from hashlib import sha256

from portico.core.call import Call
from portico.core.inputs import Bound
from portico.core.keys import clean_key
from portico.core.plan import Plan
from portico.ports.database import Entry


def must_pass_gate(plan: Plan, call: Call) -> bool:
    """Whether there is anything to ask: a public action that nobody signs for needs no connection."""
    return not plan.public or call.credential is not None or plan.slug is not None or (plan.ask.key and bool(call.key))


def entry_of(plan: Plan, call: Call, bound: Bound) -> Entry:
    """The gate's questions; those about the input only where the input is valid."""
    ask, valid = plan.ask, bound.errors is None and bound.refusal is None
    key = clean_key(call.key) if ask.key and valid else None
    if key is not None:
        name = f"{plan.action.place.prefix}/{plan.action.name}\0".encode()
        call.fingerprint = sha256(name + plan.binder.canonical(bound.arguments)).digest()
    slug = plan.slug.fill(call.values) if plan.slug else None
    row = plan.row.fill(call.values) if plan.row and valid else None
    return Entry(
        call.credential,
        call.wanted_org,
        slug,
        key,
        call.scope,
        ask.table if row else None,
        row,
        ask.owner or None,
        ask.version or None,
    )
