"""RateLimit over Valkey: one count for all processes, and what holds where Valkey is gone."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from portico import App, Module, Public, PublicContext, RateLimit, UserContext
from portico.adapters.valkey.embedded import EmbeddedValkey
from portico.testing import Harness, open_harness
from tests.integration.office.people import code
from tests.integration.valkey.waiting import eventually
from tests.promises.registry import key_of

pytestmark = pytest.mark.anyio
WHY = Public("a test")
module = Module("doors")


@module.mutation("POST /usual", WHY, RateLimit("3/m", by="ip", scope="usual"))
async def usual(ctx: PublicContext) -> str:
    """Say nothing of outages."""
    return str(ctx.principal.kind)


@module.mutation("POST /open", WHY, RateLimit("3/2s", by="ip", scope="open", fail="open"))
async def open_door(ctx: PublicContext) -> str:
    """Let all pass."""
    return str(ctx.principal.kind)


@module.mutation("POST /closed", WHY, RateLimit("3/2s", by="ip", scope="closed", fail="closed"))
async def closed_door(ctx: PublicContext) -> str:
    """Let nobody pass."""
    return str(ctx.principal.kind)


@module.mutation("POST /later", WHY, RateLimit("3/m", by="ip", scope="later", fail="closed"))
async def later(ctx: PublicContext) -> str:
    """Be tried when all is well again."""
    return str(ctx.principal.kind)


@module.mutation("POST /batch", WHY, RateLimit("10/m", by="ip", scope="batch", cost="{items}"))
async def batch(ctx: PublicContext, items: list[int]) -> int:
    """Cost as much as there are items."""
    return len([(ctx.now, item) for item in items])


@module.query("GET /mine")
async def mine(ctx: UserContext) -> str:
    """Count under the application's default, and an API key's own limit."""
    return ctx.user.name


app = App("doors", modules=[module])


@pytest.fixture
async def server() -> AsyncIterator[EmbeddedValkey]:
    """A server that a test may kill."""
    async with await EmbeddedValkey.start() as running:
        yield running


@asynccontextmanager
async def opened(portico: Harness, server: EmbeddedValkey) -> AsyncIterator[Harness]:
    """A process of the application."""
    async with open_harness(app, portico.urls, valkey_url=server.url, valkey_timeout=10) as harness:
        yield harness


async def knock(harness: Harness, door: str, times: int = 1) -> list[int]:
    """What the same request is answered, one after another."""
    return [(await harness.client().post(f"/api/v1/{door}")).status for _ in range(times)]


async def test_what_one_process_has_counted_another_knows(portico: Harness, server: EmbeddedValkey) -> None:
    """Also after a restart: the count is nobody's own."""
    async with opened(portico, server) as first:
        before = await knock(first, "usual", 2)
    async with opened(portico, server) as second:
        after = await knock(second, "usual", 2)
        reply = await second.client().post("/api/v1/usual")

    assert (before, after) == ([200, 200], [200, 429])
    assert code(reply) == (429, "RATE_LIMIT_EXCEEDED")
    assert reply.json["violated-policies"] == ["usual"]
    assert reply.headers["ratelimit-policy"].startswith('"usual";q=3;w=60')
    assert reply.headers["x-ratelimit-remaining"] == "0"
    assert 50 <= int(reply.headers["retry-after"]) <= 61


async def test_a_batch_costs_what_is_in_it(portico: Harness, server: EmbeddedValkey) -> None:
    """Refused as a whole; a smaller one may pass, and an invalid one is one attempt."""
    async with opened(portico, server) as harness:
        client = harness.client()
        replies = [await client.post("/api/v1/batch", {"items": [0] * size}) for size in (6, 5, 3)]
        replies += [await client.post("/api/v1/batch", {"items": "none"}) for _ in range(2)]

    assert [reply.status for reply in replies] == [200, 429, 200, 422, 429]
    assert [reply.headers["x-ratelimit-remaining"] for reply in replies] == ["4", "4", "1", "0", "0"]


async def test_an_api_key_s_own_limit_is_shared_too(portico: Harness, server: EmbeddedValkey) -> None:
    """And a refused key is refused again from memory."""
    async with opened(portico, server) as harness:
        await harness.empty()
        ada = await harness.member("ada@example.com")
        client = await key_of(harness, ada, "*")
        await harness.rows("update portico.api_keys set rate = '2/m'")
        replies = [await client.get("/api/v1/mine") for _ in range(4)]

    assert [reply.status for reply in replies] == [200, 200, 429, 429]
    assert '"key";q=2;w=60' in replies[0].headers["ratelimit-policy"]
    assert replies[3].json["violated-policies"] == ["key"]


async def test_each_limit_says_what_holds_while_valkey_is_gone(portico: Harness, server: EmbeddedValkey) -> None:
    """The usual one counts in the process, an open one lets all pass, a closed one is 503 with a time: never 429."""
    async with opened(portico, server) as harness:
        assert await knock(harness, "usual") == await knock(harness, "closed") == [200]
        await server.stop()

        found = {door: await knock(harness, door, 5) for door in ("usual", "open", "closed")}
        refused = await harness.client().post("/api/v1/closed")

    assert found == {"usual": [200, 200, 200, 429, 429], "open": [200] * 5, "closed": [503] * 5}
    assert code(refused) == (503, "EXTERNAL_SERVICE_ERROR")
    assert int(refused.headers["retry-after"]) >= 1


async def test_under_load_valkey_may_die_and_come_back(portico: Harness, server: EmbeddedValkey) -> None:
    """No answer but those that each limit promises; and when it is back, limits are exact again."""
    promised = {"usual": {200, 429}, "open": {200, 429}, "closed": {200, 429, 503}}
    seen: dict[str, Counter[int]] = {door: Counter() for door in promised}
    async with opened(portico, server) as harness:
        ended = asyncio.Event()

        async def load(door: str, number: int) -> None:
            client = harness.client(ip=f"198.51.100.{number}")
            while not ended.is_set():
                seen[door][(await client.post(f"/api/v1/{door}")).status] += 1
                await asyncio.sleep(0.005)

        async with asyncio.timeout(60), asyncio.TaskGroup() as crowd:
            for door in promised:
                for number in range(8):
                    crowd.create_task(load(door, number))
            await eventually(lambda: all(seen[door][429] for door in promised))
            await server.stop()
            await eventually(lambda: seen["closed"][503] and seen["open"][200] > 8 * 3)
            async with await EmbeddedValkey.start(port=server.port, password=server.password):
                seen["closed"].clear()
                await eventually(lambda: seen["closed"][200])
                ended.set()
                again = await knock(harness, "later", 4)

    assert {door: set(found) - promised[door] for door, found in seen.items()} == {door: set() for door in promised}
    assert again == [200, 200, 200, 429]


@pytest.mark.parametrize(
    "spoofed",
    [
        {"x-forwarded-for": "192.0.2.{n}"},
        {"forwarded": "for=192.0.2.{n}"},
        {"x-real-ip": "192.0.2.{n}"},
        {"x-forwarded-for": "192.0.2.{n}, 198.51.100.7"},
        {"x-forwarded-for": "192.0.2.{n}, 198.51.100.7", "forwarded": 'for="[2001:db8::{n}]"'},
    ],
)
async def test_nobody_is_somebody_else_by_a_header(portico: Harness, spoofed: dict[str, str]) -> None:
    """Behind a trusted proxy the address is the one that the proxy has added, last; what comes before is hearsay."""
    async with open_harness(app, portico.urls, portico_trusted_proxies="10.0.0.0/8") as harness:
        client = harness.client(ip="10.1.2.3" if "198" in str(spoofed) else "203.0.113.9")
        statuses = []
        for n in range(4):
            headers = {name: value.replace("{n}", str(n)) for name, value in spoofed.items()}
            statuses.append((await client.post("/api/v1/usual", headers=headers)).status)

    assert statuses == [200, 200, 200, 429]
