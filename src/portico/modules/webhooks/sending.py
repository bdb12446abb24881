"""One attempt: signed, posted, judged."""

import logging
from functools import lru_cache
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from portico.core.chore import Bench
from portico.errors import Misconfigured
from portico.modules.webhooks.judging import Judge, Outcome, Tried
from portico.modules.webhooks.signing import plain_headers, standard_headers
from portico.modules.webhooks.telling import written
from portico.ports.courier import OutOfReach, Parcel, Reply, Unreachable

AGENT = "Portico-Webhooks"
SECRETS = 1_000
"""That a worker remembers at most: opening one costs more than signing under it."""
log = logging.getLogger("portico")


class Due(BaseModel):
    """A delivery in hand, with all that sending it takes."""

    org_id: UUID
    endpoint_id: UUID
    lease: UUID
    url: str
    plain_headers: bool
    at_once: int
    secret: bytes
    former_secret: bytes | None
    id: UUID
    tries: int
    message_id: UUID
    event: str
    body: str
    sample: bool
    at: AwareDatetime


class Sender:
    """Sends what is due."""

    def __init__(self, bench: Bench) -> None:
        """Everything it needs lies on the bench."""
        services = bench.services
        self._courier, self._clock, self._sealer = bench.courier, services.clock, services.sealer
        self._timeout = services.webhooks.timeout
        self._unsealed = lru_cache(maxsize=SECRETS)(self._unseal)
        self._judge = Judge(services.webhooks, services.outbound.jitter)

    async def attempt(self, due: Due) -> Outcome:
        """Send it once; whatever happens is an outcome."""
        begun, at = self._clock.seconds(), self._clock.now()
        reply: Reply | None = None
        problem: str | None = None
        try:
            reply = await self._courier.post(self._parcel(due), within=self._timeout)
        except (OutOfReach, Unreachable, Misconfigured) as found:
            problem = str(found)[:500]
        except Exception:  # whatever it is: those behind it are not held up
            log.exception("a webhook could not be sent: %s", due.id)
            problem = "It could not be sent."
        milliseconds = round((self._clock.seconds() - begun) * 1000)
        return self._judge.outcome(Tried(at, milliseconds, reply, problem), tries=due.tries, only_once=due.sample)

    def _parcel(self, due: Due) -> Parcel:
        body, secrets = due.body.encode(), self._secrets(due)
        timestamp = int(self._clock.now().timestamp())
        signed = standard_headers(secrets, str(due.message_id), timestamp=timestamp, body=body)
        if due.plain_headers:
            signed |= plain_headers(secrets[0], due.event, moment=written(due.at), body=body)
        return Parcel(due.url, {"Content-Type": "application/json", "User-Agent": AGENT, **signed}, body)

    def _secrets(self, due: Due) -> list[str]:
        """The secret, and the former one while it still signs."""
        sealed = [due.secret, *([due.former_secret] if due.former_secret is not None else [])]
        return [self._unsealed(each, due.endpoint_id) for each in sealed]

    def _unseal(self, sealed: bytes, endpoint: UUID) -> str:
        return self._sealer.unseal(sealed, about(endpoint)).decode()


def about(endpoint: UUID) -> bytes:
    """What a sealed secret is for, so that it opens for its own endpoint alone."""
    return b"webhook " + endpoint.bytes
