"""Metrics by OpenTelemetry: the answers to HTTP requests, as its semantic conventions name them, and Portico's own."""

import os
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from opentelemetry import metrics
from opentelemetry.metrics import Meter, MeterProvider

from portico.adapters.opentelemetry.resource import resource_of
from portico.core.counting import limits_of, outcome_and_code
from portico.core.observing import Observer, Sight
from portico.ports.metrics import BOUNDS, CALLS, LIMITS, SECONDS, Metric

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics import MeterProvider as Provider

API = "opentelemetry.metrics"
"""Where the providers are from that count nothing."""
DURATION = "http.server.request.duration"
DURATION_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""Seconds, as the semantic conventions advise."""
METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})
LEFT, FAULT = 499, 500


class OtelMeter:
    """Adds to instruments: `portico_calls` is `portico.calls`, `portico_call_seconds` is `portico.call` in seconds.

    So a collector that writes for Prometheus gives each the name that it has on our own page.
    """

    def __init__(self, meter: Meter) -> None:
        """An instrument is made when it is first used."""
        self._meter = meter
        self._adding: dict[str, Callable[[float, Mapping[str, str]], None]] = {}

    def count(self, metric: Metric, *labels: str, by: int = 1) -> None:
        """So many more."""
        self._add(metric, labels, by)

    def set(self, metric: Metric, *labels: str, to: float) -> None:
        """So much now."""
        self._add(metric, labels, to)

    def record(self, metric: Metric, *labels: str, value: float) -> None:
        """One more, that took so long."""
        self._add(metric, labels, value)

    def _add(self, metric: Metric, labels: tuple[str, ...], number: float) -> None:
        add = self._adding.get(metric.name)
        if add is None:
            add = self._adding[metric.name] = self._made(metric)
        add(number, dict(zip(metric.labels, labels, strict=True)))

    def _made(self, metric: Metric) -> Callable[[float, Mapping[str, str]], None]:
        plain = metric.name.removesuffix("_seconds")
        name, unit = plain.replace("_", ".", 1), "" if plain == metric.name else "s"
        if metric.kind == "counter":
            return self._meter.create_counter(name, unit, metric.says).add
        if metric.kind == "gauge":
            return self._meter.create_gauge(name, unit, metric.says).set
        bounds: Any = list(BOUNDS)
        made = self._meter.create_histogram(name, unit, metric.says, explicit_bucket_boundaries_advisory=bounds)
        return made.record


class Metering(Observer):
    """Counts calls when they are over."""

    def __init__(self, meter: OtelMeter) -> None:
        """None is counted yet."""
        self._meter = meter

    def end(self, sight: Sight) -> None:
        """Count it and its time."""
        name, kind = sight.plan.action.name, sight.plan.action.kind
        self._meter.count(CALLS, name, kind, *outcome_and_code(sight))
        self._meter.record(SECONDS, name, kind, value=sight.seconds)
        for limit in limits_of(sight.error):
            self._meter.count(LIMITS, name, limit)


class RequestMeter:
    """Measures answers to HTTP requests."""

    def __init__(self, meter: Meter, scheme: str) -> None:
        """`scheme` is that of the application's address, as callers know it."""
        self._scheme = scheme
        bounds: Any = list(DURATION_BOUNDS)
        self._duration = meter.create_histogram(
            DURATION, "s", "Duration of HTTP server requests.", explicit_bucket_boundaries_advisory=bounds
        )

    def __call__(self, method: str, route: str | None, *, status: int, seconds: float) -> None:
        """One was answered, or its client has left; the route is a path with its places, not with what stands there."""
        known = method if method in METHODS else "_OTHER"
        attributes: dict[str, str | int] = {"http.request.method": known, "url.scheme": self._scheme}
        if route is not None:
            attributes["http.route"] = route
        if status != LEFT:
            attributes["http.response.status_code"] = status
        if status == LEFT or status >= FAULT:
            attributes["error.type"] = "client_left" if status == LEFT else str(status)
        self._duration.record(seconds, attributes)


def host_meter_provider() -> MeterProvider | None:
    """The provider that the host has set, if it has set one."""
    provider = metrics.get_meter_provider()
    return None if type(provider).__module__.startswith(API) else provider


@lru_cache(maxsize=1)
def own_meter_provider(name: str, release: str) -> "Provider":
    """One that sends by OTLP, as often and to where the variables OTEL_* say; the process's, for handlers too.

    Raises ImportError without the SDK.
    """
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.sdk.metrics import MeterProvider as Provider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

    reader = PeriodicExportingMetricReader(OTLPMetricExporter())
    provider = Provider([reader], resource_of(name, release))
    metrics.set_meter_provider(provider)
    return provider


def export_interval() -> float:
    """Seconds between two exports, as the SDK reads them."""
    return float(os.environ.get("OTEL_METRIC_EXPORT_INTERVAL", "60000")) / 1000
