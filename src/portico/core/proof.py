"""What proves who sent an incoming webhook, as a policy declares it."""

from portico.core.schemes import SchemeName
from portico.core.value import Value


class Proof(Value):
    """The provider's way of signing, and the setting that holds the secret."""

    scheme: SchemeName
    secret: str
    """The name of the setting."""
    tolerance: float = 300.0
    """Seconds that a signature may be old, or a clock ahead."""
    max_bytes: int = 512 * 1024
    optional: bool = False
    """Whether the application starts without the secret; nothing is taken then."""
