"""Leaving the transaction and entering again: as the same caller, with a key that stays the same after a crash."""

from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from portico.core.call import Call
from portico.core.errand import Errand
from portico.core.plan import Plan
from portico.ports.outside import Claim, Standing


def errand_of(plan: Plan, call: Call, claim: Claim | None) -> Errand:
    """What a call that has passed the gate needs outside."""
    key = external_key(claim.digest, claim.fingerprint) if claim else str(call.services.ids.new())
    return Errand(call.services.outside, standing_of(call, operator=plan.ask.operator), claim, key, plan.read_only)


def standing_of(call: Call, *, operator: bool) -> Standing:
    """As whom the gate has let the call in."""
    facts = call.facts
    as_operator = operator and bool(facts.operator) and facts.key_id is None
    said = f"outside/{facts.user_id or ''}/{facts.org_id or ''}/{str(as_operator).lower()}"
    return Standing(facts.user_id, facts.org_id, as_operator, call.services.prove(said.encode()))


def claim_of(call: Call, lease: timedelta) -> Claim | None:
    """The claim of the key that the gate has found; None where there is none."""
    digest, holder = call.facts.idem_digest, call.services.ids.new()
    if digest is None or call.fingerprint is None:
        return None
    proof = call.services.prove(b"claim" + digest + holder.bytes)
    return Claim(digest, call.fingerprint, holder, call.action, lease, proof)


def external_key(digest: bytes, fingerprint: bytes) -> str:
    """The key for the other service: of the principal, the organization, the key, the action and its input."""
    return str(UUID(bytes=sha256(b"external" + digest + fingerprint).digest()[:16], version=4))
