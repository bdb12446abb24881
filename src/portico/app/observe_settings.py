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
