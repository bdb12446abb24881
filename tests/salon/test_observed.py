"""A business day of the Salon as those see it who run it: its log, its metrics, its traces."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from httpx2 import AsyncClient
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic_core import from_json

from portico.cli.addresses import free_address
from portico.testing import open_harness
from portico.testing.databases import Databases
from salon.app import app
from tests.salon.desk import Desk, open_desk

pytestmark = pytest.mark.anyio
TEN = "2030-05-17T10:00:00+02:00"
PORT = free_address("127.0.0.1", 0).port


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """What the host's SDK exports."""
    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    return exporter


@pytest.fixture
async def watched(
    spans: InMemorySpanExporter, portico_databases: Databases, tmp_path: Path
) -> AsyncIterator[tuple[Desk, InMemorySpanExporter]]:
    """A business whose Salon is looked at in every way."""
    looked = {"portico_admin_port": PORT, "portico_folder": tmp_path, "portico_repeated_statements": 10}
    async with open_harness(app, await portico_databases.of(app), portico_access_log=True, **looked) as portico:
        await portico.empty()
        yield await open_desk(portico, "Salon Kastanie", timezone="Europe/Vienna"), spans


async def test_a_booking_is_seen_in_every_way(
    watched: tuple[Desk, InMemorySpanExporter], capsys: pytest.CaptureFixture[str]
) -> None:
    """One made, one refused: in the log with who it was, on the page by outcome, in a trace with its parts."""
    desk, spans = watched
    made, taken = await desk.book(TEN), await desk.book(TEN)
    desk.portico.app.running.access.flush()

    lines = [from_json(line) for line in capsys.readouterr().err.splitlines() if "/api/v1/appointments" in line]
    async with AsyncClient(trust_env=False) as client:
        page = (await client.get(f"http://127.0.0.1:{PORT}/metrics")).text
    roots = [span for span in spans.get_finished_spans() if span.name == "appointments.create"]
    parts = {
        span.name
        for span in spans.get_finished_spans()
        if span.parent and span.parent.span_id == roots[0].context.span_id
    }

    assert (made.status, taken.status) == (201, 409)
    assert [(line["status"], line["action"], line["org"]) for line in lines] == [
        (201, "appointments.create", str(desk.org.id)),
        (409, "appointments.create", str(desk.org.id)),
    ]
    assert 'portico_calls_total{action="appointments.create",code="",kind="mutation",outcome="ok"} 1.0' in page
    assert f'code="{taken.json["code"]}",kind="mutation",outcome="refused"}} 1.0' in page
    assert len(roots) == 2
    assert {"gate", "handle", "close"} <= parts


async def test_no_list_of_the_salon_asks_in_a_loop(
    watched: tuple[Desk, InMemorySpanExporter], caplog: pytest.LogCaptureFixture
) -> None:
    """With more rows than a call may send statements: the calendar, the lists, the office's pages."""
    desk, _ = watched
    for number in range(12):
        assert (await desk.book(f"2030-05-{number + 1:02d}T10:00:00+02:00")).status == 201

    statuses = {
        path: (await desk.client.get(path)).status
        for path in ("/api/v1/appointments", "/api/v1/staff", "/api/v1/customers", "/api/v1/services", "/", "/team")
    }

    assert [path for path, status in statuses.items() if status >= 500] == []
    assert "same statement" not in caplog.text
