"""The settings of calls to other services."""

from pydantic import Field
from pydantic_settings import BaseSettings


class OutboundSettings(BaseSettings):
    """Breakers, retries, and how long a call may take."""

    portico_breakers: dict[str, str] = Field(
        default_factory=dict,
        description='When the breakers of other services open, as JSON such as {"stripe": "3/60s reset 30s"}; '
        "`default` stands for those that are not named.",
    )
    portico_retry_attempts: int = Field(
        3, ge=1, le=10, description="How often a call to another service is made at most; 1: it is never retried."
    )
    portico_retry_base: float = Field(
        1.0, ge=0, le=60, description="Seconds that the pause before the first retry has at most; doubled for the next."
    )
    portico_retry_cap: float = Field(
        30.0, ge=0, le=600, description="Seconds that any pause before a retry has at most."
    )
    portico_retry_budget: float = Field(
        0.2, ge=0, le=1, description="The share of the calls to a service that its retries may come to."
    )
    portico_external_timeout: float = Field(
        30.0, gt=0, le=600, description="Seconds that each try of an `External` action's handler may take."
    )
