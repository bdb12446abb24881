"""The settings of what is told about the application to those who run it."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class ObserveSettings(BaseSettings):
    """Health, metrics, traces, logs."""

    portico_release: str = Field(
        "dev",
        max_length=100,
        description="The application's own version, such as a tag: in health, metrics, traces and error reports.",
    )
    portico_admin_port: int | None = Field(
        None,
        ge=0,
        le=65535,
        description="Where /metrics is shown for Prometheus, apart from what callers reach; 0: any free port; unset: "
        "nothing is counted.",
    )
    portico_admin_host: str = Field("127.0.0.1", description="The address of the admin port: never a public one.")
    portico_traces: bool = Field(
        default=False, description="Whether traces are sent by OTLP, to where OTEL_EXPORTER_OTLP_ENDPOINT says."
    )
    otel_metrics_exporter: str = Field(
        "none", description="`otlp`: metrics are sent by OTLP, to where OTEL_EXPORTER_OTLP_ENDPOINT says."
    )
    sentry_dsn: SecretStr | None = Field(None, description="Where errors are reported to; unset: nowhere.")
    sentry_environment: str = Field(
        "production", max_length=64, description="What error reports call the installation."
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

    @property
    def sends_metrics(self) -> bool:
        """Whether OTLP is among the exporters of metrics; others are none of ours."""
        return "otlp" in {name.strip().lower() for name in self.otel_metrics_exporter.split(",")}
