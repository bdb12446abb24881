"""The secrets of incoming webhooks: settings that the application itself names."""

import base64
import logging
import os
from collections.abc import Mapping, Sequence

from portico.app.secret import derive, read_secret
from portico.app.settings import Settings
from portico.core.plan import Plan
from portico.core.proof import Proof
from portico.core.schemes import MARK, SCHEMES
from portico.errors import Misconfigured

Keys = Mapping[tuple[str, str], Sequence[bytes]]
log = logging.getLogger("portico")


def keys_of(plans: Mapping[str, Plan], settings: Settings) -> Keys:
    """The keys of every webhook, by scheme and setting; raises Misconfigured that lists what is missing or wrong."""
    proofs = {plan.action.name: p.proof for plan in plans.values() for p in plan.policies if p.proof is not None}
    found: dict[tuple[str, str], Sequence[bytes]] = {}
    problems: list[str] = []
    for name, proof in proofs.items():
        secrets = written(proof, settings)
        if not secrets and not proof.optional:
            problems.append(f"{proof.secret} is not set: {name} proves by it what comes in.")
        elif not secrets:
            log.info("%s takes nothing: %s is not set", name, proof.secret)
        try:
            found[proof.scheme, proof.secret] = [SCHEMES[proof.scheme].key(secret) for secret in secrets]
        except ValueError as problem:
            problems.append(f"{proof.secret} is no secret of the scheme {proof.scheme}: {problem}.")
    if problems:
        raise Misconfigured("\n".join(problems))
    return found


def written(proof: Proof, settings: Settings) -> list[str]:
    """The secrets that the environment gives; where it gives none, one for development, where that is wanted."""
    given = [part.strip() for part in os.environ.get(proof.secret, "").split(",") if part.strip()]
    if given or not (settings.portico_derive_webhook_secrets or settings.database_url is None):
        return given
    key = derive(read_secret(settings), f"webhook {proof.secret}")
    return [MARK + base64.b64encode(key).decode()]
