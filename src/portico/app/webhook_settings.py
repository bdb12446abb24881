"""The settings of calls to addresses that users give, and of webhooks, which make them."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

from portico.app.outbound_settings import OutboundSettings
from portico.app.written import Networks, split
from portico.core.reach import Reach
from portico.core.webhooks import WebhookTerms

SCHEDULES: Mapping[str, str] = {
    "doubling": "2m 4m 8m 16m 32m",
    "standard": "5s 5m 30m 2h 5h 10h 14h 20h 24h",
}
"""By name; `standard` is the one that Standard Webhooks advises."""
PAUSE = re.compile(r"(\d{1,6})([smh])")
SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
MOST = 20


def read_schedule(written: str) -> tuple[float, ...]:
    """The pauses in seconds; raises ValueError where it is neither a schedule's name nor a list of pauses."""
    found = [PAUSE.fullmatch(word) for word in SCHEDULES.get(written, written).split()]
    pauses = tuple(int(each[1]) * SECONDS[each[2]] for each in found if each is not None)
    if not 1 <= len(pauses) <= MOST or len(pauses) < len(found):
        raise ValueError(f"write {', '.join(SCHEDULES)}, or up to {MOST} pauses such as 2m 4m 8m")
    return pauses


def _checked(written: str) -> str:
    read_schedule(written)
    return written


Ports = Annotated[tuple[Annotated[int, Field(ge=1, le=65535)], ...], NoDecode, BeforeValidator(split)]


class WebhookSettings(OutboundSettings):
    """How far such calls go, and how webhooks are delivered."""

    portico_reach_private: bool = Field(
        default=False,
        description="For development alone: addresses that users give may be http, on any port, "
        "on this machine and in its network.",
    )
    portico_reach_ports: Ports = Field(
        (443, 8443), description="Ports of addresses that users give, separated by commas."
    )
    portico_reach_denied: Networks = Field(
        (), description="Public networks of your own that no address of a user's leads into, separated by commas."
    )
    portico_webhook_schedule: Annotated[str, AfterValidator(_checked)] = Field(
        "doubling",
        description="Pauses before a webhook is delivered again: `doubling` (2m 4m 8m 16m 32m), "
        "`standard` (5s 5m 30m 2h 5h 10h 14h 20h 24h), or pauses of your own, such as 10s 1m 1h.",
    )
    portico_webhook_timeout: float = Field(
        30.0, gt=0, le=300, description="Seconds that an endpoint may take to answer."
    )
    portico_webhook_failures: int = Field(
        10, ge=1, le=10_000, description="Deliveries given up in a row after which an endpoint is switched off."
    )
    portico_webhook_endpoints: int = Field(
        20, ge=1, le=1000, description="Webhook endpoints that an organization may have."
    )
    portico_webhook_at_once: int = Field(
        100, ge=1, le=10_000, description="Webhook endpoints that one worker sends to at a time."
    )
    portico_webhook_overlap_hours: float = Field(
        24.0, ge=0, le=720, description="Hours for which a replaced secret of a webhook goes on signing beside the new."
    )

    def webhook_terms(self) -> WebhookTerms:
        """All of it, as webhooks read it."""
        return WebhookTerms(
            pauses=read_schedule(self.portico_webhook_schedule),
            timeout=self.portico_webhook_timeout,
            failures=self.portico_webhook_failures,
            endpoints=self.portico_webhook_endpoints,
            at_once=self.portico_webhook_at_once,
            overlap=self.portico_webhook_overlap_hours * 3600,
            reach=Reach(
                ports=frozenset(self.portico_reach_ports),
                private=self.portico_reach_private,
                denied=self.portico_reach_denied,
            ),
        )
