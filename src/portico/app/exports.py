"""What holds of an export whose module does not say otherwise."""

from collections.abc import Sequence

from portico.core.action import AnyAction
from portico.core.policy import Policy
from portico.policies.audit import Audit
from portico.policies.rate_limit import RateLimit
from portico.policies.timeout import Timeout

LONGEST = 600.0
"""Seconds."""


def export_defaults(action: AnyAction) -> Sequence[Policy]:
    """Exports are audited, end some time, and each has a limit of its own: else all exports of a user share one."""
    if action.kind != "export":
        return ()
    own = any(p.limits for p in action.policies)
    limit = () if own else (RateLimit("expensive", scope="exports"),)
    return (Timeout(LONGEST), Audit(f"{action.place.module}.exported", target=action.name), *limit)
