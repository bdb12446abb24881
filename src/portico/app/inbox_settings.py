"""Settings of incoming webhooks; their secrets have the names that the application gives them."""

from pydantic import Field
from pydantic_settings import BaseSettings

YEARS = 3650


class InboxSettings(BaseSettings):
    """What is kept of what came."""

    portico_derive_webhook_secrets: bool = Field(
        default=False,
        description="Whether an incoming webhook whose secret is not set gets one made of SECRET_KEY, for development "
        "and tests; with an embedded server it always does.",
    )
    portico_keep_deliveries_days: int = Field(
        30, ge=1, le=YEARS, description="Days after which the body of an incoming webhook is removed that was handled."
    )
    portico_keep_delivery_ids_days: int = Field(
        365,
        ge=1,
        le=YEARS,
        description="Days after which it is forgotten that it had come: sent again then, it would be handled again.",
    )
