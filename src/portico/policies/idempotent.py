"""Idempotent: a repeated request is done once."""

from typing import ClassVar

from portico.core.call import Call
from portico.core.keys import clean_key
from portico.core.policy import Ask, Contract, Policy, Stage
from portico.errors import Error, InProgress, KeyMalformed, KeyMissing, KeyReused


class Idempotent(Policy):
    """Takes an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header); a repeated one is answered as the first.

    A key is the principal's in the organization, and lives 24 hours. Claim, effect and stored answer are one
    transaction; a unique index decides who was first.
    """

    required: bool = False
    hours: ClassVar[int] = 24

    @property
    def stage(self) -> Stage:
        """After 422: an invalid request has no fingerprint."""
        return Stage.REPLAY

    def ask(self) -> Ask:
        """What is stored under the key."""
        return Ask(key=True)

    def decide(self, call: Call) -> Error | None:
        """Refuse a missing, malformed, busy or reused key."""
        if not call.key:
            return KeyMissing() if self.required else None
        if clean_key(call.key) is None:
            return KeyMalformed()
        if call.facts.idem_running:
            return InProgress(retry_after=1)
        stored = call.facts.idem_fingerprint
        return KeyReused() if stored is not None and stored != call.fingerprint else None

    def contract(self) -> Contract:
        """It reads Idempotency-Key, and marks a repeated answer."""
        errors: tuple[type[Error], ...] = (InProgress, KeyMalformed, KeyReused)
        if self.required:
            errors = (*errors, KeyMissing)
        key = ("Idempotency-Key",)
        return Contract(errors, headers=("Idempotent-Replayed",), inputs=key, required=key if self.required else ())
