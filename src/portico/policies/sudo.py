"""Sudo: a password shown a moment ago."""

from portico.core.call import Call
from portico.core.policy import Contract, Policy
from portico.errors import Error, KeyRefused, SudoRequired


class Sudo(Policy):
    """For dangerous actions: the session must have seen a password, or a passkey, within the last minutes (a setting).

    API keys never pass, nor does whom a host's own sign-in knows, which does not say when that was. Callers in-process
    do: the application vouches for them.
    """

    def decide(self, call: Call) -> Error | None:
        """Refuse a session that only holds its cookie."""
        facts = call.facts
        if facts.key_id is not None:
            return KeyRefused()
        if facts.session_id is None:
            return SudoRequired() if call.request.vouched else None
        shown = facts.authenticated_at
        return None if shown is not None and call.now - shown <= call.services.sudo else SudoRequired()

    def contract(self) -> Contract:
        """It may answer AUTH_SUDO_REQUIRED and AUTH_KEY_REFUSED."""
        return Contract(errors=(SudoRequired, KeyRefused))
