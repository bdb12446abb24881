"""The settings of upkeep: how long what is over is kept."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

YEARS = 3650


class UpkeepSettings(BaseSettings):
    """What workers remove, and when."""

    portico_upkeep: bool = Field(
        default=True, description="Whether workers remove what is past its time, every ten minutes."
    )
    portico_upkeep_batch: int = Field(
        1000, ge=1, le=100_000, description="Rows that are removed in one transaction, at most."
    )
    portico_keep_audit_days: int | None = Field(
        None,
        ge=1,
        le=YEARS,
        description="Days after which records of the audit are removed, behind a checkpoint; unset: never.",
    )
    portico_former_secret_keys: SecretStr | None = Field(
        None, description="Values that SECRET_KEY had before, separated by commas: seals of the audit under them count."
    )
    portico_keep_accounts_days: int = Field(
        30,
        ge=1,
        le=YEARS,
        description="Days after which an account is removed whose address nobody has confirmed and that nobody uses.",
    )
    portico_keep_events_days: int = Field(
        7,
        ge=1,
        le=YEARS,
        description="Days that an event stays in the outbox; longer, until every listener has read it.",
    )
    portico_keep_listeners_days: int = Field(
        30,
        ge=1,
        le=YEARS,
        description="Days after which a listener that no worker knows any more no longer keeps events in the outbox.",
    )
    portico_keep_webhooks_days: int = Field(
        30, ge=1, le=YEARS, description="Days that deliveries of webhooks stay, with what was sent and answered."
    )
    portico_keep_jobs_days: int = Field(
        30, ge=1, le=YEARS, description="Days that a job stays that was given up or called off."
    )
