"""The settings of streams: how many there may be, how often they are looked after."""

from pydantic import Field

from portico.app.export_settings import ExportSettings


class StreamSettings(ExportSettings):
    """Of one process."""

    portico_streams_per_user: int = Field(
        20, ge=1, le=1_000_000, description="Streams that one user, or API key, may have open in one process."
    )
    portico_streams_per_org: int = Field(
        2000, ge=1, le=1_000_000, description="Streams of one organization that may be open in one process."
    )
    portico_stream_queue: int = Field(
        100, ge=1, le=100_000, description="Events that wait for one stream; with more, its client is too slow."
    )
    portico_stream_keep_alive: float = Field(
        30.0, ge=0.05, le=3600, description="Seconds of silence after which a stream says that it is still there."
    )
    portico_stream_check: float = Field(
        3.0,
        ge=0.05,
        le=60,
        description="Seconds after which it is looked again whether those who have streams open may still read them.",
    )
