"""What the settings say of outgoing webhooks."""

from portico.core.reach import Reach
from portico.core.value import Value


class WebhookTerms(Value):
    """How deliveries are made; times in seconds."""

    pauses: tuple[float, ...] = (120.0, 240.0, 480.0, 960.0, 1920.0)
    """Before the second attempt, the third, and so on; after the last one a delivery is given up."""
    timeout: float = 30.0
    failures: int = 10
    """Deliveries given up in a row after which an endpoint is switched off."""
    endpoints: int = 20
    """That an organization may have."""
    at_once: int = 100
    """Endpoints that one worker sends to at a time."""
    overlap: float = 86400.0
    """For how long a former secret goes on signing, unless whoever replaces it says otherwise."""
    reach: Reach = Reach()


USUAL = WebhookTerms()
"""What holds where no settings say otherwise."""
