"""What is slow, or sent again and again, is told in the log; nobody pays where nobody asked."""

import importlib
from pathlib import Path

import pytest
from pydantic_core import from_json

from portico.adapters.postgres.connections import Frugal
from portico.adapters.postgres.servers import Urls
from portico.app.settings import read_settings
from portico.cli.addresses import free_address
from portico.cli.slow import TOLD
from portico.core.pipeline import Pipeline
from portico.testing import Harness
from tests.integration.observe.conftest import Logged, opened
from tests.integration.observe.harbor import app

pytestmark = pytest.mark.anyio
SLOW = "/api/v1/soundings?times=2&seconds=0.6"


async def test_a_slow_statement_is_told_without_its_values(urls: Urls, logged: Logged) -> None:
    """Its words, its time, the action that has sent it; quick ones are not told, nor is any value."""
    async with opened(urls, portico_slow_statement=0.5) as portico:
        await portico.client().get(SLOW)

    (line,) = logged()
    assert (line["severity"], line["category"], line["action"]) == ("warning", "slow", "harbor.sound")
    assert line["sql"] == "select ? from pg_sleep($1)"
    assert line["ms"] >= 500
    assert "Mallory" not in str(line)


async def test_a_slow_action_is_told_with_where_its_time_went(urls: Urls, logged: Logged) -> None:
    """The gate, the handler, its statements, the close."""
    async with opened(urls, portico_slow_action=0.5) as portico:
        org = await portico.organization("Alpha")
        sailor = await portico.member("sailor@alpha.test", org=org.id)
        client = portico.client(sailor, org=org.id)
        await client.get("/api/v1/crew")
        await client.get(SLOW)

    (line,) = [line for line in logged() if line["action"] == "harbor.sound"]
    assert line["message"].startswith("harbor.sound took ")
    assert line["ms"] >= line["handler_ms"] >= line["sql_ms"] >= 500
    assert line["gate_ms"] > 0
    assert (line["statements"], line["user"]) == (3, str(sailor.id))


async def test_a_job_takes_the_time_that_it_needs(urls: Urls, logged: Logged) -> None:
    """However little an action may take: nobody waits for a job."""
    async with opened(urls, portico_slow_action=0.000001) as portico:
        await portico.client().post("/api/v1/lights")
        assert await portico.run_jobs() == 1

    assert [line["action"] for line in logged() if line["category"] == "slow"] == ["harbor.order_light"]


@pytest.mark.parametrize("path", ["soundings", "charts"])
async def test_a_statement_in_a_loop_is_told_with_its_line(path: str, *, urls: Urls, logged: Logged) -> None:
    """Once for a call, at the first one too many, by ctx.db and by ctx.orm; as many as may be are not told."""
    async with opened(urls, portico_repeated_statements=10) as portico:
        for times in (10, 14):
            assert (await portico.client().get(f"/api/v1/{path}?times={times}")).status == 200

    (line,) = logged()
    file, _, number = line["line"].rpartition(":")
    assert file == "tests/integration/observe/harbor.py"
    assert path in Path(file).read_text(encoding="utf-8").splitlines()[int(number) - 1]
    assert f"{line['action']} sends the same statement more than 10 times in one call" in line["message"]


async def test_steps_of_a_cursor_are_no_loop(urls: Urls, logged: Logged) -> None:
    """Nor are savepoints: they are sent again and again, and rightly."""
    async with opened(urls, portico_repeated_statements=10) as portico:
        reply = await portico.client().get("/api/v1/waves")

    assert (reply.json["data"], logged()) == (7012, [])


async def test_the_line_of_a_request_tells_its_parts(urls: Urls, capsys: pytest.CaptureFixture[str]) -> None:
    """Where somebody looks, each request's line says how long its parts took."""
    async with opened(urls, portico_slow_action=60, portico_access_log=True) as portico:
        await portico.client().get("/api/v1/soundings")

    line = from_json(capsys.readouterr().err)
    assert {"handler_ms", "sql_ms", "close_ms", "statements"} <= line.keys()


async def test_who_asked_for_nothing_has_plain_connections_and_a_plain_pipeline(portico: Harness) -> None:
    """Looking costs those alone who look."""
    running = portico.app.running

    transaction = await running.database.begin(read_only=True)
    connection = await transaction.open()
    await transaction.rollback()

    assert type(running.pipeline) is Pipeline
    assert type(connection) is Frugal


async def test_policies_that_wait_are_timed_by_name(urls: Urls, capsys: pytest.CaptureFixture[str]) -> None:
    """Where a call's time went before its handler."""
    async with opened(urls, portico_slow_action=60, portico_access_log=True) as portico:
        await portico.client().post("/api/v1/customs", {"goods": "tea"})

    line = from_json(capsys.readouterr().err)
    assert line["policies_ms"].keys() == {"Customs"}
    assert line["policies_ms"]["Customs"] >= 0


async def test_metrics_alone_leave_plans_and_connections_as_they_are(urls: Urls, tmp_path: Path) -> None:
    """Calls are counted around the pipeline, and nothing is done inside of it."""
    port = free_address("127.0.0.1", 0).port
    async with opened(urls, portico_admin_port=port, portico_folder=tmp_path) as portico:
        running = portico.app.running
        transaction = await running.database.begin(read_only=True)
        connection = await transaction.open()
        await transaction.rollback()

    assert running.pipeline.plans is app.all_plans
    assert type(connection) is Frugal


@pytest.mark.parametrize("command", ["dev", "demo"])
def test_who_writes_an_application_is_told_what_is_slow(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a setting; what the environment says holds."""
    for name in TOLD:
        monkeypatch.setenv(name, "set, so that it is unset again afterwards")
        monkeypatch.delenv(name)
    monkeypatch.setenv("PORTICO_SLOW_ACTION", "7")
    called = importlib.import_module(f"portico.cli.{command}")

    called.tell_what_is_slow()

    settings = read_settings()
    assert (settings.portico_slow_statement, settings.portico_slow_action) == (0.2, 7)
    assert settings.portico_repeated_statements == 10
