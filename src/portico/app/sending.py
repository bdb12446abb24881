"""Metrics sent by OpenTelemetry: by the SDK that its host has set up, or by one of its own."""

import logging
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from portico.app.beside import beside
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from portico.adapters.opentelemetry.metrics import Metering, OtelMeter, RequestMeter
    from portico.app.gauges import Gauges
    from portico.app.settings import Settings

MISSING = "OTEL_METRICS_EXPORTER: OpenTelemetry is not installed: install portico[otel], or set it to none."
SDK = "opentelemetry.sdk.metrics"
LAST = 5_000
"""Milliseconds that metrics on their way may take when the application closes."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What is sent."""

    meter: "OtelMeter"
    calls: "Metering"
    requests: "RequestMeter"
    seconds: float
    """Between two looks at what is so at the moment."""

    @asynccontextmanager
    async def looking(self, gauges: "Gauges", release: str) -> AsyncIterator[None]:
        """Look at it as long as the block runs."""
        gauges.begin(release)
        async with beside(gauges.look_on(self.seconds, deep=True)):
            yield


@contextmanager
def sending(name: str, settings: "Settings") -> Iterator[Sending | None]:
    """What sends metrics as long as the block runs; None where nobody wants them, and then nothing is loaded.

    A host that has set a provider is known by the SDK that it has loaded. Raises Misconfigured without the extra.
    """
    if not settings.sends_metrics and SDK not in sys.modules:
        yield None
        return
    try:
        from portico.adapters.opentelemetry import NAME
        from portico.adapters.opentelemetry import metrics as otel
    except ModuleNotFoundError:
        raise Misconfigured(MISSING) from None
    if settings.sends_metrics and otel.host_meter_provider() is None:
        otel.own_meter_provider(name, settings.portico_release)
    provider = otel.host_meter_provider()
    if provider is None:
        yield None
        return
    made = provider.get_meter(NAME)
    meter, scheme = otel.OtelMeter(made), urlsplit(settings.portico_url or "").scheme or "http"
    try:
        with lines_counted(meter):
            yield Sending(meter, otel.Metering(meter), otel.RequestMeter(made, scheme), otel.export_interval())
    finally:
        if flush := getattr(provider, "force_flush", None):  # the SDK's own; the API knows none
            flush(LAST)


@contextmanager
def lines_counted(meter: "OtelMeter") -> Iterator[None]:
    """Have the log's warnings counted as long as the block runs."""
    from portico.core.counting import LineCounter

    logger, lines = logging.getLogger("portico"), LineCounter(meter)
    logger.addHandler(lines)
    try:
        yield
    finally:
        logger.removeHandler(lines)
