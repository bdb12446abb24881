"""The settings of exports."""

from pydantic import Field
from pydantic_settings import BaseSettings


class ExportSettings(BaseSettings):
    """How long one waits for its client."""

    portico_export_stall: float = Field(
        10.0,
        gt=0,
        le=3600,
        description="Seconds that the client of an export, or of a stream, may take for a piece of it.",
    )
