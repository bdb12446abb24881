"""Errors are reported to Sentry with their kind and context, and without a secret."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
from pydantic import SecretStr

from portico import Misconfigured
from portico.adapters.postgres.servers import Urls
from tests.integration.observe.collector import Collector
from tests.integration.observe.conftest import opened
from tests.integration.observe.test_logs import HEADERS, SECRETS, SHIP

pytestmark = pytest.mark.anyio


class StandIn:
    """Takes envelopes, as Sentry does."""

    def __init__(self, collector: Collector) -> None:
        """By that collector."""
        self._collector = collector
        self.dsn = SecretStr(f"http://public@{collector.place}/1")

    def event(self) -> dict[str, Any]:
        """The next one that has come, and all of its envelope as text."""
        body = self._collector.posted.get(timeout=10).body
        _, head, item = body.splitlines()[:3]
        assert json.loads(head)["type"] == "event"
        return {**json.loads(item), "raw": body.decode()}

    def is_empty(self) -> bool:
        """Whether nothing more has come."""
        return self._collector.posted.empty()


@pytest.fixture
def sentry() -> Iterator[StandIn]:
    """A stand-in for Sentry."""
    with Collector().listening() as collector:
        yield StandIn(collector)


async def test_a_failure_is_reported_without_its_secrets(urls: Urls, sentry: StandIn) -> None:
    """Category, severity, action, request id as tags; the exception, the release; nothing that its caller hides."""
    more = {"sentry_dsn": sentry.dsn, "sentry_environment": "staging", "portico_release": "7.1"}
    async with opened(urls, **more) as portico:
        reply = await portico.client().post("/api/v1/ships", SHIP, headers=HEADERS)

    event = sentry.event()
    tags = {"category": "internal", "severity": "error", "action": "harbor.register"}
    assert tags.items() <= event["tags"].items()
    assert (event["tags"]["request_id"], event["release"], event["environment"]) == (
        *(reply.json["request_id"], "7.1", "staging"),
    )
    assert event["exception"]["values"][-1]["type"] == "RuntimeError"
    assert "vars" not in event["exception"]["values"][-1]["stacktrace"]["frames"][-1]
    assert [secret for secret in SECRETS if secret in event["raw"]] == []
    assert sentry.is_empty()


async def test_refusals_and_warnings_are_not_reported(urls: Urls, sentry: StandIn) -> None:
    """What callers do wrong wakes nobody; who called is told of what does."""
    async with opened(urls, sentry_dsn=sentry.dsn, portico_slow_action=0.01) as portico:
        await portico.client().get("/api/v1/crew")
        await portico.client().get("/api/v1/soundings?seconds=0.02")

    assert sentry.is_empty()


async def test_what_a_handler_reports_is_scrubbed_too(urls: Urls, sentry: StandIn) -> None:
    """By name and by look, however deep."""
    async with opened(urls, sentry_dsn=sentry.dsn):
        sentry_sdk.capture_event({"message": "postgres://a:hunter2@db", "extra": {"in": [{"api_key": "k-1"}], "n": 1}})

    event = sentry.event()
    assert event["message"] == "postgres://a:[secret]@db"
    assert event["extra"]["in"] == [{"api_key": "[secret]"}]


async def test_it_ends_with_the_application(urls: Urls, sentry: StandIn) -> None:
    """Nothing of it is left in the process."""
    async with opened(urls, sentry_dsn=sentry.dsn):
        during = sentry_sdk.get_client().is_active()

    assert (during, sentry_sdk.get_client().is_active()) == (True, False)


async def test_a_wrong_address_refuses_the_start(urls: Urls) -> None:
    """With the setting to be mended, and without its value."""
    with pytest.raises(Misconfigured, match="SENTRY_DSN") as refused:
        async with opened(urls, sentry_dsn=SecretStr("https://no-key.example")):
            pass

    assert "no-key" not in str(refused.value)


async def test_a_host_keeps_its_own(urls: Urls, sentry: StandIn) -> None:
    """Who has started Sentry before gets the reports there, and still has it afterwards."""
    with Collector().listening() as elsewhere:
        sentry_sdk.init(f"http://public@{elsewhere.place}/2", default_integrations=False)
        async with opened(urls, sentry_dsn=sentry.dsn) as portico:
            await portico.client().post("/api/v1/ships", SHIP)
        client = sentry_sdk.get_client()
        client.close(timeout=10)
        sentry_sdk.get_global_scope().set_client(None)
        posted = elsewhere.posted.get(timeout=10)

    assert client.options["dsn"].endswith("/2")
    assert posted.path == "/api/2/envelope/"
    assert sentry.is_empty()


@pytest.mark.parametrize(
    ("module", "settings", "said"),
    [
        ("sentry_sdk", {"sentry_dsn": SecretStr("https://k@s.test/1")}, r"install portico\[sentry\]"),
        ("opentelemetry", {"portico_traces": True}, r"install portico\[otel\]"),
    ],
)
async def test_what_is_not_installed_is_named(
    module: str, settings: dict[str, object], *, said: str, urls: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the extra that brings it."""
    for name in [
        name
        for name in sys.modules
        if name.startswith((module, "portico.adapters.sentry", "portico.adapters.opentelemetry"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(Misconfigured, match=said):
        async with opened(urls, **settings):
            pass
