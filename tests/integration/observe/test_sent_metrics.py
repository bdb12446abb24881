"""Metrics sent by OTLP: of requests as the semantic conventions name them, and of actions; only for who asks."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from opentelemetry import metrics
from opentelemetry.metrics import _internal
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.util._once import Once

from portico import Misconfigured
from portico.adapters.opentelemetry.metrics import DURATION, DURATION_BOUNDS, own_meter_provider
from portico.adapters.opentelemetry.resource import resource_of
from portico.adapters.postgres.servers import Urls
from portico.app.sending import sending
from portico.app.settings import read_settings
from portico.ports.metrics import BOUNDS
from portico.testing import Harness, open_harness
from tests.integration.observe.collector import Collector
from tests.integration.observe.conftest import opened
from tests.integration.observe.harbor import app
from tests.integration.observe.test_logs import SHIP
from tests.integration.observe.test_metrics import page_at, port, value

pytestmark = pytest.mark.anyio
__all__ = ["port"]
Sample = tuple[dict[str, object], Any]


@pytest.fixture(autouse=True)
def _nobody_has_set_a_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the process, for this test alone."""
    monkeypatch.setattr(_internal, "_METER_PROVIDER", None)
    monkeypatch.setattr(_internal, "_METER_PROVIDER_SET_ONCE", Once())


@pytest.fixture
def reader() -> Iterator[InMemoryMetricReader]:
    """What a host's SDK has counted."""
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader], shutdown_on_exit=False)
    metrics.set_meter_provider(provider)
    yield reader
    provider.shutdown()


def samples(reader: InMemoryMetricReader, name: str) -> list[Sample]:
    """Attributes and numbers of a metric."""
    found = reader.get_metrics_data()
    told = [m for r in found.resource_metrics for s in r.scope_metrics for m in s.metrics] if found else []
    return [(dict(point.attributes or {}), point) for m in told if m.name == name for point in m.data.data_points]


async def use(portico: Harness) -> None:
    """Requests that go well, are refused, fail, and are none of an action's."""
    client = portico.client()
    await client.get("/api/v1/soundings?times=2")
    await client.get("/api/v1/crew")
    await client.post("/api/v1/ships", SHIP)
    await client.send("BREW", "/api/v1/soundings")
    await client.get("/nothing/here")
    await client.get("/api/health/live")
    for _ in range(2):
        await client.get("/api/v1/tides")


async def test_requests_are_measured_as_the_conventions_say(urls: Urls, reader: InMemoryMetricReader) -> None:
    """By method, route, status and scheme, in seconds; never by what stands in the path."""
    async with opened(urls, portico_url="https://harbor.example") as portico:
        await use(portico)
        found = samples(reader, DURATION)

    known = {"url.scheme": "https", "http.request.method": "GET"}
    assert {tuple(point.explicit_bounds) for _, point in found} == {DURATION_BOUNDS}
    assert sum(point.count for _, point in found) == 8
    expected: list[dict[str, object]] = [
        {**known, "http.route": "/api/v1/soundings", "http.response.status_code": 200},
        {**known, "http.route": "/api/v1/crew", "http.response.status_code": 401},
        {**known, "http.route": "/api/health/live", "http.response.status_code": 200},
        {**known, "http.response.status_code": 404},
    ]
    assert [one for one in expected if one not in [attributes for attributes, _ in found]] == []
    failed = next(attributes for attributes, _ in found if "error.type" in attributes)
    assert (failed["http.response.status_code"], failed["error.type"]) == (500, "500")
    assert "_OTHER" in {attributes["http.request.method"] for attributes, _ in found}


async def test_calls_are_counted_as_on_the_page(
    urls: Urls, *, reader: InMemoryMetricReader, port: int, tmp_path: Path
) -> None:
    """What Prometheus is shown and what is sent are the same, where both are wanted."""
    async with opened(urls, portico_admin_port=port, portico_folder=tmp_path) as portico:
        await use(portico)
        page = await page_at(port)
        calls, times = samples(reader, "portico.calls"), samples(reader, "portico.call")
        looks = samples(reader, "portico.cache_looks")

    shown = {(n, tuple(sorted(labels))): v for (n, labels), v in page.items() if n == "portico_calls_total" and v}
    assert {("portico_calls_total", tuple(sorted(labels.items()))): point.value for labels, point in calls} == shown
    assert {tuple(point.explicit_bounds) for _, point in times} == {BOUNDS}
    assert {labels["outcome"]: point.value for labels, point in looks} == {"miss": 1, "hit": 1}
    assert value(page, "portico_cache_looks_total", outcome="hit") == 1


async def test_what_is_so_at_the_moment_is_told(
    urls: Urls, reader: InMemoryMetricReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Connections, jobs that wait, the release: looked at as often as it is sent."""
    async with opened(urls):
        pass  # nothing waits from before; to empty it while somebody looks on could deadlock
    monkeypatch.setenv("OTEL_METRIC_EXPORT_INTERVAL", "50")
    async with open_harness(app, urls, portico_release="7.1") as portico, asyncio.timeout(10):
        await portico.client().post("/api/v1/lights")
        while waiting(reader) != 1:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.01)
        connections, release = samples(reader, "portico.pool_connections"), samples(reader, "portico.release")
        late = samples(reader, "portico.jobs_overdue")

    assert [point.value for _, point in connections] == [20]
    assert {"release": "7.1"} in [labels for labels, _ in release]
    assert late[0][1].value >= 0


def waiting(reader: InMemoryMetricReader) -> float:
    """Jobs that wait, as it was noted last."""
    found = [point.value for labels, point in samples(reader, "portico.jobs") if labels == {"state": "waiting"}]
    return found[0] if found else 0


async def test_an_application_sends_its_own_metrics(urls: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
    """By OTLP, to where the variables of OpenTelemetry say, under its name, release and an id; all when it closes."""
    own_meter_provider.cache_clear()
    resource_of.cache_clear()
    with Collector().listening() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://{collector.place}")
        async with open_harness(app, urls, otel_metrics_exporter="otlp", portico_release="7.1") as portico:
            await use(portico)
        path, body = collector.posted.get(timeout=10)
        own_meter_provider("harbor", "7.1").shutdown()

    told = ExportMetricsServiceRequest.FromString(body).resource_metrics[0]
    resource = {a.key: a.value.string_value for a in told.resource.attributes}
    units = {m.name: m.unit for scope in told.scope_metrics for m in scope.metrics}
    assert path == "/v1/metrics"
    assert (resource["service.name"], resource["service.version"]) == ("harbor", "7.1")
    assert len(resource["service.instance.id"]) == 36
    assert {"http.server.request.duration": "s", "portico.call": "s", "portico.calls": ""}.items() <= units.items()


def test_other_exporters_are_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list may name several; `none`, and who says nothing, sends nothing."""
    for said, wanted in (("none", False), ("prometheus", False), ("console,OTLP", True)):
        monkeypatch.setenv("OTEL_METRICS_EXPORTER", said)

        assert read_settings().sends_metrics is wanted


def test_without_the_extra_the_start_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """And how to do without."""
    monkeypatch.setenv("OTEL_METRICS_EXPORTER", "otlp")
    monkeypatch.setitem(sys.modules, "portico.adapters.opentelemetry", None)

    with pytest.raises(Misconfigured, match=r"install portico\[otel\], or set it to none"):
        sending("harbor", read_settings()).__enter__()


def test_who_sends_nothing_loads_nothing() -> None:
    """Neither SDK nor API, and answers are measured by nobody."""
    program = """
        import asyncio, sys
        from portico.app.observing import open_lookout
        from portico.app.settings import read_settings
        from tests.integration.observe.harbor import app
        async def look():
            async with open_lookout(app, read_settings()) as looking:
                return bool(looking.eyes), looking.measure
        print(asyncio.run(look()))
        print([name for name in sys.modules if name.startswith("opentelemetry")])
    """
    done = subprocess.run([sys.executable, "-c", dedent(program)], capture_output=True, text=True, check=True)

    assert done.stdout.split("\n")[:2] == ["(False, None)", "[]"]
