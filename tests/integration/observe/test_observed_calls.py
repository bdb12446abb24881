"""Whatever way a call comes and ends, it is counted and timed once, and told with the kind of its trouble."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from portico.adapters.postgres.servers import Urls
from portico.app.attempting import Attempts
from portico.core.observing import Observed, Observer, Sight
from portico.core.pipeline import Pipeline
from portico.testing import Harness
from tests.integration.observe import harbor
from tests.integration.observe.conftest import Logged, opened

pytestmark = pytest.mark.anyio


class Witness(Observer):
    """Remembers calls that have ended."""

    def __init__(self) -> None:
        """None yet."""
        self.ended: list[Sight] = []

    def end(self, sight: Sight) -> None:
        """Remember one."""
        self.ended.append(sight)

    def told(self) -> list[tuple[str, str]]:
        """Which actions, and what came of them."""
        return [(s.plan.action.name, s.error.code if s.error else "left" if s.left else "ok") for s in self.ended]


@pytest.fixture
async def witnessed(urls: Urls) -> AsyncIterator[tuple[Harness, Witness]]:
    """The harbor, and who looks at it."""
    witness = Witness()
    async with opened(urls, portico_slow_action=60) as portico:
        pipeline = portico.app.running.pipeline
        assert isinstance(pipeline, Observed)
        pipeline._eyes.end.append(witness.end)
        yield portico, witness


async def test_calls_are_seen_by_every_way(witnessed: tuple[Harness, Witness]) -> None:
    """REST, GraphQL, in-process, a job; refused and failed ones too."""
    portico, witness = witnessed
    client = portico.client()
    await client.get("/api/v1/soundings")
    await client.post("/api/graphql", {"query": "{ a: harborSound b: harborSound }"})
    (await portico.app.as_(None).call(harbor.sound)).unwrap()
    await client.get("/api/v1/crew")
    await client.post("/api/v1/lights")
    await portico.run_jobs()

    assert witness.told() == [
        *[("harbor.sound", "ok")] * 4,
        ("harbor.crew", "UNAUTHORIZED"),
        ("harbor.order_light", "ok"),
        ("harbor.light", "INTERNAL_ERROR"),
    ]


async def test_a_call_within_a_call_is_part_of_it(witnessed: tuple[Harness, Witness]) -> None:
    """Seen once, its time the outer one's, its statements too."""
    portico, witness = witnessed
    await portico.client().post("/api/v1/voyages")

    (seen,) = witness.ended
    assert (seen.plan.action.name, seen.statements) == ("harbor.sail", 2)
    assert 0 < seen.handled <= seen.seconds


async def test_calls_at_the_same_time_are_told_apart(witnessed: tuple[Harness, Witness]) -> None:
    """Each has its own statements, however they take turns."""
    portico, witness = witnessed
    client = portico.client()
    await asyncio.gather(*(client.get(f"/api/v1/soundings?times={n}") for n in range(1, 9)))

    assert sorted(seen.statements for seen in witness.ended) == list(range(1, 9))


async def test_a_call_that_is_cut_off_has_left(witnessed: tuple[Harness, Witness]) -> None:
    """By whoever runs it in a task of his own."""
    portico, witness = witnessed
    task = asyncio.create_task(portico.app.as_(None).call(harbor.drift))
    async with asyncio.timeout(20):
        await harbor.ADRIFT.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert witness.told() == [("harbor.drift", "left")]


async def test_a_worker_runs_jobs_on_the_same_pipeline(witnessed: tuple[Harness, Witness]) -> None:
    """With other services, and the same eyes."""
    portico, _ = witnessed
    async with portico.app.running.workshop() as workshop:
        attempts: Attempts = workshop.attempts
        pipeline: Pipeline = attempts._pipeline

    assert isinstance(pipeline, Observed)
    assert pipeline.services.upkeep is not None
    assert portico.app.running.pipeline.services.upkeep is None


@pytest.mark.parametrize(
    ("path", "trouble", "category"),
    [
        ("troubles", "database", "database"),
        ("troubles", "mistake", "internal"),
        ("troubles", "undeclared", "internal"),
        ("radio", "", "external"),
    ],
)
async def test_a_failure_says_of_which_kind_it_is(
    path: str, trouble: str, *, category: str, urls: Urls, logged: Logged
) -> None:
    """The database's, another service's, the program's."""
    async with opened(urls) as portico:
        reply = await portico.client().post(f"/api/v1/{path}", {"trouble": trouble} if trouble else None)

    (line,) = logged()
    action = "harbor.meet" if trouble else "harbor.call_radio"
    assert reply.status >= 400
    assert (line["category"], line["severity"], line["action"]) == (category, "error", action)
    assert line["request_id"] == reply.headers["x-request-id"]


async def test_a_job_that_fails_tells_no_secret_of_its_input(urls: Urls, logged: Logged) -> None:
    """Neither in the log nor where operators look at jobs."""
    async with opened(urls) as portico:
        await portico.client().post("/api/v1/seals", {"seal": "wax-and-ribbon-9"})
        await portico.run_jobs()
        kept = await portico.rows("select problem::text from portico.jobs where name = 'harbor.break_seal'")

    lines = [line for line in logged() if line.get("action") == "harbor.break_seal"]
    assert [line["severity"] for line in lines] == ["error", "warning"]
    told = str(lines) + str(kept)
    assert "RuntimeError: it says [secret]" in told
    assert "wax-and-ribbon" not in told


async def test_a_part_that_fails_is_told_of_its_call(urls: Urls, logged: Logged) -> None:
    """The answer is whole, and the log knows what it lacks."""
    async with opened(urls) as portico:
        org = await portico.organization("Alpha")
        sailor = await portico.member("sailor@alpha.test", org=org.id)
        reply = await portico.client(sailor, org=org.id).get("/api/v1/bearings")

    (line,) = logged()
    assert (reply.status, reply.json["data"]) == (200, -1)
    assert (line["action"], line["user"], line["category"]) == ("harbor.bearings", str(sailor.id), "database")
