"""Interactive: no API key."""

from portico.core.call import Call
from portico.core.policy import Contract, Policy
from portico.errors import Error, KeyRefused


class Interactive(Policy):
    """For people, not for programs: refuses API keys, whatever their scopes."""

    def decide(self, call: Call) -> Error | None:
        """Refuse an API key."""
        return KeyRefused() if call.facts.key_id is not None else None

    def contract(self) -> Contract:
        """It may answer AUTH_KEY_REFUSED."""
        return Contract(errors=(KeyRefused,))
