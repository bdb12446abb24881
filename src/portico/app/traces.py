"""Traces of an application: by the SDK that its host has set up, or by one of its own."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from portico.app.slow import wording
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from portico.adapters.opentelemetry import Tracing
    from portico.app.settings import Settings

MISSING = "PORTICO_TRACES: OpenTelemetry is not installed: install portico[otel]."
SDK = "opentelemetry.sdk.trace"
LAST = 5_000
"""Milliseconds that spans on their way may take when the application closes."""


@contextmanager
def traced(name: str, settings: "Settings") -> Iterator["Tracing | None"]:
    """What traces calls as long as the block runs; None where nobody wants traces, and then nothing is loaded.

    A host that has set a provider is known by the SDK that it has loaded. Raises Misconfigured without the extra.
    """
    if not settings.portico_traces and SDK not in sys.modules:
        yield None
        return
    try:
        from portico.adapters.opentelemetry import NAME, Tracing, host_provider, own_provider
    except ModuleNotFoundError:
        raise Misconfigured(MISSING) from None
    if settings.portico_traces and host_provider() is None:
        own_provider(name, settings.portico_release)
    provider = host_provider()
    try:
        yield None if provider is None else Tracing(provider.get_tracer(NAME), wording)
    finally:
        if flush := getattr(provider, "force_flush", None):  # the SDK's own; the API knows none
            flush(LAST)
