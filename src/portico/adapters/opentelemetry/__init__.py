"""Traces by OpenTelemetry: a span for each call, and in it the gate, the policies that wait, the handler, the close.

The API is imported where somebody traces, and nowhere else.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import Token
from functools import lru_cache
from time import perf_counter, time_ns
from typing import TYPE_CHECKING, cast

from opentelemetry import context, propagate, trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, TracerProvider

from portico.adapters.opentelemetry.resource import resource_of
from portico.core.observing import Observer, Sight
from portico.errors import Error
from portico.ports.statements import Seen

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider as Provider

FAULT = 500
NAME = "portico"


class Tracing(Observer):
    """Makes spans of calls and of their trips to the database."""

    def __init__(self, tracer: Tracer, wording: Callable[[str], str]) -> None:
        """`wording` is a statement without its values."""
        self._tracer, self._wording = tracer, wording

    def begin(self, sight: Sight) -> None:
        """Open the call's span: within what is current, else within what its caller says (W3C traceparent)."""
        outer = context.get_current()
        inside = trace.get_current_span(outer).get_span_context().is_valid
        if not inside:
            outer = propagate.extract(dict(sight.call.request.headers), outer)
        span = self._tracer.start_span(
            sight.plan.action.name, outer, kind_of(sight, inside=inside), attributes=attributes_of(sight)
        )
        sight.kept[self] = span, context.attach(trace.set_span_in_context(span, outer))

    def saw(self, seen: Seen, sight: Sight | None) -> None:
        """Make a span of a trip that is over; what no call has sent is no part of a trace."""
        if sight is None:
            return
        began = time_ns() - round((perf_counter() - seen.began) * 1e9)
        attributes = {"db.system.name": "postgresql", "db.query.text": self._wording(seen.sql)}
        span = self._tracer.start_span(seen.kind, kind=SpanKind.CLIENT, attributes=attributes, start_time=began)
        if seen.failed:
            span.set_status(StatusCode.ERROR)
        span.end(began + round(seen.seconds * 1e9))

    def end(self, sight: Sight) -> None:
        """Close the call's span, with what came of it and who it was."""
        span, token = cast("tuple[Span, Token[Context]]", sight.kept.pop(self))
        facts, error = sight.call.facts, sight.error
        for name, id in (("enduser.id", facts.user_id), ("portico.org", facts.org_id), ("portico.key", facts.key_id)):
            if id is not None:
                span.set_attribute(name, str(id))
        if error is not None:
            span.add_event("refused", {"code": error.code, "status": error.status})
            span.set_attribute("error.type", error.code)
        status = sight.call.answer.status if error is None else error.status
        if sight.call.request.headers:
            span.set_attribute("http.response.status_code", status)
        if sight.left or status >= FAULT:
            span.set_status(StatusCode.ERROR, "cut off" if sight.left else None)
        span.end()
        context.detach(token)

    def span(self, name: str) -> AbstractContextManager[object]:
        """A part of the call, as long as a block runs."""
        return _part(self._tracer, name)


@contextmanager
def _part(tracer: Tracer, name: str) -> Iterator[None]:
    """A span. Of an exception it has the class alone: the text may hold what is to be hidden, and the log has it."""
    with tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False) as span:
        try:
            yield
        except Error as refusal:
            span.set_attribute("error.type", refusal.code)
            raise
        except BaseException as problem:
            span.set_attribute("error.type", type(problem).__qualname__)
            span.set_status(StatusCode.ERROR)
            raise


def kind_of(sight: Sight, *, inside: bool) -> SpanKind:
    """A job takes what was sent before; a call inside of another's span is a part of that."""
    if sight.plan.action.kind == "job":
        return SpanKind.CONSUMER
    return SpanKind.INTERNAL if inside else SpanKind.SERVER


def attributes_of(sight: Sight) -> Mapping[str, str | tuple[str, ...]]:
    """What is known of a call when it begins."""
    action, call = sight.plan.action, sight.call
    found: dict[str, str | tuple[str, ...]] = {
        "portico.kind": action.kind,
        "portico.request_id": call.request.id,
        "portico.policies": tuple(dict.fromkeys(type(policy).__name__ for policy in sight.plan.policies)),
    }
    if call.request.headers:
        found |= {"http.request.method": action.place.method, "http.route": f"{action.place.prefix}{action.place.path}"}
    return found


def host_provider() -> TracerProvider | None:
    """The provider that the host has set, if it has set one."""
    provider = trace.get_tracer_provider()
    return None if isinstance(provider, trace.ProxyTracerProvider | trace.NoOpTracerProvider) else provider


@lru_cache(maxsize=1)
def own_provider(name: str, release: str) -> "Provider":
    """One that sends by OTLP where the variables OTEL_* say; the process's, for handlers and libraries too.

    Raises ImportError without the SDK.
    """
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider as Provider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = Provider(resource=resource_of(name, release))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider
