"""Traces: a span for each call, and its parts in it; of nobody who has not asked."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from textwrap import dedent

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.util._once import Once

from portico.adapters.opentelemetry import own_provider
from portico.adapters.postgres.servers import Urls
from tests.integration.observe.collector import Collector
from tests.integration.observe.conftest import opened
from tests.integration.observe.test_logs import SHIP

pytestmark = pytest.mark.anyio
TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """What a host's SDK exports; set for this test alone."""
    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    yield exporter
    provider.shutdown()


def named(exporter: InMemorySpanExporter, name: str) -> ReadableSpan:
    """The one span of that name."""
    (found,) = [span for span in exporter.get_finished_spans() if span.name == name]
    return found


def within(outer: ReadableSpan, spans: Sequence[ReadableSpan]) -> list[str]:
    """Names of the spans that are its parts, in the order in which they began."""
    own = [span for span in spans if span.parent is not None and span.parent.span_id == outer.context.span_id]
    return [span.name for span in sorted(own, key=lambda span: span.start_time or 0)]


async def test_a_call_is_a_span_with_its_parts(urls: Urls, spans: InMemorySpanExporter) -> None:
    """Begin, gate, handler, close; the handler's statements in the handler; who called, which policies."""
    async with opened(urls) as portico:
        org = await portico.organization("Alpha")
        sailor = await portico.member("sailor@alpha.test", org=org.id)
        spans.clear()
        await portico.client(sailor, org=org.id).get("/api/v1/crew")

    call, handle = named(spans, "harbor.crew"), named(spans, "handle")
    attributes = dict(call.attributes or {})
    assert call.kind is SpanKind.SERVER
    assert within(call, spans.get_finished_spans()) == ["begin", "gate", "handle", "close"]
    assert within(handle, spans.get_finished_spans()) == ["statement"] * 3
    assert (attributes["enduser.id"], attributes["portico.org"]) == (str(sailor.id), str(org.id))
    assert {"Anyone", "RateLimit"} <= set(attributes["portico.policies"])  # type: ignore[arg-type]  # a sequence of names
    assert (attributes["http.route"], attributes["http.response.status_code"]) == ("/api/v1/crew", 200)


async def test_a_trace_that_the_caller_has_begun_goes_on(urls: Urls, spans: InMemorySpanExporter) -> None:
    """By W3C's traceparent; one that is none begins anew."""
    async with opened(urls) as portico:
        for sent in (f"00-{TRACE}-{SPAN}-01", "junk"):
            await portico.client().get("/api/v1/tides", {"traceparent": sent})

    first, second = [span for span in spans.get_finished_spans() if span.name == "harbor.tides"]
    assert first.parent is not None
    assert (f"{first.context.trace_id:032x}", f"{first.parent.span_id:016x}") == (TRACE, SPAN)
    assert second.parent is None


async def test_policies_that_wait_are_parts(urls: Urls, spans: InMemorySpanExporter) -> None:
    """Each under its name, those that wrap within the handler's span; in them what the handler opens itself."""
    async with opened(urls) as portico:
        await portico.client().post("/api/v1/customs", {"goods": "tea"})

    call = named(spans, "harbor.declare")
    parts = within(call, spans.get_finished_spans())
    assert {"check Customs", "refine Customs", "handle"} <= set(parts)
    assert within(named(spans, "handle"), spans.get_finished_spans()) == ["wrap Customs"]
    assert within(named(spans, "wrap Customs"), spans.get_finished_spans()) == ["weigh"]


async def test_a_failure_marks_its_span_and_tells_no_secret(urls: Urls, spans: InMemorySpanExporter) -> None:
    """Class and code are there; texts, which may hold anything, are not."""
    async with opened(urls) as portico:
        await portico.client().post("/api/v1/ships", SHIP)
        await portico.client().get("/api/v1/crew")

    failed, refused = named(spans, "harbor.register"), named(spans, "harbor.crew")
    assert (failed.status.status_code, refused.status.status_code) == (StatusCode.ERROR, StatusCode.UNSET)
    assert (named(spans, "handle").attributes or {})["error.type"] == "RuntimeError"
    assert [dict(event.attributes or {}) for event in refused.events] == [{"code": "UNAUTHORIZED", "status": 401}]
    told = [span.to_json() for span in spans.get_finished_spans()]
    assert [text for text in told if str(SHIP["password"]) in text or "pier is full" in text] == []


async def test_a_job_is_a_span_of_its_own(urls: Urls, spans: InMemorySpanExporter) -> None:
    """Of the request that has sent it, it has the id."""
    async with opened(urls) as portico:
        reply = await portico.client().post("/api/v1/lights")
        await portico.run_jobs()

    job = named(spans, "harbor.light")
    assert job.kind is SpanKind.CONSUMER
    assert (job.attributes or {})["portico.request_id"] == reply.headers["x-request-id"]


async def test_an_application_sends_its_own_traces(urls: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
    """By OTLP, to where the variables of OpenTelemetry say, under its name and release; all of it when it closes."""
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", None)
    monkeypatch.setattr(trace, "_TRACER_PROVIDER_SET_ONCE", Once())
    with Collector().listening() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://{collector.place}")
        async with opened(urls, portico_traces=True, portico_release="7.1") as portico:
            await portico.client().post("/api/v1/customs", {"goods": "tea"})
        path, body = collector.posted.get(timeout=10)
        own_provider("harbor", "7.1").shutdown()

    told = (b"harbor.declare", b"handle", b"weigh", b"service.name", b"harbor", b"7.1")
    assert path == "/v1/traces"
    assert [word for word in told if word not in body] == []


def test_nobody_who_traces_not_loads_it() -> None:
    """Without an SDK, the API is not even imported when an application is open."""
    program = """
        import asyncio, sys
        from portico.app.observing import open_lookout
        from portico.app.settings import read_settings
        from tests.integration.observe.harbor import app
        async def look():
            async with open_lookout(app, read_settings()) as looking:
                return bool(looking.eyes), looking.eye
        print(asyncio.run(look()))
        print([name for name in ("opentelemetry", "sentry_sdk", "prometheus_client") if name in sys.modules])
    """
    done = subprocess.run([sys.executable, "-c", dedent(program)], capture_output=True, text=True, check=True)

    assert done.stdout.split("\n")[:2] == ["(False, None)", "[]"]
