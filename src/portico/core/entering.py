"""What the gate is asked about a call."""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from uuid import UUID

from portico.core.addresses import prefix_of
from portico.core.binding import agent_of, fingerprint_of, has_drifted, name_of
from portico.core.call import Call
from portico.core.inputs import Bound
from portico.core.keys import clean_key
from portico.core.plan import Plan
from portico.errors import Error, Forbidden, NotFound, SignInAgain, Unauthorized
from portico.ports.database import Entry, Facts, entry_made
from portico.ports.touches import Drift

Gate = Callable[[Entry], Awaitable[Facts]]


class FirstSight(Exception):  # says what happened
    """A token that may be another issuer's, and that no session stands for yet."""


def must_pass_gate(plan: Plan, call: Call) -> bool:
    """Whether there is anything to ask: a public action that nobody signs for needs no connection."""
    return not plan.public or call.credential is not None or plan.slug is not None or (plan.ask.key and bool(call.key))


def entry_of(plan: Plan, call: Call, bound: Bound) -> Entry:
    """The gate's questions; those about the input only where the input is valid."""
    ask, valid = plan.ask, bound.errors is None and bound.refusal is None
    key = clean_key(call.key) if ask.key and valid else None
    if key is not None:
        call.fingerprint = sha256(plan.named + plan.binder.canonical(bound.arguments)).digest()
    slug = plan.slug.fill(call.values) if plan.slug else None
    row = plan.row.fill(call.values) if plan.row and valid else None
    if ask.org and ask.org in call.values:
        place(call, call.values[ask.org])
    asked = (
        call.credential,
        call.wanted_org,
        slug,
        key,
        call.scope,
        fingerprint_of(call.request.headers),
        prefix_of(call.request.ip),
        ask.operator,
        call.services.prove(b"slug" + slug.encode()) if slug is not None else None,
        ask.table if row else None,
        ask.owner or None,
        ask.version or None,
        ask.whose or "org",
        ask.resources or None,
        row,
    )
    return entry_made(asked)


async def pass_gate(plan: Plan, call: Call, entry: Entry, *, gate: Gate) -> None:
    """Ask the gate; note the use of what let the caller in.

    Raises FirstSight where it knows nobody by a token that may be another issuer's, and SignInAgain where a session has
    drifted and the settings are strict. A public action then runs for nobody, so that the sign-in itself is not in the
    way of signing in.
    """
    facts = await gate(entry)
    call.pass_gate(facts)
    call.entry = entry
    if facts.user_id is None and call.bearer is not None:
        raise FirstSight
    if (facts.other_agent is not None or facts.other_prefix is not None) and _refused(call, entry, facts):
        if not plan.public:
            raise SignInAgain
        call.entry = entry._replace(credential=None)
        call.pass_gate(await gate(call.entry))
    elif facts.session_id is not None:
        call.services.touches.session(facts.session_id, call.now)
    elif facts.key_id is not None:
        call.services.touches.key(facts.key_id, call.now)


async def introduce(plan: Plan, call: Call) -> None:
    """Have the token exchanged for a session, with no transaction open, for the gate to be asked again.

    Raises Unauthorized where it is refused; a public action then runs for nobody.
    """
    call.transaction = None
    try:
        if call.services.exchange is not None:
            await call.services.exchange(call)
    except Unauthorized:
        if not plan.public:
            raise
    call.bearer = None


def _refused(call: Call, entry: Entry, facts: Facts) -> bool:
    """Whether the session may not be used from here; a drift is noted either way."""
    services, request = call.services, call.request
    session, fingerprint = facts.session_id, entry.agent or ""
    if session is None or services.binding == "off" or not has_drifted(facts, fingerprint, services.devices):
        return False
    refused = services.binding == "strict"
    device, agent = name_of(fingerprint, services.devices), agent_of(request.headers)
    drift = Drift(session, device, entry.prefix or "", refused, call.now, request.ip, agent, request.id)
    services.touches.drift(drift)
    return refused


def place(call: Call, named: object) -> Error | None:
    """Work in the organization that the input names; says what is wrong where it is none, or a header names another."""
    try:
        org = named if isinstance(named, UUID) else UUID(str(named))
    except ValueError:
        return NotFound()
    contradicted = call.wanted_org not in {None, org}
    call.wanted_org = org
    return Forbidden() if contradicted else None
