"""Jobs over HTTP, for operators: listed, shown, tried again, called off."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from portico import App, Org, User
from portico.app import working
from portico.testing import Client, Harness, Reply
from tests.integration.jobs.depot import Belt, app, send
from tests.integration.office.people import code

pytestmark = pytest.mark.anyio
JOBS = "/api/v1/jobs"
KEY = """
    insert into portico.api_keys (key_hash, hint, name, user_id, scopes, expires_at)
    values (sha256('pk_all'), 'pk_', 'k', $1, '{*}', now() + interval '1 day')
"""
AUDIT = (
    "select action, outcome, target, metadata ->> 'job' as job from portico.audit where action like 'job.%' order by id"
)
PATIENCE = 20.0


@dataclass
class Depot:
    """An organization that sends boxes, and who runs the installation."""

    portico: Harness
    org: Org
    ann: User
    operator: Client

    async def send(self, *boxes: int, **more: Any) -> None:
        """Have boxes packed."""
        caller = self.portico.app.as_(self.ann, org=self.org.id)
        for box in boxes:
            (await caller.call(send, box=box, **more)).unwrap()

    async def jam(self, *boxes: int, **more: Any) -> list[str]:
        """Boxes that were given up; the ids of their jobs, oldest first."""
        Belt.broken = True
        await self.send(*boxes, **more)
        await self.portico.run_jobs()
        Belt.broken = False
        return [str(row[0]) for row in await self.portico.rows("select id from portico.jobs order by seq")]

    async def find(self, **query: object) -> list[Any]:
        """What a search finds."""
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        reply = await self.operator.get(f"{JOBS}?{asked}")
        assert reply.status == 200, reply.text
        found: list[Any] = reply.json["data"]
        return found

    async def change(self, id: object, how: str) -> Reply:
        """Retry or cancel one."""
        return await self.operator.post(f"{JOBS}/{id}/{how}", {})


@pytest.fixture(scope="session")
def portico_app() -> App:
    """The depot."""
    return app


@pytest.fixture
async def depot(portico: Harness) -> Depot:
    """One that has packed nothing."""
    Belt.broken = False
    Belt.packed.clear()
    Belt.moved.clear()
    org = await portico.organization("Depot")
    ann = await portico.member("ann@x.test", org=org.id, role="owner")
    olga = await portico.member("olga@x.test")
    await portico.rows("update portico.users set operator = true where id = $1", olga.id)
    return Depot(portico, org, ann, portico.client(olga))


@pytest.mark.parametrize("who", ["nobody", "owner", "operator's key"])
async def test_jobs_are_for_operators(depot: Depot, who: str) -> None:
    """Not for owners of organizations, whose jobs they are, nor for a key; what they try is on record."""
    (id,) = await depot.jam(1)
    await depot.portico.rows(KEY.replace("$1", "(select id from portico.users where operator)"))
    client = {
        "nobody": depot.portico.client(),
        "owner": depot.portico.client(depot.ann, org=depot.org.id),
        "operator's key": Client(app, token="pk_all"),
    }[who]

    replies = [await client.get(JOBS), await client.get(f"{JOBS}/{id}")]
    replies += [await client.post(f"{JOBS}/{id}/{how}", {}) for how in ("retry", "cancel")]

    refusals = {"nobody": (401, "UNAUTHORIZED"), "operator's key": (403, "AUTH_KEY_REFUSED")}
    assert {code(reply) for reply in replies} == {refusals.get(who, (403, "FORBIDDEN"))}
    denied = [tuple(row)[:3] for row in await depot.portico.rows(AUDIT)]
    assert denied == ([] if who == "nobody" else [(f"job.{how}", "denied", id) for how in ("retried", "cancelled")])


async def test_jobs_are_found_by_what_they_are(depot: Depot) -> None:
    """By state, name, priority, key and organization; the newest first, page by page."""
    dead = await depot.jam(1, 2)
    await depot.send(3, key="three")
    await depot.send(4, pin="1234")
    other = uuid4()

    everything = await depot.find()
    assert [(job["name"], job["state"]) for job in everything] == [
        ("depot.lock", "waiting"),
        ("depot.pack", "waiting"),
        ("depot.pack", "dead"),
        ("depot.pack", "dead"),
    ]
    found = {
        "dead": await depot.find(state="dead"),
        "lock": await depot.find(name="depot.lock"),
        "low": await depot.find(priority="low"),
        "three": await depot.find(key="three"),
        "org": await depot.find(org_id=depot.org.id),
        "other": await depot.find(org_id=other),
    }
    assert {by: len(jobs) for by, jobs in found.items()} == {
        "dead": 2,
        "lock": 1,
        "low": 1,
        "three": 1,
        "org": 4,
        "other": 0,
    }
    assert [job["id"] for job in found["dead"]] == dead[::-1]
    assert found["dead"][0]["problem"]["code"] == "TEST_BELT_STUCK"

    first = await depot.operator.get(f"{JOBS}?limit=3")
    rest = await depot.operator.get(f"{JOBS}?limit=3&after={first.json['meta']['after']}")
    assert [*first.json["data"], *rest.json["data"]] == everything
    assert (await depot.operator.get(f"{JOBS}?state=lost")).status == 422


async def test_a_job_is_shown_whole(depot: Depot) -> None:
    """With its input, where it came from and why it failed; a sealed input stays sealed."""
    (id,) = await depot.jam(7)
    await depot.send(0, pin="1234")
    ((lock,),) = await depot.portico.rows("select id from portico.jobs where name = 'depot.lock'")

    shown = (await depot.operator.get(f"{JOBS}/{id}")).json["data"]
    sealed = await depot.operator.get(f"{JOBS}/{lock}")

    assert (shown["input"], shown["state"], shown["attempt"]) == ({"box": 7}, "dead", 1)
    assert (shown["org_id"], shown["user_id"]) == (str(depot.org.id), str(depot.ann.id))
    assert shown["problem"]["message"] == "The belt is stuck."
    assert shown["request_id"]
    assert shown["ended_at"]
    assert sealed.json["data"]["input"] is None
    assert "lease" not in shown
    assert "1234" not in sealed.text
    assert code(await depot.operator.get(f"{JOBS}/{uuid4()}")) == (404, "NOT_FOUND")


async def test_a_dead_job_is_tried_again(depot: Depot) -> None:
    """With all its attempts, as whom it was enqueued; who had it tried again is on record."""
    first, second = await depot.jam(1, 2)

    retried = await depot.change(first, "retry")
    await depot.portico.run_jobs()

    assert retried.status == 200, retried.text
    assert (retried.json["data"]["state"], retried.json["data"]["attempt"]) == ("waiting", 0)
    assert Belt.packed == [1]
    assert [job["id"] for job in await depot.find()] == [second]
    assert [tuple(row) for row in await depot.portico.rows(AUDIT)] == [("job.retried", "done", first, "depot.pack")]


async def test_a_job_that_is_tried_again_waits_for_no_look(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers are told of it at the commit."""
    monkeypatch.setattr(working, "LOOK", 3600.0)
    (id,) = await depot.jam(1)
    async with depot.portico.app.running.workshop() as shop, shop.at_work(PATIENCE):
        assert (await depot.change(id, "retry")).status == 200
        await asyncio.wait_for(Belt.moved.wait(), PATIENCE)

    assert Belt.packed == [1]


async def test_jobs_are_called_off(depot: Depot) -> None:
    """One that waits is not run, a dead one is put away; both may be tried again."""
    (dead,) = await depot.jam(1)
    await depot.send(2)
    waiting = (await depot.find(state="waiting"))[0]["id"]

    states = [(await depot.change(id, "cancel")).json["data"]["state"] for id in (dead, waiting)]
    ran = await depot.portico.run_jobs()
    again = await depot.change(waiting, "retry")
    await depot.portico.run_jobs()

    assert (states, ran, again.status, Belt.packed) == (["cancelled"] * 2, 0, 200, [2])


async def test_what_makes_no_sense_is_refused(depot: Depot) -> None:
    """A job that waits is not tried again, a cancelled one not called off, nor one whose key another one holds."""
    (dead,) = await depot.jam(1, key="one")
    await depot.send(2, key="one")
    waiting = (await depot.find(state="waiting"))[0]["id"]

    refusals = [await depot.change(id, "retry") for id in (waiting, dead, uuid4())]
    await depot.change(waiting, "cancel")
    refusals.append(await depot.change(waiting, "cancel"))

    assert [code(reply) for reply in refusals] == [
        (409, "BIZ_JOB_STATE"),
        (409, "BIZ_JOB_KEY_WAITS"),
        (404, "NOT_FOUND"),
        (409, "BIZ_JOB_STATE"),
    ]
    assert refusals[0].json["detail"] == "This job is waiting. Only one that is dead or cancelled can be tried again."
    assert {reply.json["retryable"] for reply in refusals} == {False}
