"""The settings of what is told about the application to those who run it."""

from pydantic import Field
from pydantic_settings import BaseSettings


class ObserveSettings(BaseSettings):
    """Health, metrics, traces, logs."""

    portico_release: str = Field(
        "dev",
        max_length=100,
        description="The application's own version, such as a tag: in health, metrics, traces and error reports.",
    )
    portico_slow_statement: float | None = Field(
        None, gt=0, le=3600, description="Seconds from which on a statement is told in the log; unset: none is."
    )
    portico_slow_action: float | None = Field(
        None, gt=0, le=3600, description="Seconds from which on a query or mutation is told in the log; unset: none is."
    )
    portico_repeated_statements: int = Field(
        0,
        ge=0,
        le=10_000,
        description="How often one call may send the same statement before the log warns; 0: always.",
    )
