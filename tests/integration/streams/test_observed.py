"""Streams beside all that looks at calls: how long somebody listens is no time that anything took."""

import json
import logging

import pytest

from portico import App
from portico.testing.databases import Databases
from tests.integration.streams.lines import stream
from tests.integration.streams.test_sse import LIVE, as_, on_air, until_none

pytestmark = pytest.mark.anyio


async def test_a_stream_is_no_slow_action(
    portico_app: App, portico_databases: Databases, caplog: pytest.LogCaptureFixture
) -> None:
    """Where slow actions are told of, and repeated statements: it is open, and that is all."""
    caplog.set_level(logging.INFO, "portico")
    settings = {"portico_slow_action": 0.001, "portico_repeated_statements": 2}
    async with on_air(portico_app, portico_databases, "asgi", **settings) as (station, port):
        async with stream(port, LIVE, *as_(station)) as line:
            await line.hear()
            await station.play("one", "two", "three")
            heard = [event.data["title"] for _ in range(3) if (event := await line.hear())]
        await until_none(station.portico)

    assert heard == ["one", "two", "three"]
    assert not [record for record in caplog.records if "radio.live" in record.getMessage()]


async def test_an_open_stream_has_its_line_in_the_log_when_it_ends(
    portico_app: App, portico_databases: Databases, capfd: pytest.CaptureFixture[str]
) -> None:
    """Of which action it was, whose, and how it ended: here, that its client has left."""
    async with on_air(portico_app, portico_databases, "asgi", portico_access_log=True) as (station, port):
        async with stream(port, LIVE, *as_(station)) as line:
            await line.hear()
        await until_none(station.portico)

    lines = [json.loads(said) for said in capfd.readouterr().err.splitlines() if said.startswith("{")]
    found = [line for line in lines if line.get("path") == LIVE]
    assert [(line["status"], line["action"]) for line in found] == [(499, "radio.live")]
