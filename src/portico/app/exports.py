"""What holds of an export or a webhook whose module does not say otherwise."""

from collections.abc import Sequence

from portico.core.action import AnyAction
from portico.core.policy import Policy
from portico.policies.audit import Audit
from portico.policies.rate_limit import RateLimit
from portico.policies.timeout import Timeout

LONGEST = 600.0
"""Seconds."""


def export_defaults(action: AnyAction) -> Sequence[Policy]:
    """A webhook has a limit of its own; so has an export, which is audited and ends some time.

    Without it all exports of a user would share one.
    """
    own = any(p.limits for p in action.policies)
    if action.kind == "webhook":
        return () if own else (RateLimit("webhooks", scope=action.name),)
    if action.kind != "export":
        return ()
    limit = () if own else (RateLimit("expensive", scope="exports"),)
    return (Timeout(LONGEST), Audit(f"{action.place.module}.exported", target=action.name), *limit)
