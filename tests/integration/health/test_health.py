"""Health over HTTP: what is well, what is not, what anybody may know of it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from asyncpg import InsufficientPrivilegeError
from pydantic import SecretStr

from portico import App, Finding, HealthCheck, Misconfigured
from portico.adapters.postgres.servers import Urls
from portico.testing import Client, Harness, open_harness
from tests.integration.health.clinic import Archive, app
from tests.promises.proxy import Proxy

pytestmark = pytest.mark.anyio
PATH = "/api/health"
PARTS = {"database", "valkey", "workers", "external_services", "actions", "archive"}


@pytest.fixture
async def cut_off(urls: Urls) -> AsyncIterator[tuple[Client, Proxy]]:
    """The clinic whose database can be taken away."""
    proxy = Proxy(urls.app)
    await proxy.up()
    async with open_harness(app, urls, database_url=SecretStr(proxy.url), database_connections=2) as portico:
        yield portico.client(), proxy
    await proxy.down()


def moment(portico: Harness) -> None:
    """Let an outcome grow old."""
    portico.clock.advance(timedelta(seconds=2))


async def test_a_well_application_is_healthy(portico: Harness) -> None:
    """200, the version, and each part with how long it took; what is not used says so."""
    reply = await portico.client().get(PATH)

    assert (reply.status, reply.json["status"], reply.json["version"]) == (200, "healthy", "dev")
    checks = reply.json["checks"]
    assert set(checks) == PARTS
    assert {name: check["status"] for name, check in checks.items()} == {
        **dict.fromkeys(PARTS, "healthy"),
        "valkey": "unused",
        "external_services": "unused",
    }
    assert all(0 <= check["latency_ms"] < 5000 for check in checks.values())
    assert reply.headers["cache-control"] == "no-store"


async def test_operators_tools_are_answered_in_their_words(portico: Harness) -> None:
    """`application/health+json` is answered as the draft has it."""
    reply = await portico.client().get(PATH, {"accept": "application/health+json, */*"})

    assert reply.headers["content-type"] == "application/health+json"
    assert reply.json["status"] == "pass"
    (database,) = reply.json["checks"]["database:responseTime"]
    assert (database["componentType"], database["status"], database["observedUnit"]) == ("datastore", "pass", "ms")


async def test_being_alive_touches_nothing(cut_off: tuple[Client, Proxy]) -> None:
    """Without a database the process is alive, not ready, and unhealthy; with it again, all is well."""
    client, proxy = cut_off
    await proxy.down()

    live, ready, health = await asyncio.gather(*(client.get(f"{PATH}{part}") for part in ("/live", "/ready", "")))

    assert (live.status, live.json) == (200, {"status": "alive"})
    assert (ready.status, ready.json) == (503, {"status": "not ready"})
    assert (health.status, health.json["status"]) == (503, "unhealthy")
    assert health.json["checks"]["database"].keys() == {"status", "latency_ms"}


async def test_readiness_follows_the_database_and_the_end(portico: Harness) -> None:
    """Ready while it serves; no longer once it is told to stop, though it is alive."""
    client = portico.client()

    before = await client.get(f"{PATH}/ready")
    portico.app.running.health.stopping = True
    after = await client.get(f"{PATH}/ready")

    assert (before.status, before.json) == (200, {"status": "ready"})
    assert (after.status, after.json) == (503, {"status": "not ready"})
    assert (await client.get(f"{PATH}/live")).status == 200


async def test_an_unmigrated_application_is_not_ready(portico: Harness) -> None:
    """A revision that its code has and its database has not keeps requests away."""
    applied = await portico.rows("delete from public.portico_version returning version_num")
    try:
        unmigrated = await portico.client().get(f"{PATH}/ready")
    finally:
        await portico.rows("insert into public.portico_version values ($1)", applied[0][0])
    moment(portico)
    migrated = await portico.client().get(f"{PATH}/ready")

    assert (unmigrated.status, migrated.status) == (503, 200)


async def test_jobs_that_nobody_does_degrade_it(portico: Harness) -> None:
    """A job may wait for a worker a while; then health says that there is none."""
    await portico.client().post("/api/v1/letters")
    at_once = await portico.client().get(PATH)

    portico.clock.advance(timedelta(seconds=90))
    later = await portico.client().get(PATH)

    assert at_once.json["checks"]["workers"]["status"] == "healthy"
    assert (later.status, later.json["status"], later.json["checks"]["workers"]["status"]) == (
        200,
        "degraded",
        "degraded",
    )


async def test_other_services_degrade_it_and_leave_it_ready(portico: Harness) -> None:
    """An open breaker is told; it takes neither health nor readiness down."""
    for _ in range(5):
        await portico.client().post("/api/v1/laboratory")

    health, ready = await portico.client().get(PATH), await portico.client().get(f"{PATH}/ready")

    assert (health.status, health.json["checks"]["external_services"]["status"]) == (200, "degraded")
    assert ready.status == 200


async def test_failing_actions_degrade_it(portico: Harness) -> None:
    """When more than one answer of twenty is our own fault, health says so until five minutes have passed."""
    client = portico.client()
    for number in range(30):
        await client.post("/api/v1/treat", {"well": number % 10 != 0})
    failing = await client.get(PATH)

    portico.clock.advance(timedelta(minutes=6))
    over = await client.get(PATH)

    assert failing.json["checks"]["actions"]["status"] == "degraded"
    assert over.json["checks"]["actions"]["status"] == "healthy"


async def test_only_an_operator_is_told_what_was_found(portico: Harness) -> None:
    """Nobody else sees names of services, counts or texts of errors, however they sign in."""
    Archive.problem = "archive.internal has no disk left"
    user, operator = await portico.member("user@clinic.test"), await portico.member("operator@clinic.test")
    await portico.rows("update portico.users set operator = true where id = $1", operator.id)
    await portico.client().post("/api/v1/laboratory")

    seen = {who: await portico.client(who).get(PATH) for who in (None, user, operator)}

    assert seen[None].json["checks"]["archive"].keys() == {"status", "latency_ms"}
    assert all("internal" not in seen[who].text and "laboratory" not in seen[who].text for who in (None, user))
    told = seen[operator].json["checks"]
    assert told["archive"]["problem"] == "RuntimeError: archive.internal has no disk left"
    assert told["external_services"]["breakers"] == {"laboratory": "closed"}
    assert told["database"]["connections"] > 0


async def test_an_operator_s_key_is_no_operator(portico: Harness) -> None:
    """It is with a program, which may lose it; who runs the installation is a person."""
    clinic = await portico.organization("Clinic")
    operator = await portico.member("operator@clinic.test", org=clinic.id, role="owner")
    await portico.rows("update portico.users set operator = true where id = $1", operator.id)
    made = await portico.client(operator).post("/api/auth/keys", {"name": "Probe", "scopes": ["*"]})

    seen = await Client(portico.app, token=made.json["data"]["token"]).get(PATH)

    assert (made.status, seen.status) == (201, 200)
    assert seen.json["checks"]["database"].keys() == {"status", "latency_ms"}


async def test_asking_often_asks_the_database_once(urls: Urls) -> None:
    """A hundred at once, and more within a second, cost one look."""
    looked = list[int]()

    async def look() -> Finding:
        looked.append(1)
        return Finding()

    counted = App("clinic", modules=app.modules, checks=[HealthCheck("counted", look)])
    async with open_harness(counted, urls) as portico:
        replies = await asyncio.gather(*(portico.client().get(PATH) for _ in range(100)))
        moment(portico)
        await portico.client().get(PATH)

    assert {reply.status for reply in replies} == {200}
    assert len(looked) == 2


async def test_a_vital_check_takes_it_out_of_service(urls: Urls) -> None:
    """Unhealthy and not ready: 503 to both."""

    async def fail() -> None:
        raise OSError("no disk")

    ill = App("clinic", modules=app.modules, checks=[HealthCheck("disk", fail, vital=True)])
    async with open_harness(ill, urls) as portico:
        replies = [await portico.client().get(f"{PATH}{part}") for part in ("", "/ready", "/live")]

    assert [reply.status for reply in replies] == [503, 503, 200]


def test_checks_have_names_of_their_own() -> None:
    """Two of one name, or one of a built-in name, refuse the start."""
    with pytest.raises(Misconfigured, match="there is a check of that name already"):
        App("clinic", modules=app.modules, checks=[HealthCheck("valkey", look_away)])
    with pytest.raises(Misconfigured, match="write a lower-case word"):
        HealthCheck("My Disk", look_away)


async def look_away() -> None:
    """Find nothing."""


async def test_a_busy_pool_is_no_dead_database(cut_off: tuple[Client, Proxy]) -> None:
    """With every connection lent, another one asks: the application stays ready, and nobody waits for its turn."""
    client, _proxy = cut_off
    pool = app.running.database
    held = [await pool.begin(read_only=True) for _ in range(2)]
    try:
        health, ready = await client.get(PATH), await client.get(f"{PATH}/ready")
    finally:
        for transaction in held:
            await transaction.rollback()

    assert (ready.status, health.json["checks"]["database"]["status"]) == (200, "healthy")


async def test_health_answers_head_and_nothing_else(portico: Harness) -> None:
    """HEAD has no body; POST is told what there is."""
    head, post = await portico.client().send("HEAD", PATH), await portico.client().post(PATH, {})

    assert (head.status, head.content) == (200, b"")
    assert (post.status, post.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


async def test_a_junk_credential_is_anybodys(portico: Harness) -> None:
    """A token that nobody knows, and a key, change nothing."""
    for token in ("junk", "pk_junk", "a.b.c"):
        reply = await portico.client().get(PATH, {"authorization": f"Bearer {token}"})

        assert (reply.status, reply.json["checks"]["database"].keys()) == (200, {"status", "latency_ms"})


async def test_how_much_waits_is_told_to_the_application_alone(portico: Harness) -> None:
    """Counts and ages of all jobs and events; a statement that somebody slipped in is told nothing."""
    services, pulse = portico.app.running.pipeline.services, portico.app.running.database.pulse
    await portico.client().post("/api/v1/letters")
    portico.clock.advance(timedelta(seconds=10))

    found = await pulse.backlog(portico.clock.now(), services.prove(b"backlog"))

    assert (found.waiting, found.running, found.dead, round(found.overdue)) == (1, 0, 0, 10)
    with pytest.raises(InsufficientPrivilegeError, match="proof of the application"):
        await pulse.backlog(portico.clock.now(), b"guessed")
